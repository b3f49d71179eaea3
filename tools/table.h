/* SPDX-License-Identifier: GPL-2.0-only */
/* Text in columns, for a terminal. */
#ifndef BOOTEXITS_TABLE_H
#define BOOTEXITS_TABLE_H

#include <stdbool.h>
#include <linux/types.h>

#include "list.h"

#define GROUPED		32	/* bytes of a number with separators and its NUL */

struct table {
	const char *align;	/* 'l' or 'r' for each column */
	bool color;		/* the heading and what is emphasized are bold */
	struct list cells;
};

/* Escape sequences that begin and end what a terminal shows in colour. */
#define COLOR_BOLD	"\033[1m"
#define COLOR_RED	"\033[31m"
#define COLOR_OFF	"\033[m"

/**
 * table_add() - fill the next cell, from left to right and top to bottom
 *
 * The first row is the heading.  A row is full when each column of align has
 * its cell; an empty cell is the text "".
 */
void table_add(struct table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** table_add_number() - fill the next cell with a number, thousands separated */
void table_add_number(struct table *table, __u64 number);

/** table_text() - the text of the @cell-th cell; the first ones are the heading */
const char *table_text(const struct table *table, size_t cell);

/** table_emphasize() - emphasize the cell that was filled last */
void table_emphasize(struct table *table);

/**
 * table_print() - print the rows, each column as wide as its widest cell
 *
 * A table that is wider than the terminal is printed in parts, one below the
 * other; each begins with the columns at the left that are text.  Where there is
 * no terminal it is as wide as it is.
 */
void table_print(const struct table *table);

/** table_free() - free the cells */
void table_free(struct table *table);

/** grouped() - write @number with thousands separators to @text; returns @text */
const char *grouped(char text[GROUPED], __u64 number);

/**
 * grouped_ms() - write ticks as milliseconds with one decimal, as grouped()
 *
 * With no @tsc_khz it's "-".
 */
const char *grouped_ms(char text[GROUPED], __u64 ticks, __u64 tsc_khz);

/** grouped_half() - write half of @twice, with ".5" if that isn't whole, as grouped() */
const char *grouped_half(char text[GROUPED], __uint128_t twice);

/**
 * grouped_difference() - write B - A, with its sign unless 0, as grouped_half()
 * @a: twice A, below 2^65
 * @b: twice B
 */
const char *grouped_difference(char text[GROUPED], __uint128_t a,
			       __uint128_t b);

/**
 * grouped_percent() - write @b - @a in percent of @a with one decimal, as grouped()
 * @a: below 2^65, as @b is
 *
 * Of an @a of 0 it's "-".  It is rounded; a sign shows that it is not 0.
 */
const char *grouped_percent(char text[GROUPED], __uint128_t a,
			    __uint128_t b);

#endif /* BOOTEXITS_TABLE_H */
