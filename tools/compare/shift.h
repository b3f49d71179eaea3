/* SPDX-License-Identifier: GPL-2.0-only */
/* The shift between two samples of values. */
#ifndef BOOTEXITS_SHIFT_H
#define BOOTEXITS_SHIFT_H

#include <stddef.h>
#include <linux/types.h>

/* By how much the second sample is larger, in the unit of the values. */
struct shift {
	__int128 twice;		/* the estimate, doubled, so that it is whole */
	__int128 low, high;	/* the interval; both ends belong to it */
	double confidence;	/* the interval's, from 0 to 1 */
};

/**
 * shift_of() - Hodges and Lehmann's estimate of a shift, and its interval
 * @a: @n sorted values, at least one
 * @b: @m sorted values, at least one
 *
 * The estimate is the median of all @n * @m differences between a value of @b and
 * one of @a.  The interval reaches from the k-th smallest of these to the k-th
 * largest.  It assumes only that @b's distribution is @a's, moved.
 *
 * k comes from the two-sided Mann-Whitney test at STATS_ALPHA.  The distribution
 * of U is exact if a double can count all orders of both samples: up to 28 values
 * each.  For more values it is the normal approximation.  Equal values make the
 * interval wider than it has to be.  If there are too few values for
 * 1 - STATS_ALPHA, the interval reaches from the smallest difference to the
 * largest.  confidence then says what it is worth: 0 for one value each.
 *
 * Source: J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 34
 * (1963), p. 598.  Source of the interval: P. A. P. Moran, Journal of the Royal
 * Statistical Society B 12 (1950).
 */
struct shift shift_of(const __u64 *a, size_t n, const __u64 *b, size_t m);

/** shift_confidence() - the confidence of shift_of() for @n and @m values */
double shift_confidence(size_t n, size_t m);

#endif /* BOOTEXITS_SHIFT_H */
