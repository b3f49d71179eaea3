// SPDX-License-Identifier: GPL-2.0-only
/* A comparison of boots as a table. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "tools/compare/compare.h"
#include "tools/compare/stats.h"
#include "lib/text.h"

/* Returns the confidence of an interval in percent, at most the one that is asked for. */
static unsigned int confidence_of(const struct side *a, const struct side *side)
{
	double confidence = shift_confidence(a->nr, side->nr);

	if (confidence > 1 - STATS_ALPHA)
		confidence = 1 - STATS_ALPHA;
	return confidence * 100 + 1e-9;
}

/* A has no columns for a difference.  Only sides of several boots have a spread. */
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
		if (side->tested) {
			table_add(table, "shift");
			table_add(table, "%u%% interval", confidence_of(a, side));
		}
		if (compare_tells(a, side))
			table_add(table, "p");
	}
}

/* All columns but the first two are aligned to the right. */
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

static void add_figure(struct table *table, enum measure by, const struct figure *figure)
{
	char text[GROUPED];

	if (figure->unknown) {
		table_add(table, "?");
		if (figure->nr > 1)
			table_add(table, "?");
		return;
	}
	table_add(table, "%s", figure->exists ? measure_half(text, by, figure->twice) : "-");
	if (figure->nr > 1)
		table_add(table, "%s", figure->exists ?
			  measure_half(text, by, stats_twice_mad(figure->values, figure->nr)) :
			  "-");
}

static const char *signed_half(char text[GROUPED], enum measure by, __int128 twice)
{
	return measure_difference(text, by, twice < 0 ? -twice : 0, twice < 0 ? 0 : twice);
}

static void add_shift(struct table *table, enum measure by, const struct chance *chance)
{
	bool tested = chance->sureness == SURE_TESTED;
	char text[GROUPED], high[GROUPED];

	table_add(table, "%s", tested ? signed_half(text, by, chance->shift.twice) : "");
	signed_half(text, by, chance->shift.low * 2);
	signed_half(high, by, chance->shift.high * 2);
	table_add(table, "%s%s%s", tested ? text : "", tested ? " to " : "", tested ? high : "");
}

static void add_p(struct table *table, const struct chance *chance)
{
	const char *mark = chance->significant ? "*" : "";

	if (chance->sureness == SURE_EXACT)
		table_add(table, "%s", chance->significant ? "exact" : "");
	else if (chance->sureness != SURE_TESTED)
		table_add(table, "%s", "");
	else if (chance->p < 0.001)
		table_add(table, "%s<0.001", mark);
	else
		table_add(table, "%s%.3f", mark, chance->p);
}

static void add_row(struct table *table, const struct comparison *comparison,
		    const char *label, const char *reason, const struct which *which)
{
	const struct side *a = comparison->sides.items, *side;
	struct figure base = compare_figure(comparison, which, a), figure;
	struct chance chance;
	unsigned int unknown;
	char text[GROUPED];

	table_add(table, "%s", label);
	table_add(table, "%s", reason);
	add_figure(table, which->by, &base);
	for (side = a + 1; side < a + comparison->sides.nr; side++) {
		figure = compare_figure(comparison, which, side);
		add_figure(table, which->by, &figure);
		if (base.unknown || figure.unknown) {
			for (unknown = side->tested ? 4 : 2; unknown; unknown--)
				table_add(table, "?");
			if (compare_tells(a, side))
				table_add(table, "?");
			figure_free(&figure);
			continue;
		}
		table_add(table, "%s", base.exists || figure.exists ?
			  measure_difference(text, which->by, base.twice, figure.twice) : "-");
		table_add(table, "%s", grouped_percent(text, base.twice, figure.twice));
		chance = compare_chance(a, &base, side, &figure);
		if (side->tested)
			add_shift(table, which->by, &chance);
		if (compare_tells(a, side))
			add_p(table, &chance);
		figure_free(&figure);
	}
	figure_free(&base);
}

static void add_rows(struct table *table, const struct comparison *comparison)
{
	const struct pair *last = NULL;
	struct list rows = { NULL, 0 };
	const struct compare_row *row;

	compare_rows(comparison, &rows);
	for_each(row, &rows) {
		add_row(table, comparison, row->which.pair == last ? "" : row->which.pair->label,
			row->which.match ? compare_label(comparison, row->which.match) : "all",
			&row->which);
		last = comparison->options->by_delta ? NULL : row->which.pair;
	}
	free(rows.items);
}

void compare_head_text(const struct comparison *comparison)
{
	const struct compare_options *options = comparison->options;
	bool medians = comparison->boots.nr > comparison->sides.nr;
	const struct side *side;
	char text[VIEW_TEXT];

	for_each(side, &comparison->sides) {
		printf("%s: %s", side->name, text_shown(side->argument));
		if (medians)
			printf(": %zu boot%s", side->nr, side->nr == 1 ? "" : "s");
		putchar('\n');
	}
	compare_origin_text(comparison);
	compare_copies_text(comparison);
	if (comparison->by_name && !comparison->baseline)
		puts("reasons are matched by name only");
	fputs(medians ? "medians of the " : "", stdout);
	if (options->by == BY_MS)
		fputs("milliseconds: ", stdout);
	else if (options->by == BY_EXITS)
		printf("%s: ", view_text(text, &options->view));
	else
		printf("%s of %s, %s: ", compare_unit(comparison, options->by),
		       options->by == BY_TOTAL ? "kvm and user" : measure_names[options->by],
		       view_text(text, &options->view));
	if (comparison->unknown)
		puts("records or clocks are missing, so some are unknown (?)\n");
	else
		puts(comparison->equal ? "equal\n" : "these differ\n");
}

void compare_note_text(const struct comparison *comparison)
{
	const struct side *a = comparison->sides.items, *side;
	const char *star = "\n*: significant, by Holm's correction over all rows that vary\n";
	const double *least;

	for_each(side, &comparison->sides) {
		if (!side->family.nr)
			continue;
		least = side->family.items;
		if (*least * side->family.nr < STATS_ALPHA) {
			fputs(star, stdout);
			star = "";
		}
		if (stats_least_p(a->nr, side->nr) * side->family.nr >= STATS_ALPHA)
			printf("\ntoo few boots for any row of %s to be significant: you need %zu on each side\n",
			       side->name, stats_enough(side->family.nr));
	}
}

void compare_table(const struct comparison *comparison, void (*print)(const struct table *table))
{
	char *align = alignment(comparison);
	struct table table = { .align = align };

	add_headings(&table, comparison);
	add_rows(&table, comparison);
	print(&table);
	table_free(&table);
	free(align);
}

void compare_text(const struct comparison *comparison)
{
	compare_head_text(comparison);
	compare_table(comparison, table_print);
	compare_note_text(comparison);
	compare_gates_text(comparison);
}
