// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <math.h>
#include <stdlib.h>

#include "tools/compare/stats.h"

#define EXACT_MAX	(50 * 25)	/* number of all values, times that of the smaller sample */

static int compare_values(const void *a, const void *b)
{
	const __u64 *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

void stats_sort(__u64 *values, size_t nr)
{
	qsort(values, nr, sizeof(*values), compare_values);
}

__uint128_t stats_twice_median(const __u64 *values, size_t nr)
{
	return (__uint128_t)values[(nr - 1) / 2] + values[nr / 2];
}

/*
 * The sorted values of both samples.  Ranks begin with 1.  Equal values share the
 * mean of their ranks, which is whole if it is doubled.
 */
struct ranks {
	size_t nr;
	size_t *twice;		/* each value's rank, doubled */
	size_t twice_sum;	/* of the first sample */
	double ties;		/* sum of t^3 - t over groups of t equal values */
};

static size_t count_equal(const __u64 *values, size_t nr, __u64 value)
{
	size_t same = 0;

	while (same < nr && values[same] == value)
		same++;
	return same;
}

static void rank(const __u64 *a, size_t n, const __u64 *b, size_t m,
		 struct ranks *ranks)
{
	size_t i = 0, j = 0, same_a, same_b, same, twice, k;
	__u64 value;

	*ranks = (struct ranks){ .nr = n + m };
	ranks->twice = malloc(ranks->nr * sizeof(*ranks->twice));
	if (!ranks->twice)
		error(3, errno, "statistics");
	while (i < n || j < m) {
		value = j == m || (i < n && a[i] < b[j]) ? a[i] : b[j];
		same_a = count_equal(a + i, n - i, value);
		same_b = count_equal(b + j, m - j, value);
		same = same_a + same_b;
		twice = 2 * (i + j) + same + 1;
		for (k = 0; k < same; k++)
			ranks->twice[i + j + k] = twice;
		ranks->twice_sum += same_a * twice;
		ranks->ties += (double)same * same * same - same;
		i += same_a;
		j += same_b;
	}
}

/*
 * Returns in how many ways @k of all ranks have each sum: a row of @sums numbers for
 * each number of ranks up to @k.  They are exact in a double.  The caller frees them.
 */
static double *count_ways(const struct ranks *ranks, size_t k, size_t sums)
{
	double *ways = calloc((k + 1) * sums, sizeof(*ways));
	size_t i, j, sum, add;

	if (!ways)
		error(3, errno, "statistics");
	ways[0] = 1;
	for (i = 0; i < ranks->nr; i++) {
		add = ranks->twice[i];
		for (j = i < k ? i + 1 : k; j; j--)
			for (sum = add; sum < sums; sum++)
				ways[j * sums + sum] += ways[(j - 1) * sums + sum - add];
	}
	return ways;
}

/* @k: number of values in the sample with this sum of ranks */
static double exact_p(const struct ranks *ranks, size_t k, size_t twice_sum)
{
	size_t sums = k * 2 * ranks->nr + 1, sum;
	double *ways = count_ways(ranks, k, sums);
	double low = 0, high = 0, all = 0, p;

	for (sum = 0; sum < sums; sum++) {
		all += ways[k * sums + sum];
		if (sum <= twice_sum)
			low += ways[k * sums + sum];
		if (sum >= twice_sum)
			high += ways[k * sums + sum];
	}
	free(ways);
	p = 2 * (low < high ? low : high) / all;
	return p < 1 ? p : 1;
}

static double normal_p(const struct ranks *ranks, double n, double m)
{
	double nr = n + m;
	double u = ranks->twice_sum / 2.0 - n * (n + 1) / 2;
	double variance = n * m / 12 * (nr + 1 - ranks->ties / (nr * (nr - 1)));
	double off = fabs(u - n * m / 2) - 0.5;

	if (variance <= 0 || off <= 0)
		return 1;
	return erfc(off / sqrt(2 * variance));
}

double stats_mann_whitney(const __u64 *a, size_t n, const __u64 *b, size_t m)
{
	struct ranks ranks;
	double p;

	if (!n || !m)
		return 1;
	rank(a, n, b, m, &ranks);
	if ((n + m) * (n < m ? n : m) > EXACT_MAX)
		p = normal_p(&ranks, n, m);
	else if (n <= m)
		p = exact_p(&ranks, n, ranks.twice_sum);
	else
		p = exact_p(&ranks, m, (n + m) * (n + m + 1) - ranks.twice_sum);
	free(ranks.twice);
	return p;
}

double stats_least_p(size_t n, size_t m)
{
	double ways = 1;
	size_t i;

	for (i = 1; i <= n; i++)
		ways *= (double)(m + i) / i;
	return ways < 2 ? 1 : 2 / ways;
}

size_t stats_enough(size_t tests)
{
	size_t n = 1;

	while (stats_least_p(n, n) * tests >= STATS_ALPHA)
		n++;
	return n;
}

/* Takes the deviations in rising order: from the middle on, always the nearer value. */
__uint128_t stats_twice_mad(const __u64 *values, size_t nr)
{
	__uint128_t twice = stats_twice_median(values, nr), down, up, next, sum = 0;
	size_t below = nr / 2, above = nr / 2, i;

	for (i = 0; i <= nr / 2; i++) {
		down = below ? twice - (__uint128_t)values[below - 1] * 2 : 0;
		up = above < nr ? (__uint128_t)values[above] * 2 - twice : 0;
		if (above == nr || (below && down < up)) {
			next = down;
			below--;
		} else {
			next = up;
			above++;
		}
		if (i >= (nr - 1) / 2)
			sum += next;
	}
	return nr % 2 ? sum : sum / 2;
}

/* The logarithm keeps this right for any number: 2^-nr alone is 0 for 1,100 values. */
static double share_of(size_t nr, size_t k)
{
	return exp(lgamma(nr + 1.0) - lgamma(k + 1.0) - lgamma(nr - k + 1.0) - nr * M_LN2);
}

struct stats_interval stats_median_interval(const __u64 *values, size_t nr)
{
	double below = share_of(nr, 0);
	size_t k = 0;

	while (2 * (k + 1) < nr && 2 * (below + share_of(nr, k + 1)) <= STATS_ALPHA)
		below += share_of(nr, ++k);
	return (struct stats_interval){ values[k], values[nr - 1 - k], nr > 1 ? 1 - 2 * below : 0 };
}

static int compare_p(const void *a, const void *b)
{
	const double *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

void stats_sort_p(double *p, size_t nr)
{
	if (nr)
		qsort(p, nr, sizeof(*p), compare_p);
}

double stats_holm(const double *all, size_t nr, double own)
{
	double holm = own;
	size_t i;

	for (i = 0; i < nr && all[i] <= own; i++)
		if ((nr - i) * all[i] > holm)
			holm = (nr - i) * all[i];
	return holm < 1 ? holm : 1;
}
