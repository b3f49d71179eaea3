// SPDX-License-Identifier: GPL-2.0-only
/* Samples or phases as CSV, for a plot or a spreadsheet. */
#include "export.h"

void export_quoted(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

void export_clocks(const struct phase *row)
{
	if (row->elapsed)
		printf(",%llu,%llu", row->elapsed, row->in_guest);
	else
		fputs(",,", stdout);
	printf(",%llu,%llu,%llu,%llu", row->kvm, row->user, row->idle, row->preempted);
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
	size_t i;

	puts("seconds,exits,own");
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
	size_t i;

	puts("phase,begin_seconds,end_seconds,exits," EXPORT_CLOCKS);
	for (i = 0; i < phases->nr; i++) {
		export_quoted(phases->rows[i].label);
		putchar(',');
		export_seconds(phases->rows[i].begin_tsc, khz);
		putchar(',');
		export_seconds(phases->rows[i].end_tsc, khz);
		printf(",%llu", phases->rows[i].exits);
		export_clocks(&phases->rows[i]);
		putchar('\n');
	}
}
