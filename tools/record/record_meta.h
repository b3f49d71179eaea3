/* SPDX-License-Identifier: GPL-2.0-only */
/* What the first line of a trace is made of. */
#ifndef BOOTEXITS_RECORD_META_H
#define BOOTEXITS_RECORD_META_H

#include "record.h"

/**
 * meta_line() - the first line with @what in it that a command prints, or NULL
 * @seconds: that it has for it; 0: as many as it takes
 */
json_t *meta_line(const char *const command[], const char *what, unsigned int seconds);

/** record_masked() - a word of a command line with *** for what is secret in it; to be freed */
char *record_masked(const char *word);

/** meta_said() - a path as it is said in a trace: one in this directory is told from it */
const char *meta_said(const char *path);

/** meta_hash() - a file's SHA-256 in hexadecimal, or NULL */
json_t *meta_hash(const char *path);

/**
 * meta_add_file() - add a file by its size and its hash, once; nothing if it is no file
 * @most: bytes that are hashed at most: of a larger file the time when it was written is told
 */
void meta_add_file(json_t *files, const char *path, __u64 most);

/**
 * meta_add_lab() - add what a boot of the lab is made of, but for what its command names
 * @words: of the lab's command line
 *
 * By the rules of scripts/lab.sh: environment variables say which parts it takes.
 */
void meta_add_lab(json_t *meta, json_t *files, char *const *words);

#endif /* BOOTEXITS_RECORD_META_H */
