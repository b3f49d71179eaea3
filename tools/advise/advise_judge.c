// SPDX-License-Identifier: GPL-2.0-only
/* Applies the rules to the exits of a run. */
#include <stdlib.h>
#include <string.h>

#include "tools/advise/advise.h"

static bool has_word(const json_t *array, const char *word)
{
	const json_t *each;
	size_t i;

	json_array_foreach(array, i, each)
		if (!strcmp(json_string_value(each), word))
			return true;
	return false;
}

static bool has_part(const json_t *array, const char *text)
{
	const json_t *each;
	size_t i;

	json_array_foreach(array, i, each)
		if (strstr(text, json_string_value(each)))
			return true;
	return false;
}

static bool in_ranges(const struct list *ranges, __u64 code)
{
	const struct code_range *range;

	for_each(range, ranges)
		if (code >= range->first && code <= range->last)
			return true;
	return false;
}

static bool matches(const struct advise *advise, const struct claim *claim,
		    const struct exits_cell *cell)
{
	const char *reason = advise->phases.reasons[cell->slot]->name;
	const struct clause *clause;

	for_each(clause, &claim->clauses)
		if ((!clause->phases || has_word(clause->phases, cell->row->mark->name)) &&
		    (!clause->reasons || has_word(clause->reasons, reason)) &&
		    (!clause->kind || (clause->kind == cell->kind &&
				       in_ranges(&clause->ranges, cell->code))))
			return true;
	return false;
}

static int by_cell_exits(const void *a, const void *b)
{
	const struct exits_cell *one = *(struct exits_cell * const *)a;
	const struct exits_cell *other = *(struct exits_cell * const *)b;

	if (one->exits != other->exits)
		return one->exits < other->exits ? 1 : -1;
	return one < other ? -1 : one > other;
}

/* Where a part of a reason's exits is matched, their cost is that part of the reason's. */
static void collect(struct advise *advise, struct advice *advice)
{
	struct exits_cell *cell, *first = NULL, **each;
	bool all = true, any = false;

	for_each(cell, &advise->cells) {
		bool match = matches(advise, advice->claim, cell);

		if (cell->first) {
			advice->cost_estimate |= any && !all;
			any = false;
			all = true;
			first = cell;
		}
		any |= match;
		all &= match;
		if (!match)
			continue;
		list_append(&advice->cells, &cell, sizeof(cell));
		advice->matched += cell->exits;
	}
	advice->cost_estimate |= first && any && !all;
	for_each(each, &advice->cells)
		advice->cost = counter_sum(advice->cost, advise_cost(*each, (*each)->exits));
	if (advice->cells.nr)
		qsort(advice->cells.items, advice->cells.nr, sizeof(cell), by_cell_exits);
}

static __u64 part(__u64 of, __u64 number, __u64 all)
{
	return (__uint128_t)of * number / all;
}

static void take_saved(struct advice *advice)
{
	const struct claim *claim = advice->claim;

	advice->exits = advice->matched;
	if (claim->how == CLAIM_PERCENT)
		advice->exits = part(advice->matched, claim->number, 100);
	else if (claim->how == CLAIM_ABOVE)
		advice->exits -= claim->number < advice->matched ? claim->number : advice->matched;
	advice->estimate = claim->how != CLAIM_ALL || claim == advice->rule->blind;
	if (!advice->matched)
		return;
	advice->cost_estimate |= advice->estimate;
	advice->cost = part(advice->cost, advice->exits, advice->matched);
}

/*
 * Two pieces of advice may avoid the same exits of a cell.  So only the larger claim counts.  The
 * claims of one piece add up to its exits.
 */
static void claim_cells(const struct advice *advice)
{
	__u64 matched = 0, before = 0, now;
	struct exits_cell **each;

	for_each(each, &advice->cells) {
		matched += (*each)->exits;
		now = part(matched, advice->exits, advice->matched);
		if (now - before > (*each)->claimed)
			(*each)->claimed = now - before;
		before = now;
	}
}

static bool fits(const struct advise *advise, const struct claim *claim)
{
	return (!claim->only || has_part(claim->only, advise->command)) &&
	       !has_part(claim->not, advise->command);
}

static void judge(struct advise *advise, const struct rule *rule)
{
	struct advice advice = { .rule = rule, .claim = &rule->claim };

	if (!fits(advise, &rule->claim))
		return;
	if (has_part(rule->claim.unless, advise->command)) {
		list_append(&advise->applied, &rule, sizeof(rule));
		return;
	}
	if (!advise->sites.nr && rules_sited(&rule->claim)) {
		advise->unseen += !rule->blind;
		advice.claim = rule->blind;
		if (!rule->blind || !fits(advise, rule->blind))
			return;
	}
	collect(advise, &advice);
	take_saved(&advice);
	if (advice.exits && advice.exits >= rule->at_least) {
		claim_cells(&advice);
		advise->estimate |= advice.estimate;
		list_append(&advise->advice, &advice, sizeof(advice));
	} else {
		free(advice.cells.items);
	}
}

static int by_exits(const void *a, const void *b)
{
	const struct advice *one = a, *other = b;

	if (one->exits != other->exits)
		return one->exits < other->exits ? 1 : -1;
	return strcmp(one->rule->id, other->rule->id);
}

void advise_judge(struct advise *advise, const struct rules *rules)
{
	const struct exits_cell *cell;
	const struct rule *rule;

	for_each(rule, &rules->rules)
		judge(advise, rule);
	if (advise->advice.nr)
		qsort(advise->advice.items, advise->advice.nr, sizeof(struct advice), by_exits);
	for_each(cell, &advise->cells)
		advise->avoidable += cell->claimed;
}
