// SPDX-License-Identifier: GPL-2.0-only
/* Unit tests of a shift and its interval.  Simulations are the same each time. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tools/compare/shift.h"
#include "tools/compare/stats.h"

#define MOST	64		/* most values of a sample */
#define ROUNDS	20000

static __u64 state_of_random;

/* splitmix64: a number above 0, up to 1 */
static double uniform(void)
{
	__u64 z = (state_of_random += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return ((z >> 11) + 1) * 0x1p-53 * (1 - 0x1p-53);
}

static __u64 normal(void)
{
	double radius = sqrt(-2 * log(uniform()));

	return 100000000 + llround(1e6 * radius * cos(2 * M_PI * uniform()));
}

static __u64 skewed(void)
{
	return llround(-1e6 * log(uniform()));
}

/* One of few different values, most of them 0 to 3 */
static __u64 few(void)
{
	return -1.5 * log(uniform());
}

struct simulation {
	size_t n, m;
	__u64 (*value)(void);
	double t;	/* Student's t for 0.975, with n + m - 2 degrees of freedom; or 0 */
};

static double variance(const __u64 *values, size_t nr)
{
	double mean = 0, sum = 0;
	size_t i;

	for (i = 0; i < nr; i++)
		mean += (double)values[i] / nr;
	for (i = 0; i < nr; i++)
		sum += (values[i] - mean) * (values[i] - mean);
	return sum / (nr - 1);
}

/* The width of the t interval of the difference of two samples of @n values */
static double t_width(const struct simulation *simulation, const __u64 *a, const __u64 *b)
{
	size_t n = simulation->n;

	return 2 * simulation->t * sqrt((variance(a, n) + variance(b, n)) / n);
}

/*
 * The interval must contain the true shift as often as it claims, less three
 * standard errors for chance.  It may contain it more often only for samples
 * with equal values.
 */
static void simulate(const struct simulation *simulation)
{
	const __u64 moved = 3;
	size_t n = simulation->n, m = simulation->m, covered = 0, round, i;
	double claim = shift_confidence(n, m), error = sqrt(claim * (1 - claim) / ROUNDS);
	double width = 0, others_width = 0, share;
	__u64 a[MOST], b[MOST];
	struct shift shift;

	state_of_random = 20 * n + m;
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < n; i++)
			a[i] = simulation->value();
		for (i = 0; i < m; i++)
			b[i] = simulation->value() + moved;
		stats_sort(a, n);
		stats_sort(b, m);
		shift = shift_of(a, n, b, m);
		covered += shift.low <= moved && shift.high >= moved;
		width += shift.high - shift.low;
		if (simulation->t)	/* then both samples have @n values */
			others_width += t_width(simulation, a, b);
	}
	share = (double)covered / ROUNDS;
	if (share < claim - 3 * error || (simulation->value != few && share > claim + 3 * error))
		fail_msg("%zu and %zu: %.4f are covered, not %.4f", n, m, share, claim);
	if (!simulation->t)
		return;
	print_message("# %zu and %zu: %.4f are covered, by %.3f of the t interval's width\n",
		      n, m, share, width / others_width);
	if (claim < 0.95 || width > 1.5 * others_width)
		fail_msg("%zu and %zu: confidence %.4f, %.3f times as wide as t's", n, m,
			 claim, width / others_width);
}

