// SPDX-License-Identifier: GPL-2.0-only
/* Unit tests of compare's calculations: statistics, gates, and texts for JSON. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/json.h"
#include "tools/bootexits.h"
#include "tools/compare/gate.h"
#include "tools/compare/stats.h"

static double test_of(const char *a, const char *b)
{
	const char *texts[2] = { a, b };
	__u64 values[2][64];
	size_t nr[2] = { 0, 0 }, i;
	char *end;

	for (i = 0; i < 2; i++) {
		for (; *texts[i]; texts[i] = end)
			values[i][nr[i]++] = strtoull(texts[i], &end, 10);
		stats_sort(values[i], nr[i]);
	}
	return stats_mann_whitney(values[0], nr[0], values[1], nr[1]);
}

static void assert_p(double p, double want)
{
	if (p < want * 0.9999999 || p > want * 1.0000001)
		fail_msg("p is %.12g, not %.12g", p, want);
}

/* The example of scipy.stats.mannwhitneyu's manual: U1 = 17, exact p = 1/9. */
static void scipy_example(void **state)
{
	(void)state;
	assert_p(test_of("19 22 16 29 24", "20 11 17 12"), 0.1111111111111111);
	assert_p(test_of("20 11 17 12", "19 22 16 29 24"), 0.1111111111111111);
}

/* Two samples without equal values that have this U.  For this, values of B are moved above A. */
static double p_of_u(size_t n, size_t m, size_t u)
{
	__u64 a[64], b[64];
	size_t i;

	for (i = 0; i < n; i++)
		a[i] = 1000 * (i + 1);
	/* A value of B below all of A counts 0 values of A below it.  One above all counts n. */
	for (i = 0; i < m; i++)
		b[i] = i + 1;
	for (i = m; i-- && u; ) {
		size_t above = u < n ? u : n;

		b[i] += above * 1000;
		u -= above;
	}
	stats_sort(b, m);
	return stats_mann_whitney(a, n, b, m);
}

/*
 * The largest U that is significant, two-sided, at 0.05: table of critical
 * values of the Mann-Whitney U (S. Siegel, Nonparametric Statistics, 1956,
 * table K; Auble 1953).
 */
