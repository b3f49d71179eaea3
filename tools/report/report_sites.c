// SPDX-License-Identifier: GPL-2.0-only
/* Where the exits of a phase came from: ports, MSRs, CPUID leaves and addresses. */
#include <string.h>

#include "lib/json.h"
#include "tools/export/export.h"
#include "tools/report/report.h"
#include "tools/report/site_names.h"
#include "lib/table.h"

#define LINE_SITES	3		/* of a reason that gets only a line */

static const char *reason_name(const struct report *report, unsigned int slot)
{
	return report->phases.reasons[slot]->name;
}

static __u64 sum_of(const struct log_site *sites, size_t nr)
{
	__u64 sum = 0;

	while (nr--)
		sum += sites[nr].count;
	return sum;
}

static void print_line(const struct report *report, const struct phase *row, unsigned int slot,
		       const struct log_site *sites, size_t nr)
{
	char name[EXPORT_REASON], text[SITE_TEXT], number[GROUPED], in[SYMBOLS_TEXT];
	const char *symbol;
	size_t i;

	printf("  %s:", export_reason(name, &report->phases, slot));
	for (i = 0; i < nr && i < LINE_SITES; i++) {
		printf("%s %s %s", i ? "," : "",
		       site_text(text, reason_name(report, slot), sites[i].code),
		       grouped(number, sites[i].count));
		symbol = symbols_known(&report->symbols, row->mark, &sites[i], in);
		if (symbol)
			printf(" in %s", symbol);
	}
	if (i < nr)
		printf(", %zu other%s %s", nr - i, nr - i > 1 ? "s" : "",
		       grouped(number, sum_of(sites + i, nr - i)));
	putchar('\n');
}

static void print_lines(const struct report *report, const struct phase *row)
{
	unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS], nr, i;
	const struct log_site *sites;
	bool headed = false;
	size_t found;

	nr = report_order(report, row, slots);
	for (i = 0; i < nr && i < report->options->top; i++) {
		sites = sites_of(&report->sites, row->mark->entry, slots[i], &found);
		if (!found || site_kind(reason_name(report, slots[i])) == SITE_NONE)
			continue;
		if (!headed)
			printf("%s\n", row->label);
		headed = true;
		print_line(report, row, slots[i], sites, found);
	}
}

static void add_rows(const struct report *report, struct table *table,
		     const struct phase *row)
{
	unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS], nr, i;
	char name[EXPORT_REASON], text[SITE_TEXT], in[SYMBOLS_TEXT];
	const struct log_site *sites;
	size_t found, at;

	nr = report_order(report, row, slots);
	for (i = 0; i < nr && i < report->options->top; i++) {
		sites = sites_of(&report->sites, row->mark->entry, slots[i], &found);
		for (at = 0; at < found && at < report->options->nr_sites; at++) {
			table_add(table, "%s", row->label);
			table_add(table, "%s", export_reason(name, &report->phases, slots[i]));
			table_add(table, "%s", site_text(text, reason_name(report, slots[i]),
							 sites[at].code));
			table_add_number(table, sites[at].count);
			report_share(table, sites[at].count, row->slots[slots[i]].exits);
			table_add(table, "0x%llx", sites[at].rip);
			if (report->symbols.places.nr)
				table_add(table, "%s", symbols_site(&report->symbols, row->mark,
								    &sites[at], in) ?: "-");
		}
	}
}

static void print_table(const struct report *report)
{
	bool named = report->symbols.places.nr;
	struct table table = { .align = named ? "lllrrrl" : "lllrrr", .color = report->options->color };
	const struct phases *phases = &report->phases;
	size_t i;

	table_add(&table, "phase");
	table_add(&table, "reason");
	table_add(&table, "site");
	table_add(&table, "exits");
	table_add(&table, "of reason's");
	table_add(&table, "mostly at RIP");
	if (named)
		table_add(&table, "symbol");
	for (i = 0; i < phases->nr; i++)
		if (report_shows(report, &phases->rows[i]))
			add_rows(report, &table, &phases->rows[i]);
	table_print(&table);
	table_free(&table);
}

void report_sites(const struct report *report)
{
	const struct phases *phases = &report->phases;
	size_t i;

	if (!report->sites.nr)
		return;
	putchar('\n');
	if (report->options->nr_sites) {
		print_table(report);
		return;
	}
	puts("sites, most exits first");
	for (i = 0; i < phases->nr; i++)
		if (report_shows(report, &phases->rows[i]))
			print_lines(report, &phases->rows[i]);
}

json_t *report_sites_json(const struct report *report, const struct phase *row,
			  unsigned int slot)
{
	const char *reason = reason_name(report, slot), *name;
	const struct log_site *sites;
	json_t *array = json_array();
	char in[SYMBOLS_TEXT];
	size_t nr, i;

	sites = sites_of(&report->sites, row->mark->entry, slot, &nr);
	for (i = 0; i < nr; i++) {
		name = site_name(site_kind(reason), sites[i].code);
		json_array_append_new(array, json_pack("{s:o, s:s*, s:o, s:o, s:s*}",
			"code", json_u64(sites[i].code), "name", name,
			"exits", json_u64(sites[i].count), "rip", json_u64(sites[i].rip),
			"symbol", symbols_site(&report->symbols, row->mark, &sites[i], in)));
	}
	return array;
}
