// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits bench': what operations cost, with a column for each run. */
#include <argp.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "tools/bench/bar.h"
#include "tools/trace/check.h"
#include "lib/pager.h"
#include "lib/table.h"
#include "lib/text.h"

#define MAX_ROWS	256	/* operations to show, at most */

struct options {
	const char *serial, *host;
	struct list bars;	/* struct bar */
	bool json;
};

/* The operations of a log, in the order in which they first occur. */
struct names {
	const char *items[MAX_ROWS];
	size_t nr;
};

static void add_name(struct names *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->nr; i++)
		if (!strcmp(names->items[i], name))
			return;
	if (names->nr < MAX_ROWS)
		names->items[names->nr++] = name;
}

static void collect_names(const struct log *log, struct names *names)
{
	const struct log_bench *bench;
	const struct run *run;

	names->nr = 0;
	for_each(run, &log->runs)
		for_each(bench, &run->benches)
			add_name(names, bench->name);
}

/* A run has two columns: the minimum, and the median if it differs. */
static void add_figure(struct table *table, const struct log_bench *bench)
{
	char text[GROUPED];

	if (!bench) {
		table_add(table, "-");
		table_add(table, "%s", "");
		return;
	}
	table_add_number(table, bench->min);
	if (bench->median != bench->min)
		table_add(table, "(%s)", grouped(text, bench->median));
	else
		table_add(table, "%s", "");
}

static void print_figures(const struct log *log, const struct names *names)
{
	char align[2 * LOG_MAX_RUNS + 2] = "l";
	struct table table = { .align = align };
	const struct run *run;
	size_t i;

	table_add(&table, "operation");
	for_each(run, &log->runs) {
		strcat(align, "rl");
		table_add(&table, "%s", *run->name ? run->name : "(no name)");
		table_add(&table, "%s", "");
	}
	for (i = 0; i < names->nr; i++) {
		table_add(&table, "%s", names->items[i]);
		for_each(run, &log->runs)
			add_figure(&table, bar_find(run, names->items[i]));
	}
	puts("ticks per operation: minimum (median where it differs)\n");
	table_print(&table);
	table_free(&table);
	if (names->nr == MAX_ROWS)
		printf("no more than %u operations are shown\n", MAX_ROWS);
}

/* printf() has no conversion for a difference of two 64-bit numbers. */
static void add_value(struct table *table, const struct bar_result *result)
{
	char text[GROUPED], left[GROUPED], right[GROUPED];
	bool negative = result->value < 0;
	__u64 value = negative ? -result->value : result->value;

	if (!result->right) {
		table_add_number(table, value);
		return;
	}
	table_add(table, "%s - %s = %s%s", grouped(left, result->left->min),
		  grouped(right, result->right->min), negative ? "-" : "",
		  grouped(text, value));
}

static void add_missing(struct table *table, const struct bar *bar,
			const struct bar_result *result)
{
	const struct figure *figure = result->left ? &bar->right : &bar->left;

	table_add(table, "missing: %s/%s", figure->run, figure->bench);
}

/* Judge the log by the bars.  Print the results, or add them to @array. */
static enum status apply_bars(const struct options *options,
			      const struct log *log, json_t *array)
{
	struct table table = { .align = "lll" };
	enum status status = STATUS_OK;
	struct bar_result result;
	const struct bar *bar;

	table_add(&table, "bar");
	table_add(&table, "%s", "");
	table_add(&table, "figures");
	for_each(bar, &options->bars) {
		bar_apply(bar, log, &result);
		if (!result.ok)
			status = STATUS_FAIL;
		table_add(&table, result.ok ? "ok" : "FAIL");
		table_add(&table, "%s", text_shown(bar->text));
		if (result.left && (result.right || !bar->difference))
			add_value(&table, &result);
		else
			add_missing(&table, bar, &result);
		json_array_append_new(array, json_pack("{s:o, s:b, s:I, s:o, s:o}",
			"bar", json_text(bar->text), "ok", result.ok,
			"limit", (json_int_t)bar->limit,
			"left", result.left ? json_u64(result.left->min) : json_null(),
			"right", result.right ? json_u64(result.right->min) : json_null()));
	}
	if (!array && options->bars.nr) {
		putchar('\n');
		table_print(&table);
	}
	table_free(&table);
	return status;
}

static json_t *exits_json(const struct log_bench *bench)
{
	return bench->exits ? json_u64(bench->exits) : json_null();
}

