// SPDX-License-Identifier: GPL-2.0-only
/* Exits by function and site, for the formats that take --symbols. */
#include <string.h>

#include "tools/export/export.h"
#include "tools/report/site_names.h"
#include "tools/trace/sites.h"

json_t *export_functions(const struct export_run *item, const struct phase *row)
{
	json_t *object = json_object(), *before;
	char text[SYMBOLS_TEXT];
	struct sites_walk walk;
	const char *name;
	unsigned int slot;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		walk = sites_walk(&item->sites, row, slot);
		while (sites_next(&walk)) {
			if (!walk.site)
				continue;
			name = symbols_function(&item->symbols, row->mark, walk.site, text);
			before = json_object_get(object, name);
			json_object_set_new(object, name, json_integer(json_integer_value(before) +
								       walk.exits));
		}
	}
	return object;
}

static void print_site(const struct export_run *item, const struct phase *row, unsigned int slot,
		       const struct sites_walk *walk)
{
	const char *reason = item->phases.reasons[slot]->name, *name;
	char text[SYMBOLS_TEXT];

	export_quoted(row->label);
	putchar(',');
	export_quoted(export_reason(text, &item->phases, slot));
	if (!walk->site) {
		printf(",,,,,%llu\n", walk->exits);
		return;
	}
	putchar(',');
	name = symbols_site(&item->symbols, row->mark, walk->site, text);
	export_quoted(name ? name : "");
	printf(",0x%llx,", walk->site->rip);
	if (site_kind(reason))
		printf("0x%llx", walk->site->code);
	putchar(',');
	name = site_name(site_kind(reason), walk->site->code);
	export_quoted(name ? name : "");
	printf(",%llu\n", walk->exits);
}

void export_sites_csv(const struct export *export)
{
	const struct export_run *one = export->runs.items;
	const struct phases *phases = &one->phases;
	unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS], nr, i;
	struct sites_walk walk;
	char text[VIEW_TEXT];
	const struct phase *row;

	printf("phase,reason,symbol,rip,code,device,%s\n", view_key(text, export->view));
	for (row = phases->rows; row < phases->rows + phases->nr; row++) {
		nr = phases_top(row, slots, KVM_EXIT_TRACE_NR_SLOTS);
		for (i = 0; i < nr; i++) {
			walk = sites_walk(&one->sites, row, slots[i]);
			while (sites_next(&walk))
				print_site(one, row, slots[i], &walk);
		}
	}
}
