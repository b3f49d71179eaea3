// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

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

/* Blanks are printed before a text, so that none ends a row. */
void table_print(const struct table *table)
{
	size_t columns = strlen(table->align), i, column;
	const struct cell *cells = table->cells.items;
	int *widths = column_widths(table, columns);
	int blanks = 0, pad, len;
	bool bold;

	for (i = 0; i < table->cells.nr; i++) {
		column = i % columns;
		len = strlen(cells[i].text);
		pad = widths[column] - len;
		if (table->align[column] == 'r') {
			blanks += pad;
			pad = 0;
		}
		if (len) {
			bold = table->color && (i < columns || cells[i].emphasized);
			printf("%*s%s%s%s", blanks, "", bold ? COLOR_BOLD : "",
			       cells[i].text, bold ? COLOR_OFF : "");
			blanks = 0;
		}
		blanks += pad + GAP;
		if (column == columns - 1) {
			putchar('\n');
			blanks = 0;
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

/* The longest, a sign and 20 digits with separators and ".9%", is 30 bytes. */
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
