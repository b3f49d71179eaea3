// SPDX-License-Identifier: GPL-2.0-only
/* The exits of a run, by phase, reason and site. */
#include "tools/advise/advise.h"
#include "tools/trace/sites.h"

__u64 advise_cost(const struct exits_cell *cell, __u64 exits)
{
	const struct counter *counter = &cell->row->slots[cell->slot];

	return (__uint128_t)counter_cost(counter) * exits / counter->exits;
}

/*
 * The sites of a reason may be a few more than its exits, if a vCPU exits while another one makes
 * the mark.  Then the last sites lose them, so that no exit is there twice.
 */
static void add_reason(struct advise *advise, const struct phase *row, unsigned int slot)
{
	struct exits_cell cell = { .row = row, .slot = slot, .first = true };
	enum site_kind kind = site_kind(advise->phases.reasons[slot]->name);
	__u64 left = row->slots[slot].exits;
	const struct log_site *site;
	size_t nr;

	site = sites_of(&advise->sites, row->mark->entry, slot, &nr);
	for (; kind && nr && left; nr--, site++) {
		cell.kind = kind;
		cell.code = site->code;
		cell.site = site;
		cell.exits = site->count < left ? site->count : left;
		left -= cell.exits;
		list_append(&advise->cells, &cell, sizeof(cell));
		cell.first = false;
	}
	cell.kind = SITE_NONE;
	cell.code = 0;
	cell.site = NULL;
	cell.exits = left;
	if (left)
		list_append(&advise->cells, &cell, sizeof(cell));
}

void advise_cells(struct advise *advise)
{
	const struct phase *row;
	unsigned int slot;

	for (row = advise->phases.rows; row < advise->phases.rows + advise->phases.nr; row++) {
		if (!phases_know(row, PHASE_EXITS) || !phases_know(row, PHASE_REASONS)) {
			advise->unknown = true;
			continue;
		}
		for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
			if (!row->slots[slot].exits)
				continue;
			add_reason(advise, row, slot);
			advise->exits += row->slots[slot].exits;
			advise->cost = counter_sum(advise->cost, counter_cost(&row->slots[slot]));
		}
	}
}