static void interval_covers(void **state)
{
	static const struct simulation simulations[] = {
		{ 5, 5, normal, 2.306004 },
		{ 10, 10, normal, 2.100922 },
		{ 30, 30, normal, 2.001717 },
		{ 5, 5, skewed, 0 }, { 10, 10, skewed, 0 }, { 30, 30, skewed, 0 },
		{ 5, 5, few, 0 }, { 10, 10, few, 0 }, { 30, 30, few, 0 },
		{ 2, 2, normal, 0 }, { 3, 3, normal, 0 }, { 1, 5, normal, 0 },
		{ 4, 12, skewed, 0 }, { 60, 2, normal, 0 }, { 40, 20, skewed, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(simulations) / sizeof(simulations[0]); i++)
		simulate(&simulations[i]);
}

struct median_simulation {
	size_t n;
	__u64 (*value)(void);
	__u64 median;	/* the true one */
	double t;	/* Student's t for 0.975, with n - 1 degrees of freedom; or 0 */
};

/* The same claims for the interval of one sample's median, and the t interval of its mean. */
static void simulate_median(const struct median_simulation *simulation)
{
	double claim, error, share, width = 0, others_width = 0;
	size_t n = simulation->n, covered = 0, round, i;
	struct stats_interval interval;
	__u64 values[MOST];

	state_of_random = 40 + n;
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < n; i++)
			values[i] = simulation->value();
		stats_sort(values, n);
		interval = stats_median_interval(values, n);
		covered += interval.low <= simulation->median && interval.high >= simulation->median;
		width += interval.high - interval.low;
		others_width += 2 * simulation->t * sqrt(variance(values, n) / n);
	}
	claim = interval.confidence;
	error = sqrt(claim * (1 - claim) / ROUNDS);
	share = (double)covered / ROUNDS;
	if (share < claim - 3 * error || (simulation->value != few && share > claim + 3 * error))
		fail_msg("the median of %zu: %.4f are covered, not %.4f", n, share, claim);
	if (n > 5 && claim < 1 - STATS_ALPHA)
		fail_msg("the median of %zu: confidence %.4f", n, claim);
	if (!simulation->t)
		return;
	print_message("# the median of %zu: %.4f are covered, by %.3f of the t interval's width\n", n, share,
		      width / others_width);
	if (width > 1.5 * others_width)
		fail_msg("the median of %zu: %.3f times as wide as t's", n, width / others_width);
}

static void median_is_covered(void **state)
{
	static const struct median_simulation simulations[] = {
		{ 5, normal, 100000000, 2.776445 },
		{ 10, normal, 100000000, 2.262157 },
		{ 30, normal, 100000000, 2.045230 },
		{ 5, skewed, 693147, 0 }, { 10, skewed, 693147, 0 }, { 30, skewed, 693147, 0 },
		{ 5, few, 1, 0 }, { 10, few, 1, 0 }, { 30, few, 1, 0 },
		{ 2, normal, 100000000, 0 }, { 3, skewed, 693147, 0 }, { 6, normal, 100000000, 0 },
		{ 8, skewed, 693147, 0 }, { 60, normal, 100000000, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(simulations) / sizeof(simulations[0]); i++)
		simulate_median(&simulations[i]);
}

/* From the table of R's qbinom(0.025, n, 0.5), and counted for many values */
static void median_intervals(void **state)
{
	static const struct {
		size_t n, k;
		double confidence;
	} table[] = {
		{ 1, 0, 0 }, { 2, 0, 0.5 }, { 5, 0, 0.9375 }, { 6, 0, 0.96875 }, { 8, 0, 0.9921875 },
		{ 9, 1, 0.9609375 }, { 10, 1, 0.978515625 }, { 30, 9, 0.957226055 }, { 2000, 955, 0 },
	};
	struct stats_interval interval;
	__u64 values[2000];
	size_t i;

	(void)state;
	for (i = 0; i < 2000; i++)
		values[i] = i;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		interval = stats_median_interval(values, table[i].n);
		if (interval.low != table[i].k || interval.high != table[i].n - 1 - table[i].k)
			fail_msg("%zu values: from %llu", table[i].n, interval.low);
		if (table[i].n < 2000 && fabs(interval.confidence - table[i].confidence) > 1e-9)
			fail_msg("%zu values: confidence %.12f", table[i].n, interval.confidence);
	}
	assert_true(interval.confidence > 0.953 && interval.confidence < 0.954);
}

