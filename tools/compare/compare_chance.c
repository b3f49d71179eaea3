// SPDX-License-Identifier: GPL-2.0-only
/* Whether a difference may be chance: which boots can tell, and what they tell. */
#include "compare.h"
#include "stats.h"

static bool constant(const struct figure *figure)
{
	return figure->values[0] == figure->values[figure->nr - 1];
}

/* All but Holm's p, for which all p's have to be known */
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
	struct side *a = comparison->sides.items, *side;

	for_each(side, &comparison->sides)
		side->tested = side != a && a->nr + side->nr > 2;
	for_each(pair, &comparison->pairs) {
		struct which which = { .pair = pair };

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
