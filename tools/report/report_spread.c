// SPDX-License-Identifier: GPL-2.0-only
/* Medians of several boots.  The statistics are those of tools/compare. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/table.h"
#include "lib/text.h"
#include "tools/compare/alike.h"
#include "tools/compare/measure.h"
#include "tools/compare/stats.h"
#include "tools/report/report_spread.h"

static const enum measure measures[SPREAD_MEASURES] = { BY_EXITS, BY_MS, BY_TOTAL };
static const enum phase_part parts[SPREAD_MEASURES] = { PHASE_EXITS, PHASE_TIME, PHASE_REASONS };

static __u64 value_of(enum measure by, const struct phase *phase, __u64 khz)
{
	if (by == BY_EXITS)
		return phase->all.exits;
	if (by == BY_TOTAL)
		return counter_cost(&phase->all);
	return measure_ns(phases_ticks(phase), khz);
}

static void add_values(struct spread_row *row, const struct phase *phase, __u64 khz)
{
	__u64 value;
	size_t i;

	for (i = 0; i < SPREAD_MEASURES; i++) {
		value = value_of(measures[i], phase, khz);
		list_append(&row->values[i], &value, sizeof(value));
		row->unknown[i] |= !phases_know(phase, parts[i]) || (measures[i] == BY_MS && !khz);
	}
}

/* Returns the row of a phase.  If it is new, the boots before lack the phase. */
static struct spread_row *row_of(struct spread *spread, const char *label)
{
	struct spread_row *row, new = { .label = NULL };
	const __u64 none = 0;
	size_t i, boot;

	for_each(row, &spread->rows)
		if (!strcmp(row->label, label))
			return row;
	new.label = strdup(label);
	if (!new.label)
		error(STATUS_UNREADABLE, errno, "memory");
	for (i = 0; i < SPREAD_MEASURES; i++)
		for (boot = 0; boot < spread->boots; boot++)
			list_append(&new.values[i], &none, sizeof(none));
	return list_append(&spread->rows, &new, sizeof(new));
}

/* A boot that lacks a phase has 0 exits in it, as for compare. */
static void take_phases(struct spread *spread, const struct run *run)
{
	static const struct phase none;
	struct spread_row *row;
	struct phases phases;
	size_t i;

	phases_build(run, known_guest(run), &phases);
	for (i = 0; i < phases.nr; i++)
		add_values(row_of(spread, phases.rows[i].label), &phases.rows[i], run->tracer.tsc_khz);
	for_each(row, &spread->rows)
		if (row->values[0].nr == spread->boots)
			add_values(row, &none, 1);
	add_values(&spread->total, &phases.total, run->tracer.tsc_khz);
	phases_free(&phases);
}

static void refuse(struct spread *spread, const char *path, const char *why)
{
	part_add(spread->why, "%s: %s", path, why);
}

void spread_take(struct spread *spread, const char *path, struct log *log)
{
	const struct run *run = log->runs.items;
	json_t *notes;

	if (!spread->why)
		spread->why = json_array();
	if (json_array_size(spread->why))
		return;
	if (log->runs.nr != 1 || !run->phases.nr)
		return refuse(spread, path, log->runs.nr > 1 ? "it has several boots" : "it has no phases");
	notes = spread->boots ? alike_notes(&spread->first, log, true) : json_array();
	if (json_array_size(notes)) {
		refuse(spread, path, json_string_value(json_array_get(notes, 0)));
	} else {
		spread->exact = (!spread->boots || spread->exact) && json_is_true(alike_says(log, "exact"));
		take_phases(spread, run);
		if (!spread->boots++) {
			spread->first = *log;
			spread->unit = log_unit(&spread->first);
			*log = (struct log){ .kind = log->kind };
		}
	}
	json_decref(notes);
}

static __u64 *sorted(struct spread_row *row, size_t i)
{
	stats_sort(row->values[i].items, row->values[i].nr);
	return row->values[i].items;
}

/* Whether all that is known is the same in all boots */
static bool same(struct spread *spread)
{
	struct spread_row *row;
	__u64 *values;
	size_t i;

	for (i = 0; i < SPREAD_MEASURES; i++) {
		for_each(row, &spread->rows) {
			values = sorted(row, i);
			if (row->unknown[i] || values[0] != values[spread->boots - 1])
				return false;
		}
	}
	return true;
}

static double confidence_of(const struct spread *spread)
{
	const struct spread_row *rows = spread->rows.items;

	return stats_median_interval(rows->values[0].items, spread->boots).confidence;
}

