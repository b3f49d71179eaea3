/* SPDX-License-Identifier: GPL-2.0-only */
/* Words of a command line, as Linux reads them. */
#ifndef WORDS_H
#define WORDS_H

#include "payload/lib/types.h"

/* All pointers lead into the line.  Quotes that Linux removes are not part of name and value. */
struct word {
	const char *name;
	const char *value;	/* after the '='; NULL if there is none */
	u32 name_length, value_length;
	const char *next;	/* where to look for the next word */
};

/*
 * Finds the first word from line on.  Returns false at the end of the line, and at the
 * word "--": the words after it are the init's.  Source: next_arg() in Linux's
 * lib/cmdline.c and parse_args() in kernel/params.c.
 */
bool words_next(const char *line, struct word *word);

/* Does the word have that name, and a value? */
bool words_sets(const struct word *word, const char *name);

#endif
