// SPDX-License-Identifier: GPL-2.0-only
/* OpenMetrics 1.0, text: a sample per phase and reason, family by family. */
#include "export.h"

/* The samples of one phase in one family; they begin with its name. */
struct family {
	const char *name, *type, *unit, *help;
	void (*print)(const struct export_run *item, const struct phase *row);
};

static void print_label(const char *name, const char *value)
{
	printf("%s=\"", name);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			putchar('\\');
		putchar(*value);
	}
	putchar('"');
}

/* The labels that each sample has; the brace is left open. */
static void print_labels(const char *name, const struct export_run *item,
			 const struct phase *row)
{
	printf("%s{", name);
	print_label("run", item->name);
	print_label(",vendor", item->run->tracer.vendor);
	print_label(",phase", row->label);
}

static void print_exits(const struct export_run *item, const struct phase *row)
{
	char text[EXPORT_REASON];
	unsigned int slot;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		if (!row->counts[slot])
			continue;
		print_labels("bootexits_exits_total", item, row);
		print_label(",reason", export_reason(text, &item->phases, slot));
		printf("} %llu\n", row->counts[slot]);
	}
}

static void print_cycles(const struct export_run *item, const struct phase *row)
{
	static const char *const clocks[KVM_EXIT_TRACE_NR_CLOCKS] = {
		[KVM_EXIT_TRACE_CLOCK_KVM] = "kvm",
		[KVM_EXIT_TRACE_CLOCK_USER] = "user",
		[KVM_EXIT_TRACE_CLOCK_IDLE] = "idle",
		[KVM_EXIT_TRACE_CLOCK_PREEMPTED] = "preempted",
	};
	unsigned int slot, clock;
	char text[EXPORT_REASON];

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		for (clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++) {
			if (!row->cycles[slot][clock])
				continue;
			print_labels("bootexits_cycles_total", item, row);
			print_label(",reason", export_reason(text, &item->phases, slot));
			print_label(",clock", clocks[clock]);
			printf("} %llu\n", row->cycles[slot][clock]);
		}
}

static void print_guest(const struct export_run *item, const struct phase *row)
{
	if (!row->elapsed)
		return;
	print_labels("bootexits_guest_cycles_total", item, row);
	printf("} %llu\n", row->in_guest);
}

static void print_elapsed(const struct export_run *item, const struct phase *row)
{
	if (!row->elapsed)
		return;
	print_labels("bootexits_elapsed_cycles_total", item, row);
	printf("} %llu\n", row->elapsed);
}

static void print_self(const struct export_run *item, const struct phase *row)
{
	if (!phases_know(row, PHASE_EXITS))
		return;
	print_labels("bootexits_self_exits_total", item, row);
	printf("} %llu\n", row->self);
}

static void print_observer(const struct export_run *item, const struct phase *row)
{
	if (known_guest(item->run).whose != PHASES_ALL_BUT || !phases_know(row, PHASE_EXITS))
		return;
	print_labels("bootexits_observer_exits_total", item, row);
	printf("} %llu\n", row->observer);
}

static void print_duration(const struct export_run *item, const struct phase *row)
{
	if (!item->run->tracer.tsc_khz || !phases_know(row, PHASE_TIME))
		return;
	print_labels("bootexits_phase_seconds", item, row);
	fputs("} ", stdout);
	export_seconds(phases_ticks(row), item->run->tracer.tsc_khz);
	putchar('\n');
}

static const struct family families[] = {
	{ "bootexits_exits", "counter", "exits",
	  "VM exits, those of an observer's vCPU left out.", print_exits },
	{ "bootexits_cycles", "counter", "cycles",
	  "Ticks of the host's TSC from exit to entry, by the clock they went to.",
	  print_cycles },
	{ "bootexits_guest_cycles", "counter", "cycles",
	  "Ticks of the host's TSC in the guest.", print_guest },
	{ "bootexits_elapsed_cycles", "counter", "cycles",
	  "Ticks of the host's TSC, of all clocks and in the guest.", print_elapsed },
	{ "bootexits_self_exits", "counter", "exits",
	  "Those of the exits that only measuring caused.", print_self },
	{ "bootexits_observer_exits", "counter", "exits",
	  "VM exits of the observer's vCPU.", print_observer },
	{ "bootexits_phase_seconds", "gauge", "seconds",
	  "How long a phase took.", print_duration },
};

static void print_family(const struct export *export, const struct family *family)
{
	const struct export_run *item;
	const struct phase *row;
	size_t i;

	printf("# TYPE %s %s\n# UNIT %s %s\n# HELP %s %s\n", family->name,
	       family->type, family->name, family->unit, family->name, family->help);
	for_each(item, &export->runs) {
		for (i = 0; i < item->phases.nr; i++) {
			row = &item->phases.rows[i];
			/* No name twice; a sound log has none twice, either. */
			if (phases_row(&item->phases, row->label) == row)
				family->print(item, row);
		}
	}
}

static void print_info(const struct export *export)
{
	struct export_fact facts[EXPORT_FACTS];
	const struct export_run *item;
	size_t nr, i;

	puts("# TYPE bootexits_run info\n# HELP bootexits_run What was booted, and how it ended.");
	for_each(item, &export->runs) {
		fputs("bootexits_run_info{", stdout);
		print_label("run", item->name);
		nr = export_facts(item->run, facts);
		for (i = 0; i < nr; i++) {
			putchar(',');
			print_label(facts[i].name, facts[i].value);
		}
		puts("} 1");
	}
}

void export_openmetrics(const struct export *export)
{
	size_t i;

	print_info(export);
	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		print_family(export, &families[i]);
	puts("# EOF");
}
