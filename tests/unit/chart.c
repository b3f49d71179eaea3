// SPDX-License-Identifier: GPL-2.0-only
/* The chart's unit tests: a column's share of the points around it, and in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tools/report/chart.h"

#define KHZ		1000		/* so that a tick is a microsecond */

static struct chart chart;

static int teardown(void **state)
{
	(void)state;
	chart_close(&chart);
	return 0;
}

static void assert_columns(const double *want)
{
	unsigned int at;

	for (at = 0; at < chart.columns; at++)
		assert_float_equal(chart.exits[at], want[at], 1e-9);
}

/* Exits are spread evenly between points, across columns and parts of columns. */
static void exits_are_spread(void **state)
{
	(void)state;
	chart_open(&chart, 0, 400, KHZ, 4);
	chart_add(&chart, 250, 500);
	chart_add(&chart, 400, 530);
	assert_columns((double[]){ 200, 200, 110, 20 });
}

static void points_within_a_column_add_up(void **state)
{
	(void)state;
	chart_open(&chart, 0, 400, KHZ, 4);
	chart_add(&chart, 110, 0);
	chart_add(&chart, 120, 5);
	chart_add(&chart, 190, 7);
	chart_add(&chart, 200, 7);
	assert_columns((double[]){ 0, 7, 0, 0 });
	assert_float_equal(chart_rate(&chart, 1), 70000, 1e-6);
}

/* Columns have 100/3 ticks, and no exit may be lost at their edges. */
static void sums_are_kept(void **state)
{
	double sum = 0;
	unsigned int i;

	(void)state;
	chart_open(&chart, 0, 1000, KHZ, 30);
	for (i = 1; i <= 1000; i += 3)
		chart_add(&chart, i, i * 7);
	for (i = 0; i < chart.columns; i++)
		sum += chart.exits[i];
	assert_float_equal(sum, 7000, 1e-6);
}

static void what_is_outside_is_cut(void **state)
{
	(void)state;
	chart_open(&chart, 100, 300, KHZ, 2);
	chart_add(&chart, 50, 1000);
	chart_add(&chart, 150, 1100);
	chart_add(&chart, 350, 1300);
	chart_add(&chart, 400, 9999);
	assert_columns((double[]){ 50 + 50, 100 });
}

/* Two points at the same time, also at an edge: the time between them is zero. */
static void steps_are_in_their_column(void **state)
{
	(void)state;
	chart_open(&chart, 0, 400, KHZ, 4);
	chart_add(&chart, 0, 3);
	chart_add(&chart, 100, 3);
	chart_add(&chart, 100, 8);
	chart_add(&chart, 400, 8);
	chart_add(&chart, 400, 9);
	assert_columns((double[]){ 3, 5, 0, 1 });
}

static void what_goes_back_is_left_out(void **state)
{
	(void)state;
	chart_open(&chart, 0, 400, KHZ, 4);
	chart_add(&chart, 100, 10);
	chart_add(&chart, 50, 20);
	chart_add(&chart, 150, 5);
	chart_add(&chart, 200, 20);
	assert_columns((double[]){ 10, 10, 0, 0 });
}

static void columns_without_samples_are_known(void **state)
{
	(void)state;
	chart_open(&chart, 100, 500, KHZ, 4);
	assert_int_equal(chart_dotted(&chart), 4);
	chart_add(&chart, 99, 1);
	chart_add(&chart, 250, 2);
	assert_true(chart_mark(&chart, 350, 2));	/* a mark is no sample */
	assert_false(chart_mark(&chart, 340, 2));
	chart_add(&chart, 500, 3);
	assert_int_equal(chart_dotted(&chart), 2);
	assert_true(chart.samples[1] && chart.samples[3]);
}

/* The largest values that a log can have. */
static void extremes_are_survived(void **state)
{
	unsigned int at;

	(void)state;
	chart_open(&chart, UINT64_MAX - 1, UINT64_MAX, 1, 3);
	chart_add(&chart, UINT64_MAX - 1, UINT64_MAX / 2);
	chart_add(&chart, UINT64_MAX, UINT64_MAX);
	for (at = 0; at < chart.columns; at++)
		assert_true(chart.exits[at] >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(exits_are_spread, teardown),
		cmocka_unit_test_teardown(points_within_a_column_add_up, teardown),
		cmocka_unit_test_teardown(sums_are_kept, teardown),
		cmocka_unit_test_teardown(what_is_outside_is_cut, teardown),
		cmocka_unit_test_teardown(steps_are_in_their_column, teardown),
		cmocka_unit_test_teardown(what_goes_back_is_left_out, teardown),
		cmocka_unit_test_teardown(columns_without_samples_are_known, teardown),
		cmocka_unit_test_teardown(extremes_are_survived, teardown),
	};

	return cmocka_run_group_tests_name("the chart", tests, NULL, NULL);
}
