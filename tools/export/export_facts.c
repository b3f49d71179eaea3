// SPDX-License-Identifier: GPL-2.0-only
/* What several formats say of a run, a reason or a phase. */
#include <string.h>

#include "lib/json.h"
#include "tools/export/export.h"

static void add_fact(struct export_fact *fact, const char *name,
		     const char *value, size_t len)
{
	fact->name = name;
	snprintf(fact->value, sizeof(fact->value), "%.*s", (int)len, value);
}

static void add_number(struct export_fact *fact, const char *name, __u64 number)
{
	fact->name = name;
	snprintf(fact->value, sizeof(fact->value), "%llu", number);
}

size_t export_facts(const struct run *run,
		    struct export_fact facts[EXPORT_FACTS])
{
	const struct log_tracer *tracer = &run->tracer;
	size_t nr = 0;

	if (tracer->line) {
		facts[nr].name = "abi";
		snprintf(facts[nr].value, sizeof(facts[nr].value), "%llu.%llu",
			 tracer->abi_major, tracer->abi_minor);
		nr++;
		add_fact(&facts[nr++], "vendor", tracer->vendor, LOG_TEXT);
		add_number(&facts[nr++], "vcpus", tracer->vcpus);
		add_number(&facts[nr++], "tsc_khz", tracer->tsc_khz);
	}
	if (run->hello.line)
		add_fact(&facts[nr++], "start", run->hello.start, LOG_TEXT);
	if (run->attached.unseen)
		add_number(&facts[nr++], "unseen", run->attached.unseen);
	if (run->booted.line)
		add_fact(&facts[nr++], "linux", run->booted.version,
			 strcspn(run->booted.version, " "));
	add_fact(&facts[nr++], "verdict", run->verdict.line ?
		 run->verdict.result : "missing", LOG_TEXT);
	add_fact(&facts[nr++], "truncated", run->end.line ? "no" : "yes", 3);
	return nr;
}

const char *export_reason(char text[EXPORT_REASON],
			  const struct phases *phases, unsigned int slot)
{
	const char *name = phases->reasons[slot]->name;
	unsigned int lower;

	for (lower = 0; lower < slot; lower++)
		if (phases->reasons[lower] &&
		    !strcmp(phases->reasons[lower]->name, name))
			break;
	if (lower < slot)
		snprintf(text, EXPORT_REASON, "%s (slot %u)", name, slot);
	else
		snprintf(text, EXPORT_REASON, "%s", name);
	return text;
}

json_t *export_json(const struct phase *row, enum phase_part part, __u64 number)
{
	return phases_know(row, part) ? json_u64(number) : json_null();
}

unsigned int export_clocks_nr(const struct phase *row)
{
	return phases_know(row, PHASE_SPLIT) ? KVM_EXIT_TRACE_NR_CLOCKS : 1;
}

const char *export_clock(const struct phase *row, unsigned int clock)
{
	return phases_know(row, PHASE_SPLIT) ? counter_clocks[clock] : LOG_OUTSIDE;
}

void export_clocks_json(json_t *object, const struct phase *row, const struct counter *counter)
{
	bool split = phases_know(row, PHASE_SPLIT);
	unsigned int clock;

	for (clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++)
		json_object_set_new(object, counter_clocks[clock], split ?
				    export_json(row, PHASE_EXITS, counter->cycles[clock]) : json_null());
	if (!split)
		json_object_set_new(object, LOG_OUTSIDE,
				    export_json(row, PHASE_EXITS, counter->cycles[KVM_EXIT_TRACE_CLOCK_KVM]));
}
