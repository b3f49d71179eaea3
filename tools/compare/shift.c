// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <math.h>
#include <stdlib.h>

#include "tools/compare/shift.h"
#include "tools/compare/stats.h"

#define EXACT_ORDERS	9007199254740992.0	/* 2^53: a double counts up to it */

/* k: the number of differences that are cut off at each end of the interval, plus one. */
struct cut {
	size_t k;
	double confidence;
};

/*
 * Returns in how many orders of @n and @m values U has each number below @nr.  The
 * caller frees it.  They are the coefficients of the product of
 * (1 - q^(m + i)) / (1 - q^i), for i from 1 to n.
 */
static double *count_orders(size_t n, size_t m, size_t nr)
{
	double *orders = calloc(nr, sizeof(*orders));
	size_t i, u;

	if (!orders)
		error(3, errno, "statistics");
	orders[0] = 1;
	for (i = 1; i <= n; i++) {
		for (u = nr; u-- > m + i; )
			orders[u] -= orders[u - m - i];
		for (u = i; u < nr; u++)
			orders[u] += orders[u - i];
	}
	return orders;
}

static struct cut exact_cut(size_t n, size_t m, double all)
{
	size_t nr = n * m / 2 + 1, k = 0;
	double *orders = count_orders(n, m, nr);
	double below = orders[0];

	while (k + 1 < nr && 2 * (below + orders[k + 1]) <= STATS_ALPHA * all)
		below += orders[++k];
	free(orders);
	return (struct cut){ k + 1, 2 * below < all ? 1 - 2 * below / all : 0 };
}

/* The approximation of stats_mann_whitney(), with the same correction for continuity. */
static struct cut normal_cut(double n, double m)
{
	static const double z = 1.959963984540054;	/* for STATS_ALPHA, two-sided */
	double mean = n * m / 2, sigma = sqrt(n * m * (n + m + 1) / 12);
	double u = floor(mean - 0.5 - z * sigma);

	if (u < 0)
		u = 0;
	return (struct cut){ u + 1, 1 - erfc((mean - 0.5 - u) / sigma / sqrt(2)) };
}

static struct cut cut_of(size_t n, size_t m)
{
	size_t less = n < m ? n : m, more = n + m - less, i;
	double all = 1;

	for (i = 1; i <= less && all < EXACT_ORDERS; i++)
		all = all * (more + i) / i;
	return all < EXACT_ORDERS ? exact_cut(less, more, all) : normal_cut(n, m);
}

/* Returns how many differences are not larger than @limit. */
static size_t count_differences(const __u64 *a, size_t n, const __u64 *b, size_t m,
				__int128 limit)
{
	size_t nr = 0, i, j = 0;

	for (i = 0; i < n; i++) {
		while (j < m && (__int128)b[j] - a[i] <= limit)
			j++;
		nr += j;
	}
	return nr;
}

/* Returns the @k-th smallest difference, from 1: the least with @k that are not larger. */
static __int128 find_difference(const __u64 *a, size_t n, const __u64 *b, size_t m,
				size_t k)
{
	__int128 low = (__int128)b[0] - a[n - 1], high = (__int128)b[m - 1] - a[0];
	__int128 middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (count_differences(a, n, b, m, middle) >= k)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

struct shift shift_of(const __u64 *a, size_t n, const __u64 *b, size_t m)
{
	struct cut cut = cut_of(n, m);
	size_t nr = n * m;

	return (struct shift){
		.twice = find_difference(a, n, b, m, (nr + 1) / 2) +
			 find_difference(a, n, b, m, nr / 2 + 1),
		.low = find_difference(a, n, b, m, cut.k),
		.high = find_difference(a, n, b, m, nr + 1 - cut.k),
		.confidence = cut.confidence,
	};
}

double shift_confidence(size_t n, size_t m)
{
	return cut_of(n, m).confidence;
}
