/* SPDX-License-Identifier: GPL-2.0-only */
/* Words of a command line, as Linux reads them. */
#ifndef WORDS_H
#define WORDS_H

#include "types.h"

/* All point into the line; no quote that Linux takes off is in name or value. */
struct word {
	const char *name;
	const char *value;	/* after the '='; NULL where there is none */
	u32 name_length, value_length;
	const char *next;	/* where to look for the next word */
};

/*
 * Finds the first word from there on.  Returns false at the end of the line, and at
 * a word that is "--": the words after that are the init's.  Source: next_arg() in
 * Linux's lib/cmdline.c and parse_args() in kernel/params.c.
 */
bool words_next(const char *line, struct word *word);

/* Whether the word has that name, and a value. */
bool words_sets(const struct word *word, const char *name);

#endif
