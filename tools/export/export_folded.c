// SPDX-License-Identifier: GPL-2.0-only
/* Folded stacks, for flame graphs: frames, a blank, a number. */
#include "tools/export/export.h"
#include "tools/report/site_names.h"
#include "tools/trace/sites.h"

/* Replace a semicolon, which would end the frame. */
static void print_frame(const char *text)
{
	for (; *text; text++)
		putchar(*text == ';' ? ':' : *text);
}

static void print_reason(const struct export *export, const struct export_run *item,
			 const struct phase *row, unsigned int slot)
{
	char text[EXPORT_REASON];

	if (export->many) {
		print_frame(item->name);
		putchar(';');
	}
	print_frame(row->label);
	putchar(';');
	print_frame(export_reason(text, &item->phases, slot));
}

/* PHASE;REASON;FUNCTION;SITE.  An exit without a known site has the first two. */
static void print_sites(const struct export *export, const struct export_run *item,
			const struct phase *row, unsigned int slot)
{
	const char *reason = item->phases.reasons[slot]->name;
	struct sites_walk walk = sites_walk(&item->sites, row, slot);
	char text[SYMBOLS_TEXT], site[SITE_TEXT];

	while (sites_next(&walk)) {
		print_reason(export, item, row, slot);
		if (walk.site) {
			putchar(';');
			print_frame(symbols_function(&item->symbols, row->mark, walk.site, text));
		}
		if (walk.site && site_kind(reason)) {
			putchar(';');
			print_frame(site_text(site, reason, walk.site->code));
		}
		printf(" %llu\n", walk.exits);
	}
}

static void print_row(const struct export *export, const struct export_run *item,
		      const struct phase *row)
{
	unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS], nr, i;

	nr = phases_top(row, slots, KVM_EXIT_TRACE_NR_SLOTS);
	for (i = 0; i < nr; i++) {
		if (export->symbols->nr) {
			print_sites(export, item, row, slots[i]);
			continue;
		}
		print_reason(export, item, row, slots[i]);
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
