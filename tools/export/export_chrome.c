// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chrome's Trace Event Format, which Perfetto opens.  A run is a process.  Its
 * phases are a thread, and each vCPU is one.  Ids are unique in the whole trace.
 * An event is printed as soon as it is made, because a log may have many samples.
 */
#include <stdint.h>

#include "lib/json.h"
#include "tools/bootexits.h"
#include "tools/export/export.h"

#define THREADS		10000	/* a run's vCPU N: pid * THREADS + N */

struct trace {
	const struct view *view;
	const struct export_run *item;
	json_int_t pid;			/* also the id of the thread with the phases */
	bool some;			/* an event was printed before */
	json_int_t end;			/* end of the thread's last slice */
};

/* json_dumpf() calls fwrite() for each word, which costs more than all else here. */
static void print_json(json_t *root)
{
	char text[1024];
	size_t size = json_dumpb(root, text, sizeof(text), JSON_COMPACT);

	if (size <= sizeof(text))
		fwrite(text, 1, size, stdout);
	else
		json_dumpf(root, stdout, JSON_COMPACT);
	json_decref(root);
}

static void print_event(struct trace *trace, json_t *event)
{
	puts(trace->some ? "," : "");
	trace->some = true;
	print_json(event);
}

static json_int_t microseconds(const struct trace *trace, __u64 tsc)
{
	unsigned __int128 us =
		export_microseconds(tsc, trace->item->run->tracer.tsc_khz);

	return us > INT64_MAX ? INT64_MAX : us;
}

static void name(struct trace *trace, const char *what, json_int_t tid,
		 const char *value)
{
	print_event(trace, json_pack("{s:s, s:s, s:I, s:I, s:{s:s}}",
				     "ph", "M", "name", what, "pid", trace->pid,
				     "tid", tid, "args", "name", value));
}

/* Returns a counter.  Each argument is a curve. */
static json_t *counter(const struct trace *trace, const char *what, __u64 tsc, json_t *args)
{
	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:o}",
			 "ph", "C", "name", what, "pid", trace->pid, "tid", trace->pid,
			 "ts", microseconds(trace, tsc), "args", args);
}

static void count(struct trace *trace, const char *what, __u64 tsc, json_t *args)
{
	print_event(trace, counter(trace, what, tsc, args));
}

static void count_exits(struct trace *trace, __u64 tsc, __u64 exits)
{
	char text[VIEW_TEXT];

	count(trace, "exits", tsc, json_pack("{s:o}", view_key(text, trace->view), json_u64(exits)));
}

static json_t *reasons(const struct phases *phases, const struct phase *row)
{
	json_t *object = json_object();
	char text[EXPORT_REASON];
	unsigned int slot;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		if (row->slots[slot].exits)
			json_object_set_new(object, export_reason(text, phases, slot),
					    json_u64(row->slots[slot].exits));
	return object;
}

/* Whether a phase has a known duration, and begins after the end of the one before. */
static bool has_slice(const struct trace *trace, const struct phase *row)
{
	return phases_know(row, PHASE_TIME) &&
	       microseconds(trace, row->begin_tsc) >= trace->end;
}

static void print_slice(struct trace *trace, json_int_t tid,
			const struct phases *phases, const struct phase *row,
			bool vcpu)
{
	json_int_t begin = microseconds(trace, row->begin_tsc);
	json_int_t end = microseconds(trace, row->end_tsc);
	char text[KNOWN_TEXT], key[VIEW_TEXT];
	json_t *args, *clocks = json_object();

	trace->end = end;
	export_clocks_json(clocks, row, &row->all);
	args = json_pack("{s:o, s:o, s:o, s:o, s:o}",
			 vcpu ? "exits" : view_key(key, trace->view), export_json(row, PHASE_EXITS, row->all.exits),
			 "reasons", phases_know(row, PHASE_REASONS) ?
				reasons(phases, row) : json_null(),
			 "cycles", clocks,
			 "begin_tsc", json_u64(row->begin_tsc),
			 "end_tsc", json_u64(row->end_tsc));
	if (!vcpu && trace->view->whose == VIEW_GUEST) {
		json_object_set_new(args, "self", export_json(row, PHASE_EXITS, row->self));
		json_object_set_new(args, "induced", export_json(row, PHASE_INDUCED, row->induced));
		json_object_set_new(args, "net", export_json(row, PHASE_EXITS, row->net));
		json_object_set_new(args, "observer", export_json(row, PHASE_EXITS, row->observer));
	}
	if (!vcpu && trace->item->sites.nr && phases_know(row, PHASE_REASONS))
		json_object_set_new(args, "functions", export_functions(trace->item, row));
	if (known_text(row, text))
		json_object_set_new(args, "unknown", json_string(text));
	print_event(trace, json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:o}",
				     "ph", "X", "name", row->label,
				     "cat", vcpu ? "vcpu" : "phase",
				     "pid", trace->pid, "tid", tid, "ts", begin,
				     "dur", end - begin,
				     "args", args));
}

