// SPDX-License-Identifier: GPL-2.0-only
/* The values of some exits in the boots of a side. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "tools/compare/compare.h"
#include "tools/compare/stats.h"
#include "tools/trace/clocks.h"

static __u64 pick(enum measure by, const struct counter *counter)
{
	switch (by) {
	case BY_KVM:
		return counter->cycles[KVM_EXIT_TRACE_CLOCK_KVM];
	case BY_USER:
		return counter->cycles[KVM_EXIT_TRACE_CLOCK_USER];
	case BY_TOTAL:
		return counter_cost(counter);
	default:
		return counter->exits;
	}
}

static __u64 of_match(enum measure by, const struct match *match, const struct phase *phase,
		      size_t boot)
{
	int slot = match->slot[boot];

	return slot < 0 ? 0 : pick(by, &phase->slots[slot]);
}

static __u64 khz_of(const struct comparison *comparison, size_t boot)
{
	const struct boot *boots = comparison->boots.items;

	return boots[boot].run->tracer.tsc_khz;
}

/* Returns a boot's value.  It is 0 if the boot lacks the phase. */
static __u64 value_of(const struct comparison *comparison,
		      const struct which *which, size_t boot)
{
	const struct phase *phase = which->pair->phase[boot];
	const struct match *match;
	__u64 sum = 0;

	if (!phase)
		return 0;
	if (which->match)
		return of_match(which->by, which->match, phase, boot);
	if (which->by == BY_MS)
		return measure_ns(phases_ticks(phase), khz_of(comparison, boot));
	if (!which->reason)
		return pick(which->by, &phase->all);
	for_each(match, &comparison->matches)
		if (compare_called(comparison, match, which->reason))
			sum += of_match(which->by, match, phase, boot);
	return sum;
}

/* Without split clocks, the total has the vCPU's sleep, too.  So it is not compared with others. */
static bool has_clocks(const struct comparison *comparison, const struct which *which, const struct phase *phase)
{
	const struct boot *boots = comparison->boots.items;
	size_t i;

	if (which->by == BY_KVM || which->by == BY_USER)
		return phases_know(phase, PHASE_SPLIT);
	for (i = 0; which->by == BY_TOTAL && i < comparison->boots.nr; i++)
		if (clocks_split(boots[i].run) != phases_know(phase, PHASE_SPLIT))
			return false;
	return true;
}

static bool is_known(const struct comparison *comparison, const struct which *which, size_t boot)
{
	const struct phase *phase = which->pair->phase[boot];

	if (which->by == BY_MS)
		return !phase || (khz_of(comparison, boot) && phases_know(phase, PHASE_TIME));
	return !phase || (has_clocks(comparison, which, phase) &&
			  phases_know(phase, which->match || which->reason ? PHASE_REASONS : PHASE_EXITS));
}

const char *compare_unit(const struct comparison *comparison, enum measure by)
{
	const struct boot *boots = comparison->boots.items;

	return measure_unit(by, log_unit(&boots->log));
}

bool compare_known(const struct comparison *comparison, const struct pair *pair)
{
	struct which which = { .by = comparison->options->by, .pair = pair, .reason = "" };
	size_t i;

	for (i = 0; i < comparison->boots.nr; i++)
		if (!is_known(comparison, &which, i))
			return false;
	return true;
}

bool compare_varies(const struct comparison *comparison, const struct which *which)
{
	__u64 first = value_of(comparison, which, 0);
	size_t i;

	if (which->by == BY_MS && which->match)
		return false;
	for (i = 1; i < comparison->boots.nr; i++)
		if (value_of(comparison, which, i) != first)
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
		figure.values[i] = value_of(comparison, which, side->first + i);
		figure.exists |= !!which->pair->phase[side->first + i];
		figure.unknown |= !is_known(comparison, which, side->first + i);
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
