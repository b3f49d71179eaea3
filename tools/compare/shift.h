/* SPDX-License-Identifier: GPL-2.0-only */
/* How far apart two samples are. */
#ifndef BOOTEXITS_SHIFT_H
#define BOOTEXITS_SHIFT_H

#include <stddef.h>
#include <linux/types.h>

/* How much more the second sample has, in the unit of its values. */
struct shift {
	__int128 twice;		/* the estimate, doubled: so it's whole */
	__int128 low, high;	/* its interval; both ends belong to it */
	double confidence;	/* the interval's, from 0 to 1 */
};

/**
 * shift_of() - Hodges and Lehmann's estimate of a shift, and its interval
 * @a: @n values, sorted, one at least
 * @b: @m values, sorted, one at least
 *
 * The estimate is the median of all @n * @m differences of a value of @b and
 * one of @a.  The interval goes from the k-th of these in order to the k-th
 * last.  It assumes no distribution but that @b's is @a's, moved.
 *
 * k is what the two-sided Mann-Whitney test at STATS_ALPHA gives.  U's
 * distribution is exact if a double counts all orders of both samples, up to
 * 28 values each; beyond that it is the normal approximation.  Equal values
 * make the interval wider than need be.  Of too few values for 1 - STATS_ALPHA
 * it is the widest one, from the least difference to the largest, and
 * confidence says what that is worth: 0 for one value each.
 *
 * Source: J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 34
 * (1963), p. 598; the interval: P. A. P. Moran, Journal of the Royal
 * Statistical Society B 12 (1950).
 */
struct shift shift_of(const __u64 *a, size_t n, const __u64 *b, size_t m);

/** shift_confidence() - the confidence that shift_of() has of @n and @m values */
double shift_confidence(size_t n, size_t m);

#endif /* BOOTEXITS_SHIFT_H */
