// SPDX-License-Identifier: GPL-2.0-only
/* Folded stacks, for flame graphs: frames, a blank, a number. */
#include "tools/export/export.h"

/* Replace a semicolon, which would end the frame. */
static void print_frame(const char *text)
{
	for (; *text; text++)
		putchar(*text == ';' ? ':' : *text);
}

static void print_row(const struct export *export, const struct export_run *item,
		      const struct phase *row)
{
	unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS], nr, i;
	char text[EXPORT_REASON];

	nr = phases_top(row, slots, KVM_EXIT_TRACE_NR_SLOTS);
	for (i = 0; i < nr; i++) {
		if (export->many) {
			print_frame(item->name);
			putchar(';');
		}
		print_frame(row->label);
		putchar(';');
		print_frame(export_reason(text, &item->phases, slots[i]));
		printf(" %llu\n", row->slots[slots[i]].exits);
	}
}

void export_folded(const struct export *export)
{
	const struct export_run *item;
	size_t i;

	for_each(item, &export->runs)
		for (i = 0; i < item->phases.nr; i++)
			print_row(export, item, &item->phases.rows[i]);
}
