// SPDX-License-Identifier: GPL-2.0-only
/* The chart of a report: exits over time, by samples and marks. */
#include <stdlib.h>
#include <string.h>

#include "tools/report/chart.h"
#include "tools/report/report.h"
#include "lib/table.h"
#include "lib/text.h"

#define COLUMNS		72

static unsigned int columns(void)
{
	unsigned int columns = text_columns();

	return columns < 2 * CHART_MARGIN ? COLUMNS : columns - CHART_MARGIN;
}

static void print_chart(const struct report *report, const struct chart *chart)
{
	const struct report_options *options = report->options;
	const struct phases *phases = &report->phases;
	struct list bands = { .nr = 0 };
	unsigned int dotted = chart_dotted(chart);
	const struct phase *row;
	char text[GROUPED];

	for (row = phases->rows; row < phases->rows + phases->nr; row++) {
		struct chart_band band = { row->label, row->begin_tsc, row->end_tsc };

		if (phases_know(row, PHASE_TIME) && report_shows(report, row))
			list_append(&bands, &band, sizeof(band));
	}
	printf("\n%sexits per second%s, %s ms a column\n",
	       options->color ? COLOR_BOLD : "", options->color ? COLOR_OFF : "",
	       grouped_ms(text, (chart->end - chart->begin) / chart->columns,
			  chart->tsc_khz));
	chart_print(chart, &bands, options->ascii || !text_utf8());
	if (dotted)
		puts("dotted: no sample. Exits are spread evenly between the samples or marks around");
	free(bands.items);
}

void report_chart(const struct report *report)
{
	const struct report_options *options = report->options;
	const struct phases *phases = &report->phases;
	__u64 khz = report->run->tracer.tsc_khz, begin = 0, end;
	struct chart chart;

	if (options->no_chart || options->which.whose == VIEW_ONE || !report->run->samples.nr || !khz ||
	    !phases_know(&phases->total, PHASE_TIME))
		return;
	end = chart_end(report->run, phases);
	if (report->phase) {
		begin = report->phase->begin_tsc;
		end = report->phase->end_tsc;
	}
	if (begin >= end)
		return;
	chart_open(&chart, begin, end, khz, columns());
	chart_add_boot(&chart, report->run, phases);
	print_chart(report, &chart);
	chart_close(&chart);
}
