// SPDX-License-Identifier: GPL-2.0-only
/* Advice as text: a table, then each piece of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/table.h"
#include "lib/text.h"
#include "tools/advise/advise.h"
#include "tools/export/export.h"

#define WIDTH	80	/* columns of a line that is folded */
#define INDENT	10	/* columns before what a line says */
#define SHOWN	3	/* cells of a piece of advice */

/* Print the rest of a line that has @at columns, and fold it at blanks. */
static void print_folded(const char *text, size_t at)
{
	const char *word = text_shown(text);
	size_t len;

	while (*word) {
		len = strcspn(word, " ");
		if (at > INDENT && at + 1 + len > WIDTH) {
			printf("\n%*s", INDENT, "");
			at = INDENT;
		} else if (at > INDENT) {
			putchar(' ');
			at++;
		}
		printf("%.*s", (int)len, word);
		at += len;
		word += len;
		word += strspn(word, " ");
	}
	putchar('\n');
}

static void print_field(const char *name, const char *text)
{
	printf("  %-*s", INDENT - 2, name);
	print_folded(text, INDENT);
}

static double percent(__u64 number, __u64 of)
{
	return of ? 100.0 * number / of : 0;
}

static const char *about(bool estimate)
{
	return estimate ? "~" : "";
}

static void print_table(const struct advise *advise)
{
	struct table table = { .align = "lrrrl" };
	const struct advice *advice;
	char number[GROUPED];

	table_add(&table, "rule");
	table_add(&table, "exits");
	table_add(&table, "share");
	table_add(&table, "time");
	table_add(&table, "what it avoids");
	for_each(advice, &advise->advice) {
		table_add(&table, "%s", advice->rule->id);
		table_add(&table, "%s%s", about(advice->estimate), grouped(number, advice->exits));
		table_add(&table, "%.1f%%", percent(advice->exits, advise->exits));
		table_add(&table, "%s%.1f%%", about(advice->cost_estimate),
			  percent(advice->cost, advise->cost));
		table_add(&table, "%s", text_shown(advice->rule->title));
	}
	table_print(&table);
	table_free(&table);
}

/* "bootloader io 0x170 (IDE 1) 18,538" */
static void cell_text(const struct advise *advise, const struct exits_cell *cell, FILE *out)
{
	const char *name = site_name(cell->kind, cell->code);
	char reason[EXPORT_REASON], number[GROUPED], text[SYMBOLS_TEXT];

	fprintf(out, "%s %s", cell->row->label, export_reason(reason, &advise->phases, cell->slot));
	if (cell->kind)
		fprintf(out, name ? " 0x%llx (%s)" : " 0x%llx", cell->code, name);
	fprintf(out, " %s", grouped(number, cell->exits));
	if (cell->site && symbols_known(&advise->symbols, cell->row->mark, cell->site, text))
		fprintf(out, " in %s", text);
}

static void print_cells(const struct advise *advise, const struct advice *advice)
{
	struct exits_cell **cells = advice->cells.items;
	size_t size, i, nr = advice->cells.nr;
	char number[GROUPED], *text;
	FILE *out = open_memstream(&text, &size);
	__u64 left = advice->matched;

	if (!out)
		return;
	for (i = 0; i < nr && i < SHOWN; i++) {
		fputs(i ? ", " : "", out);
		cell_text(advise, cells[i], out);
		left -= cells[i]->exits;
	}
	if (i < nr)
		fprintf(out, ", %zu other%s %s", nr - i, nr - i > 1 ? "s" : "", grouped(number, left));
	fclose(out);
	print_field("of", text);
	free(text);
}

/* Whose time exits take. */
static const char *whose(const struct advise *advise)
{
	return phases_know(&advise->phases.total, PHASE_SPLIT) ? "KVM and the VMM" : "the host, sleep included";
}

static void print_saving(const struct advise *advise, const struct advice *advice)
{
	const struct claim *claim = advice->claim;
	char number[GROUPED], cost[GROUPED], text[200], how[64] = "";

	if (claim->how == CLAIM_PERCENT)
		snprintf(how, sizeof(how), ": %llu%% of them", claim->number);
	else if (claim->how == CLAIM_ABOVE && claim->number)
		snprintf(how, sizeof(how), ": all but %s of them", grouped(number, claim->number));
	snprintf(text, sizeof(text), "%s%s exits%s, and %s%s %s of %s", about(advice->estimate),
		 grouped(number, advice->exits), how, about(advice->cost_estimate),
		 grouped(cost, advice->cost), advise->unit, whose(advise));
	print_field("saves", text);
}

static void print_advice(const struct advise *advise, const struct advice *advice)
{
	const struct rule *rule = advice->rule;

	printf("\n%s: %s\n", rule->id, text_shown(rule->title));
	print_saving(advise, advice);
	print_cells(advise, advice);
	print_field("setting", rule->setting);
	print_field("costs", rule->takes_away);
	printf("  %-*s%s\n", INDENT - 2, "try", text_shown(rule->attempt));
	print_field("source", rule->source);
}

static void print_gates(const struct advise *advise, const struct list *gates)
{
	char number[GROUPED], bound[GROUPED + 8];
	const struct advise_gate *each;
	size_t breaches = 0;

	if (gates->nr)
		putchar('\n');
	for_each(each, gates) {
		breaches += each->breached;
		if (each->breached && advise->unknown)
			printf("breach: %s isn't known: records are missing\n", each->gate.name);
		else if (each->breached)
			printf("breach: %s +%s (%.1f%%) %s\n", each->gate.name,
			       grouped(number, each->exits), percent(each->exits, advise->exits),
			       gate_bound(bound, &each->gate));
	}
	if (gates->nr && !breaches)
		printf("%zu gate%s\n", gates->nr, gates->nr == 1 ? " holds" : "s hold");
}

static void print_notes(const struct advise *advise)
{
	const struct rule **rule;

	if (advise->advice.nr || advise->applied.nr || advise->unknown || !advise->sites.nr)
		putchar('\n');
	if (advise->unknown)
		puts("Records are missing: the exits of some phases aren't known, and not counted.");
	if (advise->advice.nr) {
		printf("~ is an estimate. time: of all that %s took for exits.\n", whose(advise));
		puts("Two rules may avoid the same exits. The first line counts these once.");
	}
	for_each(rule, &advise->applied)
		printf("%s %s", rule == advise->applied.items ? "applied already:" : ",", (*rule)->id);
	if (advise->applied.nr)
		putchar('\n');
	if (!advise->sites.nr)
		printf("No sites: with SITES=1, %zu more rules could judge, and others know better.\n",
		       advise->unseen);
}

void advise_text(const struct advise *advise, const struct list *gates)
{
	char number[GROUPED], exits[GROUPED];
	const struct advice *advice;

	printf("%s: ", text_shown(advise->path));
	if (advise->advice.nr)
		printf("%s%s of %s guest exits (%.1f%%) can be avoided\n\n",
		       about(advise->estimate), grouped(number, advise->avoidable), grouped(exits, advise->exits),
		       percent(advise->avoidable, advise->exits));
	else
		printf("no rule finds avoidable ones among %s guest exits\n",
		       grouped(exits, advise->exits));
	if (advise->advice.nr)
		print_table(advise);
	for_each(advice, &advise->advice)
		print_advice(advise, advice);
	print_notes(advise);
	print_gates(advise, gates);
}
