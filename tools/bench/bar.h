/* SPDX-License-Identifier: GPL-2.0-only */
/* A bar: the most that a benchmark, or the difference of two, may cost. */
#ifndef BOOTEXITS_BAR_H
#define BOOTEXITS_BAR_H

#include "tools/trace/log.h"

struct figure {
	char run[LOG_TEXT];
	char bench[LOG_TEXT];
};

/* left <= limit, or left - right <= limit, in ticks per operation or in 1/1,000 % of right. */
struct bar {
	const char *text;
	struct figure left, right;
	bool difference, percent;
	long long limit;
};

/* The log's figures for a bar.  NULL: the figure is missing, and the bar fails. */
struct bar_result {
	const struct log_bench *left, *right;
	__int128 value;			/* ticks; only if no figure is missing */
	bool ok;
};

/**
 * bar_parse() - read "RUN/BENCH <= N" or "RUN/BENCH - RUN/BENCH <= N"
 * @text: is kept.  The blanks are needed as shown.  N may be negative.  For a
 *	difference it may be percent of what is subtracted, such as 0.5%.
 *
 * Return: whether it is a bar.
 */
bool bar_parse(const char *text, struct bar *bar);

/** bar_apply() - judge the minima of a log by a bar */
void bar_apply(const struct bar *bar, const struct log *log,
	       struct bar_result *result);

/** bar_find() - the first bench record with this name in a run, or NULL */
const struct log_bench *bar_find(const struct run *run, const char *bench);

#endif /* BOOTEXITS_BAR_H */