/* Print all exits until each mark.  They also exist where there are no samples yet. */
static void print_marks(struct trace *trace, const struct phases *phases)
{
	const struct phase *mark;
	__u64 last = 0;

	count_exits(trace, 0, 0);
	for (mark = phases->marks; mark < phases->marks + phases->nr; mark++) {
		if (!phases_know(mark, PHASE_EXITS) || mark->end_tsc < last)
			continue;
		last = mark->end_tsc;
		count_exits(trace, mark->end_tsc, mark->all.exits);
		if (phases_know(mark, PHASE_REASONS))
			count(trace, "exits by reason", mark->end_tsc,
			      reasons(phases, mark));
	}
}

static void print_phases(struct trace *trace)
{
	const struct phases *phases = &trace->item->phases;
	size_t i;

	name(trace, "thread_name", trace->pid, "phases");
	trace->end = 0;
	for (i = 0; i < phases->nr; i++)
		if (has_slice(trace, &phases->rows[i]))
			print_slice(trace, trace->pid, phases, &phases->rows[i], false);
	print_marks(trace, phases);
}

/* There may be a million samples, so one event serves them all. */
static void print_samples(struct trace *trace)
{
	const struct run *run = trace->item->run;
	const struct log_sample *samples = run->samples.items, *sample;
	json_t *args = json_object(), *event = counter(trace, "exits", 0, args);
	const struct log_samples *head;
	char text[VIEW_TEXT];
	const char *key = view_key(text, trace->view);
	size_t i;

	for_each(head, &run->heads)
		for (i = 0; i < head->nr; i++) {
			sample = &samples[head->first + i];
			json_object_set_new(event, "ts", json_integer(microseconds(trace, sample->tsc)));
			json_object_set_new(args, key, json_u64(sample->others));
			print_event(trace, json_incref(event));
			if (!i)
				count(trace, "observer", sample->tsc,
				      json_pack("{s:o}", "exits", json_u64(head->own)));
		}
	json_decref(event);
}

/* Leave out a phase in which a vCPU did nothing. */
static void print_vcpus(struct trace *trace)
{
	const struct run *run = trace->item->run;
	struct phases_view view = { .whose = PHASES_ONE }, guest = known_guest(run);
	size_t nr = phases_vcpus(run), i;
	struct phases phases;
	json_int_t tid;
	char text[64];

	for (; view.vcpu < nr; view.vcpu++) {
		phases_build(run, view, &phases);
		tid = trace->pid * THREADS + view.vcpu;
		snprintf(text, sizeof(text), "vCPU %llu%s", view.vcpu,
			 guest.whose == PHASES_ALL_BUT && guest.vcpu == view.vcpu ?
			 " (observer)" : "");
		name(trace, "thread_name", tid, text);
		trace->end = 0;
		for (i = 0; i < phases.nr; i++)
			if (phases.rows[i].all.exits && has_slice(trace, &phases.rows[i]))
				print_slice(trace, tid, &phases, &phases.rows[i], true);
		phases_free(&phases);
	}
}

/* Returns facts about the file that are not in the events. */
static json_t *other_data(const struct export *export)
{
	struct export_fact facts[EXPORT_FACTS];
	const struct export_run *item;
	json_t *array = json_array(), *object;
	char abi[32];
	size_t nr, i;

	snprintf(abi, sizeof(abi), "bootexits for ABI %u.%u",
		 KVM_EXIT_TRACE_REVISION >> 16, KVM_EXIT_TRACE_REVISION & 0xffff);
	for_each(item, &export->runs) {
		object = json_pack("{s:s}", "run", item->name);
		nr = export_facts(item->run, facts);
		for (i = 0; i < nr; i++)
			json_object_set_new(object, facts[i].name,
					    json_string(facts[i].value));
		if (item->sites.nr)
			json_object_set_new(object, "symbols", symbols_json(&item->symbols, item->run));
		json_array_append_new(array, object);
	}
	return json_pack("{s:s, s:o}", "tool", abi, "runs", array);
}

void export_chrome(const struct export *export)
{
	struct trace trace = { .view = export->view };
	char text[sizeof(trace.item->name) + 4];

	fputs("{\"displayTimeUnit\":\"ms\",\"otherData\":", stdout);
	print_json(other_data(export));
	fputs(",\"traceEvents\":[", stdout);
	for_each(trace.item, &export->runs) {
		trace.pid++;
		snprintf(text, sizeof(text), "run %s", trace.item->name);
		name(&trace, "process_name", trace.pid, text);
		print_phases(&trace);
		print_samples(&trace);
		print_vcpus(&trace);
	}
	puts("\n]}");
}
