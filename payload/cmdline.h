/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Linux's command line: the user's, byte for byte, with words of ours in front of it.
 * There nothing of the user's can change what they mean: no quote is open, no "--" has
 * come, and of each that may be there twice, Linux takes the smaller or the last.
 */
#ifndef CMDLINE_H
#define CMDLINE_H

#include "types.h"

#define CMDLINE_MAX	2048	/* bytes; COMMAND_LINE_SIZE of x86 */
#define CMDLINE_OURS	160	/* of them for our words */

/* Copies the user's, which has to leave room for our words. */
void cmdline_set(const char *text);

/* Adds a word, and a number to it. */
void cmdline_add(const char *word);
void cmdline_add_number(const char *word, u64 number);

/*
 * Makes Linux run that file first.  It takes the last rdinit=, and forgets the
 * arguments for init that stand before it (init/main.c, rdinit_setup()).  So where the
 * user has one, ours takes its place, and the user's becomes bootexits.rdinit=.
 */
void cmdline_set_rdinit(const char *path);

/* The whole line. */
const char *cmdline_text(void);

#endif
