// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits compare': what differs between two boots, exit by exit. */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "phases.h"
#include "table.h"

struct options {
	const char *paths[2];
	bool one;		/* --vcpu */
	__u64 vcpu;
	bool json;
};

struct side {
	const char *path;
	struct log log;
	const struct run *run;
	struct phases phases;
};

/* A phase of either log; NULL: that log has none of its name. */
struct pair {
	const char *label;
	const struct phase *phase[2];
};

struct comparison {
	const struct options *options;
	struct side sides[2];
	struct list pairs;		/* the last one is the total */
	bool equal;
};

static __u64 exits(const struct phase *phase)
{
	return phase ? phase->exits : 0;
}

static __u64 count(const struct phase *phase, unsigned int slot)
{
	return phase ? phase->counts[slot] : 0;
}

static bool slot_differs(const struct pair *pair, unsigned int slot)
{
	return count(pair->phase[0], slot) != count(pair->phase[1], slot);
}

static bool differs(const struct pair *pair)
{
	unsigned int slot;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		if (slot_differs(pair, slot))
			return true;
	return !pair->phase[0] || !pair->phase[1] ||
	       pair->phase[0]->exits != pair->phase[1]->exits;
}

static const char *slot_name(const struct comparison *comparison,
			     unsigned int slot)
{
	const struct side *side = comparison->sides;
	const struct log_reason *reason = side[0].phases.reasons[slot];

	if (!reason)
		reason = side[1].phases.reasons[slot];
	return reason ? reason->name : "";
}

static void add_pair(struct comparison *comparison, const char *label,
		     const struct phase *a, const struct phase *b)
{
	const struct pair pair = { label, { a, b } };

	comparison->equal &= !differs(&pair);
	list_append(&comparison->pairs, &pair, sizeof(pair));
}

/* A's phases in their order, then those that only B has, then the total. */
static void build_pairs(struct comparison *comparison)
{
	const struct phases *a = &comparison->sides[0].phases;
	const struct phases *b = &comparison->sides[1].phases;
	const struct phase *row;
	size_t i;

	comparison->equal = true;
	for (i = 0; i < a->nr; i++) {
		row = &a->rows[i];
		add_pair(comparison, row->label, row, phases_row(b, row->label));
	}
	for (i = 0; i < b->nr; i++) {
		row = &b->rows[i];
		if (!phases_row(a, row->label))
			add_pair(comparison, row->label, NULL, row);
	}
	add_pair(comparison, "total", a->nr ? &a->total : NULL,
		 b->nr ? &b->total : NULL);
}

static void add_difference(struct table *table, __u64 a, __u64 b)
{
	char text[GROUPED];

	if (a == b)
		table_add(table, "0");
	else
		table_add(table, "%c%s", a < b ? '+' : '-',
			  grouped(text, a < b ? b - a : a - b));
}

static void add_exits(struct table *table, const struct phase *phase,
		      __u64 number)
{
	if (phase)
		table_add_number(table, number);
	else
		table_add(table, "-");
}

/* The reasons that differ, and then all exits of the phase. */
static void add_rows(struct table *table, const struct comparison *comparison,
		     const struct pair *pair)
{
	const char *label = pair->label;
	unsigned int slot;

	for (slot = 0; slot <= KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		bool all = slot == KVM_EXIT_TRACE_NR_SLOTS;
		__u64 a, b;

		if (!all && !slot_differs(pair, slot))
			continue;
		a = all ? exits(pair->phase[0]) : count(pair->phase[0], slot);
		b = all ? exits(pair->phase[1]) : count(pair->phase[1], slot);
		table_add(table, "%s", label);
		table_add(table, "%s", all ? "all" : slot_name(comparison, slot));
		add_exits(table, pair->phase[0], a);
		add_exits(table, pair->phase[1], b);
		add_difference(table, a, b);
		label = "";
	}
}

static void print_text(const struct comparison *comparison)
{
	const struct options *options = comparison->options;
	struct table table = { .align = "llrrr" };
	const struct pair *pair;

	printf("A: %s\nB: %s\n", options->paths[0], options->paths[1]);
	if (options->one)
		printf("exits of vCPU %llu: ", options->vcpu);
	else
		printf("exits of all vCPUs: ");
	puts(comparison->equal ? "equal\n" : "these differ\n");
	table_add(&table, "phase");
	table_add(&table, "reason");
	table_add(&table, "A");
	table_add(&table, "B");
	table_add(&table, "B - A");
	for_each(pair, &comparison->pairs)
		add_rows(&table, comparison, pair);
	table_print(&table);
	table_free(&table);
}

/* NULL is a phase that a log has not. */
static json_t *exits_json(const struct phase *phase, __u64 number)
{
	return phase ? json_u64(number) : json_null();
}

