/* SPDX-License-Identifier: GPL-2.0-only */
/* Text in columns, for a terminal. */
#ifndef BOOTEXITS_TABLE_H
#define BOOTEXITS_TABLE_H

#include <stdbool.h>
#include <linux/types.h>

#include "lib/list.h"

#define GROUPED		32	/* bytes of a number with separators and its NUL */

struct table {
	const char *align;	/* 'l' or 'r' for each column */
	bool color;		/* the heading and emphasized cells are bold */
	struct list cells;
};

/* Escape sequences that begin and end colour on a terminal. */
#define COLOR_BOLD	"\033[1m"
#define COLOR_RED	"\033[31m"
#define COLOR_OFF	"\033[m"

/**
 * table_add() - fill the next cell, from left to right and top to bottom
 *
 * The first row is the heading.  A row is full when each column of align has a
 * cell.  An empty cell has the text "".
 */
void table_add(struct table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** table_add_number() - fill the next cell with a number with thousands separators */
void table_add_number(struct table *table, __u64 number);

/** table_text() - text of a cell by its number, from 0; the first ones are the heading */
const char *table_text(const struct table *table, size_t cell);

/** table_emphasize() - emphasize the cell that was filled last */
void table_emphasize(struct table *table);

/**
 * table_print() - print the rows, each column as wide as its widest cell
 *
 * A table that is wider than the terminal is printed in parts, one below the
 * other.  Each begins with the text columns at the left.  Without a terminal, the
 * table keeps its width.
 */
void table_print(const struct table *table);

/** table_free() - free the cells */
void table_free(struct table *table);

/** grouped() - write @number with thousands separators to @text; returns @text */
const char *grouped(char text[GROUPED], __u64 number);

/**
 * grouped_ms() - write ticks as milliseconds with one decimal, as grouped() does
 *
 * If @tsc_khz is 0, write "-".
 */
const char *grouped_ms(char text[GROUPED], __u64 ticks, __u64 tsc_khz);

/** grouped_half() - write half of @twice as grouped() does, with ".5" if it isn't whole */
const char *grouped_half(char text[GROUPED], __uint128_t twice);

/**
 * grouped_difference() - write B - A as grouped_half() does, with a sign unless it is 0
 * @a: twice A, below 2^65
 * @b: twice B
 */
const char *grouped_difference(char text[GROUPED], __uint128_t a,
			       __uint128_t b);

/**
 * grouped_percent() - write @b - @a in percent of @a, with one decimal
 * @a: below 2^65, as @b
 *
 * If @a is 0, write "-".  The number is rounded.  A sign shows that it is not 0.
 */
const char *grouped_percent(char text[GROUPED], __uint128_t a,
			    __uint128_t b);

#endif /* BOOTEXITS_TABLE_H */
