// SPDX-License-Identifier: GPL-2.0-only
/* Exits by function and site, for the formats that take --symbols. */
#include <string.h>

#include "tools/export/export.h"
#include "tools/report/site_names.h"
#include "tools/trace/sites.h"

/*
 * The sites of a reason may be a few more than its exits, if a vCPU exits while another one makes
 * the mark.  Then the last sites lose them, so that no exit is there twice.
 */
struct export_walk export_walk(const struct export_run *item, const struct phase *row, unsigned int slot)
{
	struct export_walk walk = { .left = row->slots[slot].exits };

	walk.next = sites_of(&item->sites, row->mark->entry, slot, &walk.nr);
	return walk;
}

bool export_next(struct export_walk *walk)
{
	if (!walk->left)
		return false;
	walk->site = NULL;
	walk->exits = walk->left;
	if (walk->nr) {
		walk->site = walk->next++;
		walk->nr--;
		if (walk->site->count < walk->left)
			walk->exits = walk->site->count;
	}
	walk->left -= walk->exits;
	return true;
}

json_t *export_functions(const struct export_run *item, const struct phase *row)
{
	json_t *object = json_object(), *before;
	char text[SYMBOLS_TEXT];
	struct export_walk walk;
	const char *name;
	unsigned int slot;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		walk = export_walk(item, row, slot);
		while (export_next(&walk)) {
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
		       const struct export_walk *walk)
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
	struct export_walk walk;
	char text[VIEW_TEXT];
	const struct phase *row;

	printf("phase,reason,symbol,rip,code,device,%s\n", view_key(text, export->view));
	for (row = phases->rows; row < phases->rows + phases->nr; row++) {
		nr = phases_top(row, slots, KVM_EXIT_TRACE_NR_SLOTS);
		for (i = 0; i < nr; i++) {
			walk = export_walk(one, row, slots[i]);
			while (export_next(&walk))
				print_site(one, row, slots[i], &walk);
		}
	}
}
