/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Linux's command line: our words, then the user's line, byte for byte.  In front,
 * nothing of the user's can change what our words mean: no quote is open, and no "--"
 * has come.  If a word is there twice, Linux takes the smaller value or the last one.
 */
#ifndef CMDLINE_H
#define CMDLINE_H

#include "payload/lib/types.h"

#define CMDLINE_MAX	2048	/* bytes; COMMAND_LINE_SIZE of x86 */
#define CMDLINE_OURS	160	/* of these bytes, for our words */

/* Copies the user's line, which must leave room for our words. */
void cmdline_set(const char *text);

/* Adds a word in front, or a word with a number. */
void cmdline_add(const char *word);
void cmdline_add_number(const char *word, u64 number);

/*
 * Makes Linux run that file first.  Linux takes the last rdinit=, and forgets the
 * arguments for init before it (init/main.c, rdinit_setup()).  So if the user has one,
 * ours takes its place, and the user's becomes bootexits.rdinit=.
 */
void cmdline_set_rdinit(const char *path);

/* Returns the whole line. */
const char *cmdline_text(void);

#endif
