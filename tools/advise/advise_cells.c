// SPDX-License-Identifier: GPL-2.0-only
/* The exits of a run, by phase, reason and site. */
#include "tools/advise/advise.h"
#include "tools/trace/sites.h"

__u64 advise_cost(const struct exits_cell *cell, __u64 exits)
{
	const struct counter *counter = &cell->row->slots[cell->slot];

	return (__uint128_t)counter_cost(counter) * exits / counter->exits;
}

static void add_reason(struct advise *advise, const struct phase *row, unsigned int slot)
{
	struct exits_cell cell = { .row = row, .slot = slot, .first = true };
	enum site_kind kind = site_kind(advise->phases.reasons[slot]->name);
	struct sites_walk walk = sites_walk(kind ? &advise->sites : NULL, row, slot);

	while (sites_next(&walk)) {
		cell.site = walk.site;
		cell.kind = walk.site ? kind : SITE_NONE;
		cell.code = walk.site ? walk.site->code : 0;
		cell.exits = walk.exits;
		list_append(&advise->cells, &cell, sizeof(cell));
		cell.first = false;
	}
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