static int compare_differences(const void *a, const void *b)
{
	const __int128 *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

/* Count out estimate and interval.  @k is the first difference of the interval. */
static void assert_shift(const __u64 *a, size_t n, const __u64 *b, size_t m, size_t k)
{
	struct shift shift = shift_of(a, n, b, m);
	__int128 all[MOST * MOST];
	size_t nr = 0, i, j;

	for (i = 0; i < n; i++)
		for (j = 0; j < m; j++)
			all[nr++] = (__int128)b[j] - a[i];
	qsort(all, nr, sizeof(*all), compare_differences);
	if (shift.twice != all[(nr - 1) / 2] + all[nr / 2])
		fail_msg("%zu and %zu: another estimate", n, m);
	if (shift.low != all[k - 1] || shift.high != all[nr - k])
		fail_msg("%zu and %zu: not from the %zu-th difference on", n, m, k);
}

/*
 * The first difference of the interval is one above the critical value of U,
 * two-sided, at 0.05.  The values are from the table of tests/unit/compare.c.
 * For 30 and 40 they are from the approximation.
 */
static void differences_are_counted(void **state)
{
	static const struct {
		size_t n, m, k;
	} table[] = {
		{ 1, 1, 1 }, { 1, 5, 1 }, { 2, 2, 1 }, { 3, 3, 1 }, { 3, 5, 1 }, { 4, 4, 1 },
		{ 4, 5, 2 }, { 5, 5, 3 }, { 6, 6, 6 }, { 7, 7, 9 }, { 8, 8, 14 }, { 9, 9, 18 },
		{ 10, 10, 24 }, { 12, 12, 38 }, { 15, 15, 65 }, { 20, 20, 128 }, { 9, 12, 27 },
		{ 12, 9, 27 }, { 10, 20, 56 }, { 20, 10, 56 }, { 5, 15, 15 }, { 30, 30, 317 },
		{ 40, 20, 275 },
	};
	__u64 a[MOST], b[MOST];
	size_t i, j;

	(void)state;
	state_of_random = 1;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		for (j = 0; j < MOST; j++) {
			a[j] = i % 2 ? normal() : few();
			b[j] = i % 2 ? normal() : few();
		}
		stats_sort(a, table[i].n);
		stats_sort(b, table[i].m);
		assert_shift(a, table[i].n, b, table[i].m, table[i].k);
	}
}

static void assert_near(double is, double want)
{
	if (fabs(is - want) > 1e-9)
		fail_msg("%.12g, not %.12g", is, want);
}

/* With fewer than four values a side, 95 % is not possible: it is 1 - 2 / (n + m over n). */
static void confidences(void **state)
{
	(void)state;
	assert_near(shift_confidence(1, 1), 0);
	assert_near(shift_confidence(1, 5), 1 - 2 / 6.0);
	assert_near(shift_confidence(5, 1), 1 - 2 / 6.0);
	assert_near(shift_confidence(1, 39), 0.95);
	assert_near(shift_confidence(2, 2), 1 - 2 / 6.0);
	assert_near(shift_confidence(3, 3), 0.9);
	assert_near(shift_confidence(3, 4), 1 - 2 / 35.0);
	assert_near(shift_confidence(4, 4), 1 - 2 / 70.0);
	assert_near(shift_confidence(5, 5), 1 - 8 / 252.0);
	/* the last one that is counted out, and the first one that is approximated */
	assert_true(fabs(shift_confidence(28, 28) - 0.951) < 0.001);
	assert_true(fabs(shift_confidence(29, 29) - 0.951) < 0.001);
	assert_true(fabs(shift_confidence(5000, 3000) - 0.95) < 0.0001);
}

/* Example 4.2 of Hollander and Wolfe, Nonparametric Statistical Methods (1999), in hundredths */
static void book_example(void **state)
{
	static const __u64 term[] = { 73, 80, 83, 104, 138, 145, 146, 164, 189, 191 };
	static const __u64 weeks[] = { 74, 88, 90, 115, 121 };
	struct shift shift = shift_of(weeks, 5, term, 10);

	(void)state;
	assert_true(shift.twice == 61 && shift.low == -15 && shift.high == 76);
	shift = shift_of(term, 10, weeks, 5);
	assert_true(shift.twice == -61 && shift.low == -76 && shift.high == 15);
}

static void extremes(void **state)
{
	static const __u64 ones[] = { 1, 1, 1, 1 }, twos[] = { 2, 2, 2, 2 };
	static const __u64 most[] = { ~0ULL, ~0ULL, ~0ULL, ~0ULL }, none[4];
	struct shift shift = shift_of(ones, 4, twos, 4);

	(void)state;
	assert_true(shift.twice == 2 && shift.low == 1 && shift.high == 1);
	shift = shift_of(none, 4, most, 4);
	assert_true(shift.twice == (__int128)~0ULL * 2 && shift.low == ~0ULL && shift.high == ~0ULL);
	shift = shift_of(most, 4, none, 4);
	assert_true(shift.twice == (__int128)~0ULL * -2 && shift.low == -(__int128)~0ULL);
	shift = shift_of(none, 1, most, 1);
	assert_true(shift.low == ~0ULL && shift.high == ~0ULL && !shift.confidence);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(book_example),
		cmocka_unit_test(differences_are_counted),
		cmocka_unit_test(confidences),
		cmocka_unit_test(extremes),
		cmocka_unit_test(interval_covers),
		cmocka_unit_test(median_intervals),
		cmocka_unit_test(median_is_covered),
	};

	return cmocka_run_group_tests_name("shifts", tests, NULL, NULL);
}
