// SPDX-License-Identifier: GPL-2.0-only
/* Which phase of a boot stands beside which of the other, and which reason. */
#include <string.h>

#include "compare.h"

__u64 compare_exits(const struct pair *pair, int side)
{
	return pair->phase[side] ? pair->phase[side]->exits : 0;
}

__u64 compare_count(const struct pair *pair, const struct match *match, int side)
{
	const struct phase *phase = pair->phase[side];

	return phase && match->slot[side] >= 0 ? phase->counts[match->slot[side]] : 0;
}

const char *compare_name(const struct comparison *comparison,
			 const struct match *match, int side)
{
	const struct log_reason *reason = NULL;

	if (match->slot[side] >= 0)
		reason = comparison->sides[side].phases.reasons[match->slot[side]];
	return reason ? reason->name : NULL;
}

const char *compare_label(const struct comparison *comparison,
			  const struct match *match)
{
	const char *name = compare_name(comparison, match, 0);

	return name ? name : compare_name(comparison, match, 1);
}

static bool differs(const struct comparison *comparison, const struct pair *pair)
{
	const struct match *match;

	for_each(match, &comparison->matches)
		if (compare_count(pair, match, 0) != compare_count(pair, match, 1))
			return true;
	return !pair->phase[0] || !pair->phase[1] ||
	       pair->phase[0]->exits != pair->phase[1]->exits;
}

static void add_match(struct comparison *comparison, int a, int b)
{
	const struct match match = { { a, b } };

	list_append(&comparison->matches, &match, sizeof(match));
}

/* The first slot of B whose reason has that name, in any case, and isn't taken, or -1. */
static int find_slot(const struct phases *b, const char *name, const bool *taken)
{
	int slot;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		if (b->reasons[slot] && !taken[slot] &&
		    !strcasecmp(b->reasons[slot]->name, name))
			return slot;
	return -1;
}

/* The reasons that the logs have, by slot; those of B that A lacks by name are the last. */
static void build_matches(struct comparison *comparison)
{
	const struct phases *a = &comparison->sides[0].phases;
	const struct phases *b = &comparison->sides[1].phases;
	bool taken[KVM_EXIT_TRACE_NR_SLOTS] = { false };
	int slot, other;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		if (comparison->by_name && a->reasons[slot]) {
			other = find_slot(b, a->reasons[slot]->name, taken);
			if (other >= 0)
				taken[other] = true;
			add_match(comparison, slot, other);
		} else if (!comparison->by_name &&
			   (a->reasons[slot] || b->reasons[slot])) {
			add_match(comparison, slot, slot);
		}
	}
	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		if (comparison->by_name && b->reasons[slot] && !taken[slot])
			add_match(comparison, -1, slot);
}

static void add_pair(struct comparison *comparison, const char *label,
		     const struct phase *a, const struct phase *b)
{
	const struct pair pair = { label, { a, b } };

	comparison->equal &= !differs(comparison, &pair);
	list_append(&comparison->pairs, &pair, sizeof(pair));
}

/* A's phases in their order, then those that only B has, then the total. */
static void build_pairs(struct comparison *comparison)
{
	const struct phases *a = &comparison->sides[0].phases;
	const struct phases *b = &comparison->sides[1].phases;
	const struct phase *row;
	size_t i;

	comparison->equal = true;
	for (i = 0; i < a->nr; i++) {
		row = &a->rows[i];
		add_pair(comparison, row->label, row, phases_row(b, row->label));
	}
	for (i = 0; i < b->nr; i++) {
		row = &b->rows[i];
		if (!phases_row(a, row->label))
			add_pair(comparison, row->label, NULL, row);
	}
	add_pair(comparison, "total", &a->total, &b->total);
}

void compare_build(struct comparison *comparison)
{
	build_matches(comparison);
	build_pairs(comparison);
}
