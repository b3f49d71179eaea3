// SPDX-License-Identifier: GPL-2.0-only
/* What a side's boots have of some exits. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>

#include "compare.h"
#include "stats.h"

static __u64 count(const struct match *match, const struct phase *phase, size_t boot)
{
	return match->slot[boot] < 0 ? 0 : phase->counts[match->slot[boot]];
}

/* Of a boot that lacks the phase: 0 */
static __u64 exits_of(const struct comparison *comparison,
		      const struct which *which, size_t boot)
{
	const struct phase *phase = which->pair->phase[boot];
	const struct match *match;
	__u64 sum = 0;

	if (!phase)
		return 0;
	if (which->match)
		return count(which->match, phase, boot);
	if (!which->reason)
		return phase->exits;
	for_each(match, &comparison->matches)
		if (compare_called(comparison, match, which->reason))
			sum += count(match, phase, boot);
	return sum;
}

static bool is_known(const struct which *which, size_t boot)
{
	const struct phase *phase = which->pair->phase[boot];

	return !phase || phases_know(phase, which->match || which->reason ?
				     PHASE_REASONS : PHASE_EXITS);
}

bool compare_known(const struct comparison *comparison, const struct pair *pair)
{
	struct which which = { .pair = pair, .reason = "" };
	size_t i;

	for (i = 0; i < comparison->boots.nr; i++)
		if (!is_known(&which, i))
			return false;
	return true;
}

bool compare_varies(const struct comparison *comparison, const struct which *which)
{
	__u64 first = exits_of(comparison, which, 0);
	size_t i;

	for (i = 1; i < comparison->boots.nr; i++)
		if (exits_of(comparison, which, i) != first)
			return compare_known(comparison, which->pair);
	return false;
}

struct figure compare_figure(const struct comparison *comparison,
			     const struct which *which, const struct side *side)
{
	struct figure figure = { .nr = side->nr };
	size_t i;

	figure.values = calloc(side->nr, sizeof(*figure.values));
	if (!figure.values)
		error(STATUS_UNREADABLE, errno, "compare");
	for (i = 0; i < side->nr; i++) {
		figure.values[i] = exits_of(comparison, which, side->first + i);
		figure.exists |= !!which->pair->phase[side->first + i];
		figure.unknown |= !is_known(which, side->first + i);
	}
	stats_sort(figure.values, figure.nr);
	figure.twice = stats_twice_median(figure.values, figure.nr);
	return figure;
}

void figure_free(struct figure *figure)
{
	free(figure->values);
	figure->values = NULL;
}
