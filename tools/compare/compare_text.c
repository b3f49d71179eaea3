// SPDX-License-Identifier: GPL-2.0-only
/* A comparison of boots as a table. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "stats.h"

/* A's columns have no difference; only of several boots there is a spread. */
static void add_headings(struct table *table, const struct comparison *comparison)
{
	const struct side *a = comparison->sides.items, *side;

	table_add(table, "phase");
	table_add(table, "reason");
	for_each(side, &comparison->sides) {
		table_add(table, "%s", side->name);
		if (side->nr > 1)
			table_add(table, "MAD");
		if (side == a)
			continue;
		table_add(table, "%s - A", side->name);
		table_add(table, "%%");
		if (compare_tells(a, side))
			table_add(table, "p");
	}
}

/* As long as the headings: all cells of it are to the right but the first two. */
static char *alignment(const struct comparison *comparison)
{
	struct table table = { .align = "" };
	char *align;

	add_headings(&table, comparison);
	align = malloc(table.cells.nr + 1);
	if (!align)
		error(STATUS_UNREADABLE, errno, "compare");
	memset(align, 'r', table.cells.nr);
	align[table.cells.nr] = '\0';
	align[0] = 'l';
	align[1] = 'l';
	table_free(&table);
	return align;
}

static void add_figure(struct table *table, const struct figure *figure)
{
	char text[GROUPED];

	if (figure->unknown) {
		table_add(table, "?");
		if (figure->nr > 1)
			table_add(table, "?");
		return;
	}
	table_add(table, "%s", figure->exists ? grouped_half(text, figure->twice) : "-");
	if (figure->nr > 1)
		table_add(table, "%s", figure->exists ?
			  grouped_half(text, stats_twice_mad(figure->values, figure->nr)) : "-");
}

static void add_sureness(struct table *table, enum sureness sureness, bool differs,
			 double p)
{
	if (sureness == SURE_EXACT)
		table_add(table, differs ? "exact" : "");
	else if (p >= STATS_ALPHA)
		table_add(table, "~");
	else if (p < 0.001)
		table_add(table, "<0.001");
	else
		table_add(table, "%.3f", p);
}

static void add_row(struct table *table, const struct comparison *comparison,
		    const char *label, const char *reason, const struct which *which)
{
	const struct side *a = comparison->sides.items, *side;
	struct figure base = compare_figure(comparison, which, a), figure;
	enum sureness sureness;
	char text[GROUPED];
	double p = 1;

	table_add(table, "%s", label);
	table_add(table, "%s", reason);
	add_figure(table, &base);
	for (side = a + 1; side < a + comparison->sides.nr; side++) {
		figure = compare_figure(comparison, which, side);
		add_figure(table, &figure);
		if (base.unknown || figure.unknown) {
			table_add(table, "?");
			table_add(table, "?");
			if (compare_tells(a, side))
				table_add(table, "?");
			figure_free(&figure);
			continue;
		}
		table_add(table, "%s", base.exists || figure.exists ?
			  grouped_difference(text, base.twice, figure.twice) : "-");
		table_add(table, "%s", grouped_percent(text, base.twice, figure.twice));
		sureness = compare_sureness(a, &base, side, &figure, &p);
		if (sureness != SURE_UNTOLD)
			add_sureness(table, sureness, base.twice != figure.twice, p);
		figure_free(&figure);
	}
	figure_free(&base);
}

/* The reasons that vary, and then all exits of the phase. */
static void add_rows(struct table *table, const struct comparison *comparison,
		     const struct pair *pair)
{
	struct which which = { .pair = pair };
	const char *label = pair->label;
	const struct match *match;

	for_each(match, &comparison->matches) {
		which.match = match;
		if (!compare_known(comparison, pair) || !compare_varies(comparison, &which))
			continue;
		add_row(table, comparison, label, compare_label(comparison, match), &which);
		label = "";
	}
	which.match = NULL;
	add_row(table, comparison, label, "all", &which);
}

static void print_head(const struct comparison *comparison)
{
	const struct compare_options *options = comparison->options;
	bool medians = comparison->boots.nr > comparison->sides.nr;
	const struct side *side;

	for_each(side, &comparison->sides) {
		printf("%s: %s", side->name, side->argument);
		if (medians)
			printf(": %zu boot%s", side->nr, side->nr == 1 ? "" : "s");
		putchar('\n');
	}
	compare_origin_text(comparison);
	if (comparison->by_name)
		puts("reasons are matched by name only");
	fputs(medians ? "medians of the exits of " : "exits of ", stdout);
	if (options->one)
		printf("vCPU %llu: ", options->vcpu);
	else
		printf("all vCPUs: ");
	if (comparison->unknown)
		puts("records are missing, so that not all of them are known (?)\n");
	else
		puts(comparison->equal ? "equal\n" : "these differ\n");
}

/* That no p is low can be for want of boots. */
static void print_note(const struct comparison *comparison)
{
	const struct side *a = comparison->sides.items, *side;
	const char *before = "\ntoo few boots for any p below 0.05 (4 on each side would do): A with ";

	for_each(side, &comparison->sides) {
		if (side == a || !compare_tells(a, side) || (a->exact && side->exact) ||
		    stats_least_p(a->nr, side->nr) < STATS_ALPHA)
			continue;
		printf("%s%s", before, side->name);
		before = ", ";
	}
	if (*before == ',')
		putchar('\n');
}

void compare_text(const struct comparison *comparison)
{
	char *align = alignment(comparison);
	struct table table = { .align = align };
	const struct pair *pair;

	print_head(comparison);
	add_headings(&table, comparison);
	for_each(pair, &comparison->pairs)
		add_rows(&table, comparison, pair);
	table_print(&table);
	table_free(&table);
	free(align);
	print_note(comparison);
	compare_gates_text(comparison);
}
