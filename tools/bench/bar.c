// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bench/bar.h"

/* A figure as sscanf() reads it; 63 is LOG_TEXT - 1. */
#define FIGURE	"%63[^/ ]/%63[^ ]"
#define LIMIT	" <= %31[-0-9.%%] %n"
#define PERCENT	1000	/* a bar's limit is in 1/1,000 of a percent */

/* Read "N", or for a difference "N.N%", with at most three digits after the point. */
static bool parse_limit(const char *text, struct bar *bar)
{
	long long unit = PERCENT;
	char *end;

	errno = 0;
	bar->limit = strtoll(text, &end, 10);
	if (end == text || errno)
		return false;
	if (!*end)
		return true;
	if (!bar->difference || *text == '-' || bar->limit > LLONG_MAX / PERCENT - 1)
		return false;
	bar->percent = true;
	bar->limit *= PERCENT;
	if (*end == '.')
		while (isdigit((unsigned char)*++end) && (unit /= 10))
			bar->limit += unit * (*end - '0');
	return !strcmp(end, "%");
}

bool bar_parse(const char *text, struct bar *bar)
{
	char limit[32];
	int used = 0;

	*bar = (struct bar){ .text = text };
	sscanf(text, FIGURE LIMIT, bar->left.run, bar->left.bench, limit, &used);
	if (!used) {
		bar->difference = true;
		sscanf(text, FIGURE " - " FIGURE LIMIT, bar->left.run,
		       bar->left.bench, bar->right.run, bar->right.bench,
		       limit, &used);
	}
	return used && !text[used] && parse_limit(limit, bar);
}

const struct log_bench *bar_find(const struct run *run, const char *bench)
{
	const struct log_bench *record;

	for_each(record, &run->benches)
		if (!strcmp(record->name, bench))
			return record;
	return NULL;
}

static const struct log_bench *find_figure(const struct log *log,
					   const struct figure *figure)
{
	const struct run *run;

	for_each(run, &log->runs)
		if (!strcmp(run->name, figure->run))
			return bar_find(run, figure->bench);
	return NULL;
}

void bar_apply(const struct bar *bar, const struct log *log,
	       struct bar_result *result)
{
	*result = (struct bar_result){ .left = find_figure(log, &bar->left) };
	if (bar->difference)
		result->right = find_figure(log, &bar->right);
	if (!result->left || (bar->difference && !result->right))
		return;
	result->value = result->left->min;
	if (bar->difference)
		result->value -= result->right->min;
	if (bar->percent)
		result->ok = result->value * (100 * PERCENT) <=
			     (__int128)bar->limit * result->right->min;
	else
		result->ok = result->value <= bar->limit;
}
