// SPDX-License-Identifier: GPL-2.0-only
/* Whether a difference may be chance, and whether the boots can tell. */
#include <string.h>

#include "lib/json.h"
#include "tools/compare/compare.h"
#include "tools/compare/stats.h"

#define MAX_SHOWN	3	/* lines for boots with copies */

static bool same_mark(const struct log_phase *a, const struct log_phase *b)
{
	return !strcmp(a->name, b->name) && a->vcpu == b->vcpu && a->tsc == b->tsc &&
	       !memcmp(&a->all, &b->all, sizeof(a->all));
}

/* Whether marks with the same number are the same.  One side may lack some, but not all. */
static bool same_marks(const struct list *marks, const struct list *others)
{
	const struct log_phase *a = marks->items, *b = others->items;
	size_t common = 0, i = 0, j = 0;

	while (i < marks->nr && j < others->nr) {
		if (a[i].entry == b[j].entry) {
			if (!same_mark(&a[i++], &b[j++]))
				return false;
			common++;
		} else if (a[i].entry < b[j].entry) {
			i++;
		} else {
			j++;
		}
	}
	return common;
}

/* Whether the reasons that both have are the same. */
static bool same_reasons(const struct list *reasons, const struct list *others)
{
	const struct log_reason *a = reasons->items, *b = others->items;
	size_t i = 0, j = 0;

	while (i < reasons->nr && j < others->nr) {
		if (a[i].entry == b[j].entry && a[i].slot == b[j].slot) {
			if (a[i++].counter.exits != b[j++].counter.exits)
				return false;
		} else if (a[i].entry < b[j].entry ||
			   (a[i].entry == b[j].entry && a[i].slot < b[j].slot)) {
			i++;
		} else {
			j++;
		}
	}
	return true;
}

/*
 * Whether two files are of the same boot, or of boots that repeat.  Two boots of a
 * host never have all marks at the same ticks.  Either file may be cut, or lack records.
 */
static bool same_boot(const struct boot *boot, const struct boot *other)
{
	return same_marks(&boot->run->phases, &other->run->phases) &&
	       same_reasons(&boot->run->reasons, &other->run->reasons);
}

/* Returns the boot with the number @i, in A followed by @side. */
static const struct boot *boot_of(const struct comparison *comparison,
				  const struct side *side, size_t i)
{
	const struct side *a = comparison->sides.items;
	const struct boot *boots = comparison->boots.items;

	return &boots[i < a->nr ? a->first + i : side->first + i - a->nr];
}

static bool has_copies(const struct comparison *comparison, const struct side *side)
{
	const struct side *a = comparison->sides.items;
	size_t i, j;

	for (i = 0; i < a->nr + side->nr; i++)
		for (j = 0; j < i; j++)
			if (same_boot(boot_of(comparison, side, i), boot_of(comparison, side, j)))
				return true;
	return false;
}

/* Returns the files of each boot that was given more than once. */
static json_t *list_copies(const struct comparison *comparison)
{
	const struct boot *boots = comparison->boots.items;
	json_t *groups = json_array(), *group;
	size_t i, j;

	for (i = 0; i < comparison->boots.nr; i++) {
		for (j = 0; j < i && !same_boot(&boots[i], &boots[j]);)
			j++;
		if (j < i)
			continue;
		group = json_array();
		json_array_append_new(group, json_text(boots[i].path));
		while (++j < comparison->boots.nr)
			if (same_boot(&boots[i], &boots[j]))
				json_array_append_new(group, json_text(boots[j].path));
		if (json_array_size(group) > 1)
			json_array_append(groups, group);
		json_decref(group);
	}
	return groups;
}

void compare_copies(struct comparison *comparison)
{
	struct side *a = comparison->sides.items, *side;
	bool any = false;

	for_each(side, &comparison->sides) {
		if (side == a || comparison->baseline || a->nr + side->nr < 3)
			continue;
		side->copies = has_copies(comparison, side);
		side->tested = !side->copies;
		side->copies &= !(a->exact && side->exact);
		any |= side->copies;
	}
	comparison->copies = any ? list_copies(comparison) : json_array();
}

void compare_copies_text(const struct comparison *comparison)
{
	size_t nr = json_array_size(comparison->copies), i;
	const struct side *side;

	for (i = 0; i < nr && i < MAX_SHOWN; i++) {
		printf("the same boot: ");
		alike_print_list(json_array_get(comparison->copies, i));
	}
	if (nr > MAX_SHOWN)
		printf("and copies of %zu more boots\n", nr - MAX_SHOWN);
	for_each(side, &comparison->sides)
		if (side->copies)
			printf("copies of a boot say nothing about chance, so %s has no p\n",
			       side->name);
}

static bool constant(const struct figure *figure)
{
	return figure->values[0] == figure->values[figure->nr - 1];
}

/* Fill in all but Holm's p, which needs all other p. */
static struct chance chance_of(const struct side *a, const struct figure *base,
			       const struct side *side, const struct figure *figure)
{
	bool constants = constant(base) && constant(figure);
	struct chance chance = { .p = 1, .holm = 1 };

	if (base->unknown || figure->unknown)
		return chance;
	if (a->exact && side->exact && constants) {
		chance.sureness = SURE_EXACT;
		chance.significant = base->twice != figure->twice;
		return chance;
	}
	if (!side->tested)
		return chance;
	chance.sureness = constants && base->twice == figure->twice ? SURE_SAME : SURE_TESTED;
	chance.shift = shift_of(base->values, base->nr, figure->values, figure->nr);
	if (chance.sureness == SURE_TESTED)
		chance.p = stats_mann_whitney(base->values, base->nr, figure->values,
					      figure->nr);
	return chance;
}

void chance_correct(struct chance *chance, const struct list *family)
{
	if (chance->sureness != SURE_TESTED)
		return;
	chance->holm = stats_holm(family->items, family->nr, chance->p);
	chance->significant = chance->holm < STATS_ALPHA;
}

struct chance compare_chance(const struct side *a, const struct figure *base,
			     const struct side *side, const struct figure *figure)
{
	struct chance chance = chance_of(a, base, side, figure);

	chance_correct(&chance, &side->family);
	return chance;
}

bool compare_tells(const struct side *a, const struct side *side)
{
	return side->tested || (a->exact && side->exact);
}

static void add_row(struct comparison *comparison, const struct which *which)
{
	struct side *a = comparison->sides.items, *side;
	struct figure base = compare_figure(comparison, which, a), figure;
	struct chance chance;

	for_each(side, &comparison->sides) {
		if (side == a)
			continue;
		figure = compare_figure(comparison, which, side);
		chance = chance_of(a, &base, side, &figure);
		if (chance.sureness == SURE_TESTED)
			list_append(&side->family, &chance.p, sizeof(chance.p));
		figure_free(&figure);
	}
	figure_free(&base);
}

void compare_families(struct comparison *comparison)
{
	const struct match *match;
	const struct pair *pair;
	struct side *side;

	for_each(pair, &comparison->pairs) {
		struct which which = { .by = comparison->options->by, .pair = pair };

		add_row(comparison, &which);
		for_each(match, &comparison->matches) {
			which.match = match;
			if (compare_varies(comparison, &which))
				add_row(comparison, &which);
		}
	}
	for_each(side, &comparison->sides)
		stats_sort_p(side->family.items, side->family.nr);
}
