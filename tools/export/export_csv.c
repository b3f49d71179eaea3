// SPDX-License-Identifier: GPL-2.0-only
/* Samples or phases as CSV. */
#include <string.h>

#include "tools/export/export.h"

/* A spreadsheet evaluates such a field, even in quotes.  An apostrophe in front prevents it. */
void export_quoted(const char *text)
{
	putchar('"');
	if (*text && strchr("=+-@\t\r\n", *text))
		putchar('\'');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

void export_exits(const struct phase *row)
{
	putchar(',');
	if (phases_know(row, PHASE_EXITS))
		printf("%llu", row->all.exits);
}

void export_heads(const struct phase *total, bool whole, const char *unit, const char *more)
{
	unsigned int clock;

	if (whole)
		printf(",elapsed_%s,guest_%s", unit, unit);
	for (clock = 0; clock < export_clocks_nr(total); clock++)
		printf(",%s_%s", export_clock(total, clock), unit);
	puts(more);
}

void export_cycles(const struct phase *row, const struct counter *counter)
{
	unsigned int clock;

	for (clock = 0; clock < export_clocks_nr(row); clock++)
		printf(",%llu", counter->cycles[clock]);
}

void export_clocks(const struct phase *row)
{
	if (row->elapsed)
		printf(",%llu,%llu", row->elapsed, row->in_guest);
	else
		fputs(",,", stdout);
	if (phases_know(row, PHASE_EXITS))
		export_cycles(row, &row->all);
	else
		printf("%.*s", (int)export_clocks_nr(row), ",,,,");
}

void export_net(const struct phase *row)
{
	if (!phases_know(row, PHASE_EXITS)) {
		fputs(",,,", stdout);
		return;
	}
	printf(",%llu,", row->self);
	if (phases_know(row, PHASE_INDUCED))
		printf("%llu", row->induced);
	printf(",%llu", row->net);
}

unsigned __int128 export_microseconds(__u64 ticks, __u64 tsc_khz)
{
	return (unsigned __int128)ticks * 1000 / tsc_khz;
}

void export_seconds(__u64 ticks, __u64 tsc_khz)
{
	unsigned __int128 us = export_microseconds(ticks, tsc_khz);

	printf("%llu.%06u", (__u64)(us / 1000000), (unsigned int)(us % 1000000));
}

void export_samples_csv(const struct export *export)
{
	const struct export_run *one = export->runs.items;
	const struct run *run = one->run;
	const struct log_sample *samples = run->samples.items;
	const struct log_samples *head;
	char text[VIEW_TEXT];
	size_t i;

	printf("seconds,%s,own_exits\n", view_key(text, export->view));
	for_each(head, &run->heads)
		for (i = head->first; i < head->first + head->nr; i++) {
			export_seconds(samples[i].tsc, run->tracer.tsc_khz);
			printf(",%llu,", samples[i].others);
			if (i == head->first)
				printf("%llu", head->own);
			putchar('\n');
		}
}

void export_phases_csv(const struct export *export)
{
	const struct export_run *one = export->runs.items;
	const struct phases *phases = &one->phases;
	__u64 khz = one->run->tracer.tsc_khz;
	bool guest = export->view->whose == VIEW_GUEST;
	const struct phase *row;
	char text[VIEW_TEXT];

	printf("phase,begin_seconds,end_seconds,%s", view_key(text, export->view));
	export_heads(&phases->total, true, export->unit, guest ? EXPORT_NET : "");
	for (row = phases->rows; row < phases->rows + phases->nr; row++) {
		export_quoted(row->label);
		putchar(',');
		if (phases_know(row, PHASE_TIME))
			export_seconds(row->begin_tsc, khz);
		putchar(',');
		if (phases_know(row, PHASE_TIME))
			export_seconds(row->end_tsc, khz);
		export_exits(row);
		export_clocks(row);
		if (guest)
			export_net(row);
		putchar('\n');
	}
}
