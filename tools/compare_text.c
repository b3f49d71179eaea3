// SPDX-License-Identifier: GPL-2.0-only
/* A comparison of two boots as a table. */
#include "compare.h"

static void add_exits(struct table *table, const struct phase *phase,
		      __u64 number)
{
	if (phase)
		table_add_number(table, number);
	else
		table_add(table, "-");
}

static void add_row(struct table *table, const struct pair *pair,
		    const char *label, const char *reason, __u64 a, __u64 b)
{
	char text[GROUPED];

	table_add(table, "%s", label);
	table_add(table, "%s", reason);
	add_exits(table, pair->phase[0], a);
	add_exits(table, pair->phase[1], b);
	table_add(table, "%s", grouped_difference(text, a, b));
	table_add(table, "%s", grouped_percent(text, a, b));
}

/* The reasons that differ, and then all exits of the phase. */
static void add_rows(struct table *table, const struct comparison *comparison,
		     const struct pair *pair)
{
	const char *label = pair->label;
	const struct match *match;
	__u64 a, b;

	for_each(match, &comparison->matches) {
		a = compare_count(pair, match, 0);
		b = compare_count(pair, match, 1);
		if (a == b)
			continue;
		add_row(table, pair, label, compare_label(comparison, match), a, b);
		label = "";
	}
	add_row(table, pair, label, "all", compare_exits(pair, 0),
		compare_exits(pair, 1));
}

void compare_text(const struct comparison *comparison)
{
	const struct compare_options *options = comparison->options;
	struct table table = { .align = "llrrrr" };
	const struct pair *pair;

	printf("A: %s\nB: %s\n", options->paths[0], options->paths[1]);
	if (comparison->by_name)
		puts("reasons are matched by name only");
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
	table_add(&table, "%%");
	for_each(pair, &comparison->pairs)
		add_rows(&table, comparison, pair);
	table_print(&table);
	table_free(&table);
	compare_gates_text(comparison);
}
