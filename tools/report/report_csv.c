// SPDX-License-Identifier: GPL-2.0-only
/* A report as CSV: a line for each reason of a phase, or with --split for each phase. */
#include <error.h>

#include "tools/trace/check.h"
#include "tools/export/export.h"
#include "tools/trace/known.h"
#include "tools/report/report.h"
#include "lib/text.h"

static void print_line(const struct report *report, const struct phase *row,
		       unsigned int slot)
{
	char text[EXPORT_REASON];

	export_quoted(row->label);
	putchar(',');
	export_quoted(export_reason(text, &report->phases, slot));
	printf(",%llu", row->slots[slot].exits);
	export_cycles(row, &row->slots[slot]);
	putchar('\n');
}

/* Only guest exits have self, induced and net. */
static void print_split(const struct phase *row, bool guest)
{
	export_quoted(row->label);
	export_exits(row);
	export_clocks(row);
	if (guest)
		export_net(row);
	putchar('\n');
}

void report_csv(const struct report *report)
{
	const struct report_options *options = report->options;
	unsigned int slots[KVM_EXIT_TRACE_NR_SLOTS], nr, i;
	const struct phase *row = report->phases.rows;
	size_t left = report->phases.nr;
	char text[VIEW_TEXT];

	printf(options->split ? "phase,%s" : "phase,reason,%s", view_key(text, &options->which));
	export_heads(&report->phases.total, options->split, report->unit, options->split && report_guest(report) ? EXPORT_NET : "");
	for (; left; left--, row++) {
		if (options->phase && row != report->phase)
			continue;
		if (options->split) {
			print_split(row, report_guest(report));
			continue;
		}
		if (!phases_know(row, PHASE_REASONS)) {
			export_quoted(row->label);
			printf("%.*s\n", 2 + (int)export_clocks_nr(row), ",,,,,,");
			continue;
		}
		nr = report_order(report, row, slots);
		for (i = 0; i < nr; i++)
			print_line(report, row, slots[i]);
	}
	if (!report->phases.nr)
		error(0, 0, "%s: no phases", text_shown(report->path));
	known_warn(report->path, &report->phases);
	check_warn(report->path, report->run);
}
