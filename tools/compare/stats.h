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

#endif /* BOOTEXITS_STATS_H */
