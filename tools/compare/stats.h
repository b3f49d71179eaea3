/* SPDX-License-Identifier: GPL-2.0-only */
/* Statistics of several measurements of one thing. */
#ifndef BOOTEXITS_STATS_H
#define BOOTEXITS_STATS_H

#include <stddef.h>
#include <linux/types.h>

#define STATS_ALPHA	0.05	/* a p below it is significant */

/** stats_sort() - put @nr values in rising order */
void stats_sort(__u64 *values, size_t nr);

/**
 * stats_twice_median() - twice the median of @nr sorted values, at least one
 *
 * It is doubled to be whole: the median of an even number of values is the mean of
 * the two in the middle.
 */
__uint128_t stats_twice_median(const __u64 *values, size_t nr);

/**
 * stats_mann_whitney() - two-sided Mann-Whitney U test of two samples
 * @a: @n values, sorted
 * @b: @m values, sorted
 *
 * The test is exact for samples of up to 25 values each (or a small and a larger
 * one), also with equal values.  It looks at all ways to deal out the ranks to both
 * samples.  It counts those whose sum is at least as far out, and doubles the
 * smaller end.  For more values it is the normal approximation, corrected for
 * continuity and for equal values.  Source: H. B. Mann and D. R. Whitney, Annals of
 * Mathematical Statistics 18 (1947), p. 50.
 *
 * Return: p, above 0 and up to 1.  It is 1 if a sample is empty, or if all values are equal.
 */
double stats_mann_whitney(const __u64 *a, size_t n, const __u64 *b, size_t m);

/** stats_least_p() - the smallest p that samples of @n and @m values can have */
double stats_least_p(size_t n, size_t m);

/**
 * stats_enough() - number of values that each of two samples needs for significance
 * @tests: number of tests that Holm's correction is for, at least one
 */
size_t stats_enough(size_t tests);

/**
 * stats_twice_mad() - twice the median absolute deviation of @nr sorted values, at
 * least one, from their median
 *
 * It is whole: if the median has half an exit, all doubled deviations are odd.
 */
__uint128_t stats_twice_mad(const __u64 *values, size_t nr);

/* An interval for the median of all boots like those that were measured. */
struct stats_interval {
	__u64 low, high;	/* both ends belong to it */
	double confidence;	/* from 0 to 1 */
};

/**
 * stats_median_interval() - interval of the median, of @nr sorted values, at least one
 *
 * It reaches from the k-th smallest value to the k-th largest.  Each value is below the
 * true median as often as a coin shows heads.  So the noise need be neither normal nor
 * symmetric.  k is the largest for which the confidence is at least 1 - STATS_ALPHA.
 * Fewer than six values can't have that.  Then the interval reaches from the smallest to
 * the largest, and confidence says what it is worth: 0 for one value.  Equal values make
 * it wider than it has to be.  Source: W. R. Thompson, Annals of Mathematical Statistics
 * 7 (1936), p. 122.
 */
struct stats_interval stats_median_interval(const __u64 *values, size_t nr);

/** stats_sort_p() - put @nr p's in rising order */
void stats_sort_p(double *p, size_t nr);

/**
 * stats_holm() - correct a p for being one of several
 * @all: the sorted p of all tests, with @own
 *
 * Take all tests with a corrected p below STATS_ALPHA.  The chance that even one of
 * them has found a difference that doesn't exist is below STATS_ALPHA.  This is so
 * however the tests depend on each other.  Source: S. Holm, Scandinavian Journal of
 * Statistics 6 (1979), p. 65.
 *
 * Return: the corrected p, at most 1.
 */
double stats_holm(const double *all, size_t nr, double own);

#endif /* BOOTEXITS_STATS_H */
