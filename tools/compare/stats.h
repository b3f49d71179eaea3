/* SPDX-License-Identifier: GPL-2.0-only */
/* What several measurements of one thing say. */
#ifndef BOOTEXITS_STATS_H
#define BOOTEXITS_STATS_H

#include <stddef.h>
#include <linux/types.h>

#define STATS_ALPHA	0.05	/* a p below it is significant */

/** stats_sort() - put @nr values in rising order */
void stats_sort(__u64 *values, size_t nr);

/**
 * stats_twice_median() - the median of @nr sorted values, one at least, doubled
 *
 * Doubled it is whole: of an even number of values the median is the mean of
 * the two in the middle.
 */
__uint128_t stats_twice_median(const __u64 *values, size_t nr);

/**
 * stats_mann_whitney() - the Mann-Whitney U test of two samples, two-sided
 * @a: @n values, sorted
 * @b: @m values, sorted
 *
 * Exact for samples of up to 25 values each (or a small and a larger one),
 * equal values included: of all ways to deal the ranks out to both samples it
 * counts those whose sum is as far out, and doubles the smaller end.  Beyond
 * that by the normal approximation, with corrections for continuity and for
 * equal values.  Source: H. B. Mann and D. R. Whitney, Annals of Mathematical
 * Statistics 18 (1947), p. 50.
 *
 * Return: p, from above 0 to 1; 1 if a sample is empty or all values are equal.
 */
double stats_mann_whitney(const __u64 *a, size_t n, const __u64 *b, size_t m);

/** stats_least_p() - the least p that samples of @n and @m values can have */
double stats_least_p(size_t n, size_t m);

/**
 * stats_enough() - how many values each of two samples needs for significance
 * @tests: how many tests Holm's correction is over, one at least
 */
size_t stats_enough(size_t tests);

/**
 * stats_twice_mad() - the median absolute deviation of @nr sorted values, one at
 * least, from their median, doubled
 *
 * It is whole: deviations from a median of half an exit are all odd when doubled.
 */
__uint128_t stats_twice_mad(const __u64 *values, size_t nr);

/** stats_sort_p() - put @nr p's in rising order */
void stats_sort_p(double *p, size_t nr);

/**
 * stats_holm() - a p, corrected for being one of several
 * @all: all p's of the tests that are looked at, @own too, sorted
 *
 * Whichever of the tests have a corrected p below STATS_ALPHA: the chance that
 * any of these is a difference that isn't there is below STATS_ALPHA, however the
 * tests depend on each other.  Source: S. Holm, Scandinavian Journal of Statistics
 * 6 (1979), p. 65.
 *
 * Return: the corrected p, 1 at most.
 */
double stats_holm(const double *all, size_t nr, double own);

#endif /* BOOTEXITS_STATS_H */
