// SPDX-License-Identifier: GPL-2.0-only
/* What a report says in words: a line that sums up the boot, and what its columns are. */
#include <string.h>

#include "tools/report/report.h"
#include "lib/table.h"
#include "lib/text.h"

#define LAB_KHZ		1000000	/* the lab's TSC, within 1 %: a tick is an instruction */

/* Words for reasons that both vendors have.  Other reasons keep the kernel's name. */
static const char *reason_words(const char *name)
{
	static const struct {
		const char *name, *words;
	} known[] = {
		{ "io", "port I/O" }, { "io_instruction", "port I/O" },
		{ "npf", "nested page faults" }, { "ept_violation", "nested page faults" },
		{ "ept_misconfig", "MMIO" }, { "cpuid", "CPUID" }, { "hlt", "HLT" },
		{ "msr", "MSR accesses" }, { "msr_read", "reads of MSRs" },
		{ "msr_write", "writes of MSRs" }, { "interrupt", "interrupts of the host" },
		{ "external_interrupt", "interrupts of the host" },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcasecmp(name, known[i].name))
			return known[i].words;
	return name;
}

static const char *article(const char *label)
{
	static const char *const with[] = {
		"firmware", "bootloader", "payload", "kernel", "initramfs",
	};
	size_t i;

	for (i = 0; i < sizeof(with) / sizeof(with[0]); i++)
		if (!strcmp(label, with[i]))
			return "the ";
	return "";
}

static bool is_lab(const struct report *report)
{
	__u64 khz = report->run->tracer.tsc_khz;

	return !strcmp(report->unit, "instructions") && khz > LAB_KHZ / 100 * 99 &&
	       khz < LAB_KHZ / 100 * 101;
}

/* Find the phase and the reason with most exits.  Returns NULL if they are unknown. */
static const struct phase *foremost(const struct phases *phases, unsigned int *slot)
{
	const struct phase *row, *best = NULL;
	unsigned int top;

	for (row = phases->rows; row < phases->rows + phases->nr; row++) {
		if (!phases_know(row, PHASE_REASONS))
			return NULL;
		if (!phases_top(row, &top, 1) || (best && row->slots[top].exits <= best->slots[*slot].exits))
			continue;
		best = row;
		*slot = top;
	}
	return best;
}

bool report_summary(const struct report *report)
{
	const struct phases *phases = &report->phases;
	const struct phase *total = &phases->total, *row;
	__u64 khz = report->run->tracer.tsc_khz;
	char exits[GROUPED], text[VIEW_TEXT];
	unsigned int slot;

	if (!phases->nr || !total->all.exits || !phases_know(total, PHASE_EXITS))
		return false;
	printf("%s %s", grouped(exits, total->all.exits), view_text(text, &report->options->which));
	if (khz && phases_know(total, PHASE_TIME))
		printf(" in %.2f %s", phases_ticks(total) / 1000.0 / khz,
		       is_lab(report) ? "lab seconds" : "s of guest time");
	row = foremost(phases, &slot);
	if (row)
		printf(", %.0f%% of them %s in %s%s", 100.0 * row->slots[slot].exits / total->all.exits,
		       text_shown(reason_words(phases->reasons[slot]->name)),
		       article(row->label), text_shown(row->label));
	if (report_guest(report))
		printf(", %s%.2f%% only because of measuring",
		       report->observer && !phases_know(total, PHASE_INDUCED) ? "at least " : "",
		       100.0 * (total->self + total->induced) / total->all.exits);
	putchar('\n');
	return true;
}

void report_legend(const struct report *report, const struct table *table)
{
	bool split = phases_know(&report->phases.total, PHASE_SPLIT);
	const struct {
		const char *heading, *text;
	} columns[] = {
		{ "ms", is_lab(report) ? "lab time, where 10^6 instructions are a millisecond" :
					 "guest time" },
		{ "total", split ? "the host's work on the exits, KVM's and the VMM's" :
				   "all time from exit to entry, the vCPU's sleep included" },
		{ "kvm/exit", split ? "KVM's part of that work, by exit" :
				      "unknown, as the recording does not tell KVM, the VMM and sleep apart" },
		{ "self", "exits that only the payload's measuring caused" },
		{ "induced", "exits that only the observer's timer caused" },
		{ "net", "all other exits" },
		{ "net <=", "all other exits, at most" },
		{ "observer", "exits of the vCPU that polls, in no other column" },
	};
	const char *heading;
	size_t column, i;

	for (column = 0; column < strlen(table->align); column++) {
		heading = table_text(table, column);
		for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
			if (!strcmp(heading, columns[i].heading))
				printf("  %s: %s\n", heading, columns[i].text);
		}
	}
}