static json_t *figures_json(const struct log *log, const struct names *names)
{
	const struct log_bench *bench;
	json_t *array = json_array(), *runs;
	const struct run *run;
	size_t i;

	for (i = 0; i < names->nr; i++) {
		runs = json_object();
		for_each(run, &log->runs) {
			bench = bar_find(run, names->items[i]);
			if (bench)
				json_object_set_new(runs, run->name,
					json_pack("{s:o, s:o, s:o, s:o}",
						  "n", json_u64(bench->n),
						  "min", json_u64(bench->min),
						  "median", json_u64(bench->median),
						  "exits", exits_json(bench)));
		}
		json_array_append_new(array, json_pack("{s:s, s:o}", "name",
						       names->items[i],
						       "runs", runs));
	}
	return array;
}

/* Report the defects of the runs.  The verdict skip, of stock KVM, is no defect here. */
static enum status tell_defects(const char *path, const struct log *log,
				json_t *array)
{
	const struct log_defect *defect;
	enum status status = STATUS_OK;
	const struct run *run;

	for_each(run, &log->runs) {
		if (check_status(run) == STATUS_FAIL)
			status = STATUS_FAIL;
		if (!array)
			check_print_defects(path, run);
		for_each(defect, &run->defects)
			json_array_append_new(array, json_pack("{s:I, s:s}",
				"line", (json_int_t)defect->line,
				"text", defect->text));
	}
	return status;
}

/* Add to each run what the host measured of it. */
static void join_host(struct log *log, const struct log *host)
{
	const struct log_bench *bench;
	const struct run *from;
	struct run *run;

	for_each(from, &host->runs)
		for_each(run, &log->runs)
			if (!strcmp(run->name, from->name))
				for_each(bench, &from->benches)
					list_append(&run->benches, bench, sizeof(*bench));
}

static enum status bench(const struct options *options, const struct log *log)
{
	json_t *bars = options->json ? json_array() : NULL;
	json_t *defects = options->json ? json_array() : NULL;
	struct names names;
	enum status status;

	if (!options->json) {
		pager_start();
		text_fit();
	}
	collect_names(log, &names);
	if (!names.nr)
		error(0, 0, "%s: no bench record: the payload's option bench makes them (make bench)",
		      text_shown(options->serial));
	else if (!options->json)
		print_figures(log, &names);
	status = names.nr ? STATUS_OK : STATUS_FAIL;
	status = status_worse(status, apply_bars(options, log, bars));
	status = status_worse(status, tell_defects(options->serial, log, defects));
	if (options->json)
		json_show(json_pack("{s:o, s:o, s:o, s:o, s:i}",
				    "file", json_text(options->serial),
				    "benches", figures_json(log, &names),
				    "bars", bars, "defects", defects,
				    "status", status));
	return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;
	struct bar bar;

	switch (key) {
	case 'b':
		if (!bar_parse(arg, &bar))
			argp_error(state, "not a bar: %s", text_shown(arg));
		list_append(&options->bars, &bar, sizeof(bar));
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case 'H':
		options->host = arg;
		return 0;
	}
	return parse_one_log(key, arg, state, &options->serial);
}

static const struct argp_option argp_options[] = {
	{ "bar", 'b', "EXPR", 0, "fail unless EXPR is true; may be repeated", 0 },
	{ "host", 'H', "HOST.log", 0, "add what the host measured of the same runs", 0 },
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 },
};

enum status bench_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "FILE",
		.doc = "Print what operations cost in ticks of the TSC, with a column for each "
			"run. In the log, a line `# run NAME' begins a run.\v"
			"EXPR is `RUN/BENCH <= N' or `RUN/BENCH - RUN/BENCH <= N', with the "
			"blanks as shown. It compares minima. N of a difference may be percent "
			"of what is subtracted, such as 0.5%. If the logs lack a figure, the "
			"bar fails.",
	};
	struct options options = { 0 };
	struct log log, host = { 0 };
	enum status status;

	parse_arguments(&argp, argc, argv, 0, &options);
	status = check_load(options.serial, LOG_SERIAL, &log);
	if (!status && options.host)
		status = check_load(options.host, LOG_HOST, &host);
	if (!status) {
		join_host(&log, &host);
		status = bench(&options, &log);
	}
	log_free(&host);
	log_free(&log);
	free(options.bars.items);
	return status;
}