static void critical_values(void **state)
{
	static const struct {
		size_t n, m, u;
	} table[] = {
		{ 3, 5, 0 }, { 4, 4, 0 }, { 4, 5, 1 }, { 5, 5, 2 }, { 6, 6, 5 },
		{ 7, 7, 8 }, { 8, 8, 13 }, { 9, 9, 17 }, { 10, 10, 23 },
		{ 12, 12, 37 }, { 15, 15, 64 }, { 20, 20, 127 }, { 9, 12, 26 },
		{ 10, 20, 55 }, { 5, 15, 14 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (p_of_u(table[i].n, table[i].m, table[i].u) >= STATS_ALPHA ||
		    p_of_u(table[i].n, table[i].m, table[i].u + 1) < STATS_ALPHA)
			fail_msg("n %zu, m %zu: U %zu isn't the critical one",
				 table[i].n, table[i].m, table[i].u);
	}
}

/* The expected p are counted: all ways to deal out the ranks, twice those at the smaller end. */
static void equal_values(void **state)
{
	(void)state;
	assert_p(test_of("1 1 1", "2 2 2"), 0.1);
	assert_p(test_of("1 1 1 1", "2 2 2 2"), 2 / 70.0);
	assert_p(test_of("1 1 2 2", "1 1 2 2"), 1);
	assert_p(test_of("5 5 5 5", "5 5 5 5"), 1);
	assert_p(test_of("1 1 2", "2 3 3"), 4 / 20.0);
	assert_p(test_of("3 5 5 8 9", "1 5 5 2 2 8"), 92 / 462.0);
	assert_p(test_of("7", "9"), 1);
	assert_p(test_of("", "9 10"), 1);
	assert_p(test_of("18446744073709551615 18446744073709551614 18446744073709551613 18446744073709551612",
			 "0 1 2 3"), 2 / 70.0);
}

/* With many values, the approximation is near the exact count. */
static void many_values(void **state)
{
	__u64 a[200], b[200];
	size_t i;

	(void)state;
	for (i = 0; i < 200; i++) {
		a[i] = 10 * i;
		b[i] = 10 * i + 1;
	}
	/* U is 100 off its mean 20,000, sigma is 1,155.7: z = 0.0861 */
	assert_true(fabs(stats_mann_whitney(a, 200, b, 200) - 0.9314) < 0.0001);
	for (i = 0; i < 200; i++)
		b[i] = 7;
	for (i = 0; i < 200; i++)
		a[i] = 7;
	assert_p(stats_mann_whitney(a, 200, b, 200), 1);
	for (i = 0; i < 200; i++)
		b[i] = 8;
	assert_true(stats_mann_whitney(a, 200, b, 200) < 1e-50);
	assert_true(stats_mann_whitney(a, 26, b, 26) < 1e-10);
	assert_true(stats_mann_whitney(a, 25, b, 25) < 1e-10);
}

static void least_p(void **state)
{
	(void)state;
	assert_p(stats_least_p(1, 1), 1);
	assert_p(stats_least_p(3, 3), 0.1);
	assert_p(stats_least_p(3, 5), 2 / 56.0);
	assert_p(stats_least_p(4, 4), 2 / 70.0);
	assert_true(stats_least_p(2000, 2000) >= 0 && stats_least_p(2000, 2000) < 1e-100);
}

static void least_p_of_tests(void **state)
{
	(void)state;
	assert_true(stats_enough(1) == 4);	/* 2 / 70 */
	assert_true(stats_enough(2) == 5);	/* 2 * 2 / 252 */
	assert_true(stats_enough(6) == 5);
	assert_true(stats_enough(7) == 6);	/* 7 * 2 / 252 is above, of 924 below 0.05 */
	assert_true(stats_enough(100) == 8);
}

/* R 4.2: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") is 0.03 0.06 0.06 0.02 */
static void holm(void **state)
{
	double p[] = { 0.01, 0.04, 0.03, 0.005 }, one = 0.7, equal[] = { 0.02, 0.02, 0.02 };
	double large[] = { 0.02, 0.6, 0.9 };

	(void)state;
	stats_sort_p(p, 4);
	assert_p(stats_holm(p, 4, 0.005), 0.02);
	assert_p(stats_holm(p, 4, 0.01), 0.03);
	assert_p(stats_holm(p, 4, 0.03), 0.06);
	assert_p(stats_holm(p, 4, 0.04), 0.06);
	assert_p(stats_holm(&one, 1, one), 0.7);
	assert_p(stats_holm(equal, 3, 0.02), 0.06);
	assert_p(stats_holm(large, 3, 0.6), 1);
	assert_p(stats_holm(large, 3, 0.9), 1);
}

static void assert_twice_mad(const char *text, __u64 want)
{
	__u64 values[64];
	size_t nr = 0;
	char *end;

	for (; *text; text = end)
		values[nr++] = strtoull(text, &end, 10);
	stats_sort(values, nr);
	if (stats_twice_mad(values, nr) != want)
		fail_msg("%zu values: another MAD", nr);
}

/* R 4.2: mad(..., constant = 1), doubled */
static void mads(void **state)
{
	static const __u64 most[] = { 0, ~0ULL };

	(void)state;
	assert_twice_mad("7", 0);
	assert_twice_mad("7 10", 3);
	assert_twice_mad("1 2 3 100", 2);
	assert_twice_mad("1 2 4 8", 3);
	assert_twice_mad("1 1 2 2 4 6 9", 2);
	assert_twice_mad("5 5 5 5 9", 0);
	assert_twice_mad("0 0 0 9 9 9", 9);
	assert_twice_mad("1 2 3 50 51 52", 49);
	assert_true(stats_twice_mad(most, 2) == ~0ULL);
}

static void medians(void **state)
{
	static const __u64 values[] = { 1, 4, 5, 18446744073709551615ULL };

	(void)state;
	assert_true(stats_twice_median(values, 1) == 2);
	assert_true(stats_twice_median(values, 2) == 5);
	assert_true(stats_twice_median(values, 3) == 8);
	assert_true(stats_twice_median(values + 2, 2) == (__uint128_t)values[3] + 5);
}

/* @a, @b: medians, doubled */
static bool breached(const char *text, __uint128_t a, __uint128_t b)
{
	struct gate gate;

	assert_null(gate_parse(text, &gate));
	return gate_breached(&gate, strncmp(text, "ms", 2) ? 1 : 1000000, a, b);
}

static void gates_are_exact(void **state)
{
	const __uint128_t large = (__uint128_t)18446744073709551615ULL * 2;

	(void)state;
	/* 0.5 % of 200 is 1; of 199 it's less */
	assert_false(breached("x>0.5%", 400, 402));
	assert_true(breached("x>=0.500%", 400, 402));
	assert_true(breached("x>0.5%", 398, 400));
	assert_true(breached("x>0.499%", 400, 402));
	assert_true(breached("x<-0.125%", 1600, 1597));
	assert_false(breached("x<-0.125%", 1600, 1598));
	assert_false(breached("x!=-0.125%", 1600, 1598));
	/* 5 ms are 5,000,000 ns */
	assert_false(breached("ms>5", 0, 10000000));
	assert_true(breached("ms>5", 0, 10000001));
	assert_true(breached("ms>=0.001", 2000, 4000));
	assert_false(breached("ms>9223372036854775807.999", 0, large));
	/* half an exit counts as one */
	assert_true(breached("x>0", 10, 11));
	assert_false(breached("x>=1", 10, 11));
	/* 0.001 % of 2^64 - 1 is 184,467,440,737,095.51615 */
	assert_false(breached("x>0.001%", large - 2 * 184467440737095ULL, large - 184467440737095ULL));
	assert_false(breached("x>9223372036854775807.999%", large, 0));
	assert_true(breached("x<9223372036854775807.999%", large, 0));
	assert_true(breached("x>-9223372036854775807.999%", large, 0));
	assert_true(breached("x>9223372036854775807.999%", 2, large));
	assert_false(breached("x>9223372036854775807.999%", 2, large / 1000));
	assert_true(breached("x>9223372036854775807.999%", 0, 1));
}

static void bounds_are_written(void **state)
{
	static const char * const texts[][2] = {
		{ "x>1", "> +1" }, { "x<=-0.50%", "<= -0.5%" }, { "x!=1234.005%", "!= +1,234.005%" },
		{ "x>=-9223372036854775807.999%", ">= -9,223,372,036,854,775,807.999%" },
	};
	char text[GROUPED + 8];
	struct gate gate;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_null(gate_parse(texts[i][0], &gate));
		assert_string_equal(gate_bound(text, &gate), texts[i][1]);
	}
}

static void assert_text(const char *bytes, const char *want)
{
	json_t *text = json_text(bytes);

	assert_string_equal(json_string_value(text), want);
	json_decref(text);
}

static void texts_are_utf8(void **state)
{
	(void)state;
	assert_text("", "");
	assert_text("a\"b\\c", "a\"b\\c");
	assert_text("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	assert_text("a\xffz", "a\xef\xbf\xbdz");
	assert_text("\xc3", "\xef\xbf\xbd");
	assert_text("\xc3\xa9\xc3(", "\xc3\xa9\xef\xbf\xbd(");
	/* a surrogate, and a longer way to write a slash */
	assert_text("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	assert_text("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scipy_example),
		cmocka_unit_test(critical_values),
		cmocka_unit_test(equal_values),
		cmocka_unit_test(many_values),
		cmocka_unit_test(least_p),
		cmocka_unit_test(least_p_of_tests),
		cmocka_unit_test(holm),
		cmocka_unit_test(mads),
		cmocka_unit_test(medians),
		cmocka_unit_test(gates_are_exact),
		cmocka_unit_test(bounds_are_written),
		cmocka_unit_test(texts_are_utf8),
	};

	return cmocka_run_group_tests_name("what compare calculates", tests, NULL, NULL);
}
