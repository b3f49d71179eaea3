// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/table.h"
#include "lib/text.h"

#define GAP	2	/* blanks between columns */

struct cell {
	char text[80];
	bool emphasized;
};

void table_add(struct table *table, const char *format, ...)
{
	struct cell cell = { .emphasized = false };
	va_list args;

	va_start(args, format);
	vsnprintf(cell.text, sizeof(cell.text), format, args);
	va_end(args);
	list_append(&table->cells, &cell, sizeof(cell));
}

void table_add_number(struct table *table, __u64 number)
{
	char text[GROUPED];

	table_add(table, "%s", grouped(text, number));
}

void table_emphasize(struct table *table)
{
	struct cell *cells = table->cells.items;

	cells[table->cells.nr - 1].emphasized = true;
}

const char *table_text(const struct table *table, size_t cell)
{
	return ((const struct cell *)table->cells.items)[cell].text;
}

static int *column_widths(const struct table *table, size_t columns)
{
	const struct cell *cells = table->cells.items;
	int *widths = calloc(columns, sizeof(*widths));
	size_t i;

	if (!widths)
		error(3, errno, "table");
	for (i = 0; i < table->cells.nr; i++) {
		int len = strlen(cells[i].text);

		if (len > widths[i % columns])
			widths[i % columns] = len;
	}
	return widths;
}

/* Returns the width of the columns at the left that name a row, with a gap after each. */
static int keys_width(const int *widths, size_t keys)
{
	int width = 0;

	while (keys--)
		width += widths[keys] + GAP;
	return width;
}

/* Returns the end of the part from @from.  A column without heading stays with the one before. */
static size_t part_end(const struct table *table, const int *widths, size_t keys, size_t from,
		       int room)
{
	size_t columns = strlen(table->align), to = from;
	const struct cell *heading = table->cells.items;
	int left = room - keys_width(widths, keys) + GAP, needed;

	while (to < columns) {
		size_t next = to + 1;

		needed = widths[to] + GAP;
		for (; next < columns && !*heading[next].text; next++)
			needed += widths[next] + GAP;
		if (to > from && needed > left)
			break;
		left -= needed;
		to = next;
	}
	return to;
}

/* Print blanks before a text, so that no row ends with blanks. */
static void print_cell(const struct table *table, size_t i, int width, int *blanks)
{
	const struct cell *cell = (const struct cell *)table->cells.items + i;
	size_t columns = strlen(table->align);
	bool bold = table->color && (i < columns || cell->emphasized);
	int len = strlen(cell->text), pad;
	bool cut = len > width;

	if (cut)
		len = width;
	pad = width - len;
	if (table->align[i % columns] == 'r') {
		*blanks += pad;
		pad = 0;
	}
	if (len) {
		printf("%*s%s%.*s%s%s", *blanks, "", bold ? COLOR_BOLD : "", len - cut,
		       cell->text, cut ? "~" : "", bold ? COLOR_OFF : "");
		*blanks = 0;
	}
	*blanks += pad + GAP;
}

/* Whether a row has any text in the part @from to @to. */
static bool row_says(const struct table *table, size_t row, size_t from, size_t to)
{
	const struct cell *cells = table->cells.items;

	for (; from < to; from++)
		if (*cells[row + from].text)
			return true;
	return false;
}

static void print_part(const struct table *table, const int *widths, size_t keys,
		       size_t from, size_t to)
{
	size_t columns = strlen(table->align), row, column;
	int blanks;

	for (row = 0; row + columns <= table->cells.nr; row += columns) {
		if (from > keys && keys == 1 && !row_says(table, row, from, to))
			continue;
		blanks = 0;
		for (column = 0; column < to; column++)
			if (column < keys || column >= from)
				print_cell(table, row + column, widths[column], &blanks);
		putchar('\n');
	}
}

/* Cut names, the longest first, until the widest other cell, or half the width, has room. */
static void narrow(const struct table *table, int *widths, size_t keys, int room)
{
	size_t columns = strlen(table->align), i, longest = 0;
	int most = 0;

	for (i = keys; i < columns; i++)
		if (widths[i] > most)
			most = widths[i];
	if (most > room / 2)
		most = room / 2;
	while (keys_width(widths, keys) > room - most) {
		for (i = 0; i < keys; i++)
			if (widths[i] > widths[longest])
				longest = i;
		if (--widths[longest] <= 1)
			break;
	}
	for (i = keys; i < columns; i++)
		if (widths[i] > room - keys_width(widths, keys))
			widths[i] = room - keys_width(widths, keys);
}

void table_print(const struct table *table)
{
	size_t columns = strlen(table->align), keys, from, to;
	int *widths = column_widths(table, columns);
	int room = text_columns();

	keys = strspn(table->align, "l");
	if (!keys || keys == columns)
		keys = 1;
	if (room < TEXT_LEAST || keys_width(widths, columns) - GAP <= room) {
		print_part(table, widths, columns, columns, columns);
	} else {
		narrow(table, widths, keys, room);
		for (from = keys; from < columns; from = to) {
			to = part_end(table, widths, keys, from, room);
			if (from > keys)
				putchar('\n');
			print_part(table, widths, keys, from, to);
		}
	}
	free(widths);
}

void table_free(struct table *table)
{
	free(table->cells.items);
	table->cells = (struct list){ NULL, 0 };
}

const char *grouped(char text[GROUPED], __u64 number)
{
	char digits[24];
	size_t len = snprintf(digits, sizeof(digits), "%llu", number), i;
	char *out = text;

	for (i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*out++ = ',';
		*out++ = digits[i];
	}
	*out = '\0';
	return text;
}

const char *grouped_ms(char text[GROUPED], __u64 ticks, __u64 tsc_khz)
{
	__uint128_t tenths = (__uint128_t)ticks * 10;
	size_t len;

	if (!tsc_khz)
		return strcpy(text, "-");
	tenths = (tenths + tsc_khz / 2) / tsc_khz;
	if (tenths / 10 >> 64)
		return strcpy(text, "-");
	len = strlen(grouped(text, tenths / 10));
	sprintf(text + len, ".%u", (unsigned int)(tenths % 10));
	return text;
}

const char *grouped_half(char text[GROUPED], __uint128_t twice)
{
	grouped(text, twice / 2);
	return twice % 2 ? strcat(text, ".5") : text;
}

/* The longest text is a sign, 20 digits with separators, and ".9%": 30 bytes. */
static const char *put_sign(char text[GROUPED], __uint128_t a,
			    __uint128_t b)
{
	if (a == b)
		return text;
	memmove(text + 1, text, strlen(text) + 1);
	*text = a < b ? '+' : '-';
	return text;
}

const char *grouped_difference(char text[GROUPED], __uint128_t a,
			       __uint128_t b)
{
	grouped_half(text, a < b ? b - a : a - b);
	return put_sign(text, a, b);
}

const char *grouped_percent(char text[GROUPED], __uint128_t a,
			    __uint128_t b)
{
	__uint128_t tenths = a < b ? b - a : a - b;
	size_t len;

	if (!a)
		return strcpy(text, "-");
	tenths = (tenths * 1000 + a / 2) / a;
	if (tenths / 10 >> 64)
		return strcpy(text, "-");
	len = strlen(grouped(text, tenths / 10));
	sprintf(text + len, ".%u%%", (unsigned int)(tenths % 10));
	return put_sign(text, a, b);
}
