// SPDX-License-Identifier: GPL-2.0-only
/* Matches the phases and the reasons of boots. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "tools/compare/compare.h"

static const struct boot *boot_of(const struct comparison *comparison, size_t i)
{
	return (const struct boot *)comparison->boots.items + i;
}

const char *compare_name(const struct comparison *comparison,
			 const struct match *match, size_t boot)
{
	const struct log_reason *reason = NULL;

	if (match->slot[boot] >= 0)
		reason = boot_of(comparison, boot)->phases.reasons[match->slot[boot]];
	return reason ? reason->name : NULL;
}

const char *compare_label(const struct comparison *comparison,
			  const struct match *match)
{
	const char *name = NULL;
	size_t i;

	for (i = 0; !name && i < comparison->boots.nr; i++)
		name = compare_name(comparison, match, i);
	return name;
}

bool compare_called(const struct comparison *comparison,
		    const struct match *match, const char *name)
{
	const char *own;
	size_t i;

	for (i = 0; i < comparison->boots.nr; i++) {
		own = compare_name(comparison, match, i);
		if (own && !strcmp(own, name))
			return true;
	}
	return false;
}

/* Allocate an array with an item for each boot. */
static void *array(const struct comparison *comparison, size_t size)
{
	void *items = calloc(comparison->boots.nr, size);

	if (!items)
		error(STATUS_UNREADABLE, errno, "compare");
	return items;
}

/* Add a reason with the same slot in all boots, or with -1 in none so far. */
static struct match *add_match(struct comparison *comparison, int slot)
{
	struct match match = { array(comparison, sizeof(*match.slot)) };
	size_t i;

	for (i = 0; i < comparison->boots.nr; i++)
		match.slot[i] = slot;
	return list_append(&comparison->matches, &match, sizeof(match));
}

static bool any_has(const struct comparison *comparison, int slot)
{
	const struct boot *boot;

	for_each(boot, &comparison->boots)
		if (boot->phases.reasons[slot])
			return true;
	return false;
}

static void match_by_slot(struct comparison *comparison)
{
	int slot;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		if (any_has(comparison, slot))
			add_match(comparison, slot);
}

/* Returns the first reason of this name, case ignored, that the boot hasn't taken, or a new one. */
static struct match *find_match(struct comparison *comparison, const char *name,
				size_t boot)
{
	struct match *match;

	for_each(match, &comparison->matches)
		if (match->slot[boot] < 0 &&
		    !strcasecmp(compare_label(comparison, match), name))
			return match;
	return add_match(comparison, -1);
}

/* A's reasons come first, by slot.  Reasons that only further boots have come after them. */
static void match_by_name(struct comparison *comparison)
{
	const struct phases *phases;
	size_t i;
	int slot;

	for (i = 0; i < comparison->boots.nr; i++) {
		phases = &boot_of(comparison, i)->phases;
		for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
			if (phases->reasons[slot])
				find_match(comparison, phases->reasons[slot]->name,
					   i)->slot[i] = slot;
	}
}

static struct pair *add_pair(struct comparison *comparison, const char *label)
{
	const struct pair pair = { label, array(comparison, sizeof(*pair.phase)) };

	return list_append(&comparison->pairs, &pair, sizeof(pair));
}

static bool has_pair(const struct comparison *comparison, const char *label)
{
	const struct pair *pair;

	for_each(pair, &comparison->pairs)
		if (!strcmp(pair->label, label))
			return true;
	return false;
}

/* The first boot's phases, then those that only other boots have, then the total. */
static void build_pairs(struct comparison *comparison)
{
	const struct phases *phases;
	struct pair *pair;
	size_t i, j, row;

	for (i = 0; i < comparison->boots.nr; i++) {
		phases = &boot_of(comparison, i)->phases;
		for (row = 0; row < phases->nr; row++) {
			if (i && has_pair(comparison, phases->rows[row].label))
				continue;
			pair = add_pair(comparison, phases->rows[row].label);
			pair->phase[i] = &phases->rows[row];
			for (j = i + 1; j < comparison->boots.nr; j++)
				pair->phase[j] = phases_row(&boot_of(comparison, j)->phases,
							    pair->label);
		}
	}
	pair = add_pair(comparison, "total");
	for (i = 0; i < comparison->boots.nr; i++)
		pair->phase[i] = &boot_of(comparison, i)->phases.total;
}

static bool side_differs(const struct comparison *comparison,
			 const struct which *which, const struct side *side)
{
	struct figure a = compare_figure(comparison, which, comparison->sides.items);
	struct figure b = compare_figure(comparison, which, side);
	bool differs = a.twice != b.twice || a.exists != b.exists || a.unknown || b.unknown;

	figure_free(&a);
	figure_free(&b);
	return differs;
}

static bool which_differs(const struct comparison *comparison,
			  const struct which *which)
{
	const struct side *side;

	for_each(side, &comparison->sides)
		if (side_differs(comparison, which, side))
			return true;
	return false;
}

static bool pair_differs(const struct comparison *comparison,
			 const struct pair *pair)
{
	struct which which = { .by = comparison->options->by, .pair = pair };
	const struct match *match;

	if (which_differs(comparison, &which))
		return true;
	if (!compare_known(comparison, pair))
		return true;
	for_each(match, &comparison->matches) {
		which.match = match;
		if (compare_varies(comparison, &which) &&
		    which_differs(comparison, &which))
			return true;
	}
	return false;
}

void compare_build(struct comparison *comparison)
{
	const struct pair *pair;

	if (comparison->by_name)
		match_by_name(comparison);
	else
		match_by_slot(comparison);
	build_pairs(comparison);
	comparison->equal = true;
	for_each(pair, &comparison->pairs) {
		comparison->equal &= !pair_differs(comparison, pair);
		comparison->unknown |= !compare_known(comparison, pair);
	}
}

void compare_free(struct comparison *comparison)
{
	struct difference *difference;
	struct match *match;
	struct side *side;
	struct boot *boot;
	struct pair *pair;

	for_each(side, &comparison->sides)
		free(side->family.items);
	json_decref(comparison->copies);
	for_each(difference, &comparison->differences)
		json_decref(difference->what);
	for_each(match, &comparison->matches)
		free(match->slot);
	for_each(pair, &comparison->pairs)
		free(pair->phase);
	for_each(boot, &comparison->boots) {
		phases_free(&boot->phases);
		log_free(&boot->log);
		free(boot->path);
	}
	free(comparison->differences.items);
	free(comparison->matches.items);
	free(comparison->pairs.items);
	free(comparison->boots.items);
	free(comparison->sides.items);
	free(comparison->gates.items);
}