static json_t *pair_json(const struct comparison *comparison,
			 const struct pair *pair)
{
	const struct phase *a = pair->phase[0], *b = pair->phase[1];
	json_t *array = json_array();
	unsigned int slot;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		if (slot_differs(pair, slot))
			json_array_append_new(array, json_pack("{s:s, s:i, s:o, s:o}",
				"name", slot_name(comparison, slot),
				"slot", slot,
				"a", exits_json(a, count(a, slot)),
				"b", exits_json(b, count(b, slot))));
	return json_pack("{s:s, s:o, s:o, s:o}", "name", pair->label,
			 "a", exits_json(a, exits(a)),
			 "b", exits_json(b, exits(b)),
			 "reasons_differing", array);
}

static void print_json(const struct comparison *comparison)
{
	const struct options *options = comparison->options;
	size_t total = comparison->pairs.nr - 1, i;
	const struct pair *pairs = comparison->pairs.items;
	json_t *array = json_array();

	for (i = 0; i < total; i++)
		json_array_append_new(array, pair_json(comparison, &pairs[i]));
	json_show(json_pack("{s:o, s:o, s:o, s:b, s:o, s:o}",
			    "a", json_string_nocheck(options->paths[0]),
			    "b", json_string_nocheck(options->paths[1]),
			    "vcpu", options->one ? json_u64(options->vcpu) : json_null(),
			    "equal", comparison->equal,
			    "phases", array,
			    "total", pair_json(comparison, &pairs[total])));
}

/* A VM of one vCPU has no parts: all that it has is that vCPU's. */
static enum status build_side(const struct options *options, struct side *side)
{
	struct phases_view view = { .whose = PHASES_ALL };
	const struct run *run = side->run;

	if (options->one && (run->tracer.vcpus != 1 || options->vcpu)) {
		view.whose = PHASES_ONE;
		view.vcpu = options->vcpu;
		if (view.vcpu >= run->tracer.vcpus || !run->parts.nr) {
			error(0, 0, view.vcpu >= run->tracer.vcpus ?
			      "%s: there is no vCPU %llu" :
			      "%s: no parts, so none of vCPU %llu",
			      side->path, view.vcpu);
			return STATUS_UNREADABLE;
		}
	}
	phases_build(run, view, &side->phases);
	return STATUS_OK;
}

static enum status compare(struct comparison *comparison)
{
	struct side *sides = comparison->sides;
	enum status status = STATUS_OK;
	unsigned int i;

	for (i = 0; i < 2; i++)
		status = status_worse(status, build_side(comparison->options, &sides[i]));
	if (status)
		return status;
	for (i = 0; i < 2; i++) {
		if (sides[i].phases.nr)
			continue;
		error(0, 0, "%s: no phases", sides[i].path);
		return STATUS_UNREADABLE;
	}
	if (strcmp(sides[0].run->tracer.vendor, sides[1].run->tracer.vendor)) {
		error(0, 0, "%s and %s have no reasons in common",
		      sides[0].run->tracer.vendor, sides[1].run->tracer.vendor);
		return STATUS_UNREADABLE;
	}
	build_pairs(comparison);
	if (comparison->options->json)
		print_json(comparison);
	else
		print_text(comparison);
	for (i = 0; i < 2; i++) {
		if (sides[i].run->nr_defects)
			error(0, 0, "%s: %llu defects, see `bootexits check'",
			      sides[i].path, sides[i].run->nr_defects);
		status = status_worse(status, check_status(sides[i].run));
	}
	return comparison->equal ? status : status_worse(status, STATUS_FAIL);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;
	char *end;

	switch (key) {
	case 'c':
		errno = 0;
		options->vcpu = strtoull(arg, &end, 10);
		if (*arg < '0' || *arg > '9' || *end || errno)
			argp_error(state, "not a vCPU: %s", arg);
		options->one = true;
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 1)
			argp_error(state, "more than two logs");
		options->paths[state->arg_num] = arg;
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < 2)
			argp_error(state, "two logs are needed");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option argp_options[] = {
	{ "vcpu", 'c', "N", 0, "of this vCPU only; the one of a VM that has no other is 0", 0 },
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 },
};

enum status compare_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "A.log B.log",
		.doc = "Print which exits differ between two boots, by phase and reason.\v"
			"Of all vCPUs, an observer's too, unless --vcpu is given. Status 0: equal in "
			"every phase and reason; 1: they differ, or a log has defects; "
			"3: they can't be compared.",
	};
	struct options options = { .one = false };
	struct comparison comparison = { .options = &options };
	enum status status = STATUS_OK;
	struct side *side;
	unsigned int i;

	argp_parse(&argp, argc, argv, 0, NULL, &options);
	for (i = 0; i < 2; i++) {
		side = &comparison.sides[i];
		side->path = options.paths[i];
		status = status_worse(status, check_load_one(side->path, &side->log));
		side->run = side->log.runs.items;
	}
	if (!status)
		status = compare(&comparison);
	for (i = 0; i < 2; i++) {
		phases_free(&comparison.sides[i].phases);
		log_free(&comparison.sides[i].log);
	}
	free(comparison.pairs.items);
	return status;
}
