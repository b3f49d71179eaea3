// SPDX-License-Identifier: GPL-2.0-only
/* The rows of a comparison's table, and their order. */
#include <stdlib.h>

#include "tools/compare/compare.h"

/* Whether a side differs from A as much as --min wants, and by how much. */
static bool differs(const struct comparison *comparison, const struct which *which,
		    __uint128_t *by)
{
	const struct side *a = comparison->sides.items, *side;
	struct figure base = compare_figure(comparison, which, a), figure;
	double least = comparison->options->least / 100;
	bool enough = !least;
	__uint128_t delta;

	*by = 0;
	for_each(side, &comparison->sides) {
		figure = compare_figure(comparison, which, side);
		delta = base.twice < figure.twice ? figure.twice - base.twice :
						    base.twice - figure.twice;
		if (base.unknown || figure.unknown)
			delta = -1;
		if (delta > *by)
			*by = delta;
		enough |= delta && delta >= least * base.twice;
		figure_free(&figure);
	}
	figure_free(&base);
	return enough;
}

static void add(const struct comparison *comparison, struct list *rows, const struct which *which,
		bool always)
{
	struct compare_row row = { .which = *which };

	if (differs(comparison, which, &row.by) || always)
		list_append(rows, &row, sizeof(row));
}

static int largest_first(const void *a, const void *b)
{
	const struct compare_row *one = a, *other = b;

	if (one->by != other->by)
		return one->by < other->by ? 1 : -1;
	if (one->which.pair != other->which.pair)
		return one->which.pair < other->which.pair ? -1 : 1;
	if (!one->which.match != !other->which.match)
		return one->which.match ? -1 : 1;
	return one->which.match < other->which.match ? -1 : one->which.match > other->which.match;
}

/* Sort and cut the rows, but leave the total at the end. */
static void arrange(const struct compare_options *options, struct list *rows)
{
	struct compare_row *items = rows->items;
	size_t nr = rows->nr - 1;

	if (options->by_delta)
		qsort(items, nr, sizeof(*items), largest_first);
	if (options->top && options->top < nr) {
		items[options->top] = items[nr];
		rows->nr = options->top + 1;
	}
}

void compare_rows(const struct comparison *comparison, struct list *rows)
{
	const struct pair *pair, *total = (const struct pair *)comparison->pairs.items +
					  comparison->pairs.nr - 1;
	const struct match *match;

	for_each(pair, &comparison->pairs) {
		struct which which = { .by = comparison->options->by, .pair = pair };

		for_each(match, &comparison->matches) {
			which.match = match;
			if (compare_varies(comparison, &which))
				add(comparison, rows, &which, false);
		}
		which.match = NULL;
		add(comparison, rows, &which, pair == total);
	}
	arrange(comparison->options, rows);
}
