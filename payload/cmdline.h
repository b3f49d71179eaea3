/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Linux's command line: the user's, with words of ours at places where they mean
 * nothing else to what the user has written.
 */
#ifndef CMDLINE_H
#define CMDLINE_H

#include "types.h"

#define CMDLINE_MAX	2048	/* bytes; COMMAND_LINE_SIZE of x86 */
#define CMDLINE_OURS	160	/* of them for our words */

/* Copies the user's, which has to leave room for our words. */
void cmdline_set(const char *text);

/* Adds a word, and a number to it; neither ends up behind a "--", as init's own. */
void cmdline_add(const char *word);
void cmdline_add_number(const char *word, u64 number);

/*
 * Makes Linux run that file first.  It takes the last rdinit=, and forgets the
 * arguments for init that stand before it (init/main.c, rdinit_setup()).
 */
void cmdline_set_rdinit(const char *path);

/* Makes Linux use so many CPUs at most; the user may want fewer. */
void cmdline_limit_cpus(u32 cpus);

/* The whole line. */
const char *cmdline_text(void);

#endif
