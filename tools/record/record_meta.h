/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of a trace's first line. */
#ifndef BOOTEXITS_RECORD_META_H
#define BOOTEXITS_RECORD_META_H

#include "tools/record/record.h"

/**
 * meta_line() - run a command, and return its first output line that has @what in it, or NULL
 * @seconds: limit of its time; 0: none
 */
json_t *meta_line(const char *const command[], const char *what, unsigned int seconds);

/** record_masked() - return a word with *** in place of its secrets; the caller frees it */
char *record_masked(const char *word);

/** meta_said() - return a path as a trace has it: relative if it is below this directory */
const char *meta_said(const char *path);

/** meta_hash() - return a file's SHA-256 in hexadecimal, or NULL */
json_t *meta_hash(const char *path);

/**
 * meta_add_file() - add the size and the hash of a file, once; do nothing if it isn't a file
 * @most: bytes; a larger file gets the time when it was written, in place of the hash
 */
void meta_add_file(json_t *files, const char *path, __u64 most);

/**
 * meta_add_lab() - add the parts of a boot of the lab, except those that its command names
 * @words: the lab's command line
 *
 * As in lab/lab.sh, environment variables say which parts these are.
 */
void meta_add_lab(json_t *meta, json_t *files, char *const *words);

#endif /* BOOTEXITS_RECORD_META_H */