static void add_figure(struct table *table, struct spread_row *row, size_t i, size_t boots,
		       bool all)
{
	enum measure by = measures[i];
	char text[GROUPED], high[GROUPED];
	__u64 *values = sorted(row, i);
	struct stats_interval interval = stats_median_interval(values, boots);

	if (row->unknown[i]) {
		for (i = 0; i < (all ? 3 : 1); i++)
			table_add(table, "?");
		return;
	}
	table_add(table, "%s", measure_half(text, by, stats_twice_median(values, boots)));
	if (!all)
		return;
	table_add(table, "%s", measure_half(text, by, stats_twice_mad(values, boots)));
	table_add(table, "%s to %s", measure_half(text, by, (__uint128_t)interval.low * 2),
		  measure_half(high, by, (__uint128_t)interval.high * 2));
}

static void add_row(struct table *table, struct spread *spread, struct spread_row *row, bool all)
{
	size_t i;

	table_add(table, "%s", row->label);
	for (i = 0; i < SPREAD_MEASURES; i++)
		add_figure(table, row, i, spread->boots, all);
}

/* @all: also the MAD and the interval */
static void print_table(struct spread *spread, bool all)
{
	double confidence = confidence_of(spread);
	struct table table = { .align = all ? "lrrrrrrrrr" : "lrrr" };
	struct spread_row *row;
	size_t i;

	if (confidence > 1 - STATS_ALPHA)
		confidence = 1 - STATS_ALPHA;
	table_add(&table, "phase");
	for (i = 0; i < SPREAD_MEASURES; i++) {
		table_add(&table, "%s", measures[i] == BY_EXITS ? "guest exits" : measure_names[measures[i]]);
		if (!all)
			continue;
		table_add(&table, "MAD");
		table_add(&table, "%u%% interval", (unsigned int)(confidence * 100 + 1e-9));
	}
	for_each(row, &spread->rows)
		add_row(&table, spread, row, all);
	add_row(&table, spread, &spread->total, all);
	table_print(&table);
	table_free(&table);
}

enum status spread_text(struct spread *spread)
{
	bool repeats;

	if (json_array_size(spread->why)) {
		printf("\nno medians: %s\n",
		       text_shown(json_string_value(json_array_get(spread->why, 0))));
		return STATUS_OK;
	}
	repeats = same(spread);
	if (repeats)
		printf("\nspread 0: all %zu boots have the same exits and the same times%s\n\n",
		       spread->boots, spread->exact ? ", as they must" : "");
	else if (spread->exact)
		printf("\nthe %zu boots differ, but the lab's have to repeat: see docs/limits.md\n\n",
		       spread->boots);
	else
		printf("\nmedians of %zu boots; total is the host's work on the exits, in %s\n\n",
		       spread->boots, spread->unit);
	spread->total.label = spread->total.label ? : strdup("total");
	print_table(spread, !repeats);
	return repeats || !spread->exact ? STATUS_OK : STATUS_FAIL;
}

static json_t *figure_json(struct spread_row *row, size_t i, size_t boots)
{
	enum measure by = measures[i];
	__u64 *values = sorted(row, i);
	struct stats_interval interval = stats_median_interval(values, boots);

	if (row->unknown[i])
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}",
			 "median", measure_json(by, stats_twice_median(values, boots)),
			 "mad", measure_json(by, stats_twice_mad(values, boots)),
			 "low", measure_json(by, (__int128)interval.low * 2),
			 "high", measure_json(by, (__int128)interval.high * 2),
			 "min", measure_json(by, (__int128)values[0] * 2),
			 "max", measure_json(by, (__int128)values[boots - 1] * 2));
}

static json_t *row_json(struct spread_row *row, const char *label, size_t boots)
{
	json_t *object = json_pack("{s:o}", "name", json_text(label));
	size_t i;

	for (i = 0; i < SPREAD_MEASURES; i++)
		json_object_set_new(object, measure_names[measures[i]], figure_json(row, i, boots));
	return object;
}

json_t *spread_json(struct spread *spread)
{
	json_t *phases = json_array();
	struct spread_row *row;

	if (json_array_size(spread->why)) {
		json_decref(phases);
		return json_null();
	}
	for_each(row, &spread->rows)
		json_array_append_new(phases, row_json(row, row->label, spread->boots));
	return json_pack("{s:I, s:b, s:b, s:s, s:o, s:o, s:o}", "boots", (json_int_t)spread->boots,
			 "exact", spread->exact, "equal", same(spread), "unit", spread->unit,
			 "confidence", json_rounded(confidence_of(spread)), "phases", phases,
			 "total", row_json(&spread->total, "total", spread->boots));
}

static void free_row(struct spread_row *row)
{
	size_t i;

	for (i = 0; i < SPREAD_MEASURES; i++)
		free(row->values[i].items);
	free(row->label);
}

void spread_free(struct spread *spread)
{
	struct spread_row *row;

	for_each(row, &spread->rows)
		free_row(row);
	free_row(&spread->total);
	free(spread->rows.items);
	log_free(&spread->first);
	json_decref(spread->why);
}
