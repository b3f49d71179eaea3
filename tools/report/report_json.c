// SPDX-License-Identifier: GPL-2.0-only
/* A report as JSON.  Keys are append-only.  Numbers have no separators. */
#include <string.h>

#include "lib/json.h"
#include "tools/export/export.h"
#include "tools/report/report.h"
#include "tools/trace/samples.h"

static void set_total(json_t *object, const struct phase *row, const struct counter *counter)
{
	json_object_set_new(object, "total", export_json(row, PHASE_EXITS, counter_cost(counter)));
}

static json_t *reason_json(const struct phases *phases, const struct phase *row,
			   unsigned int slot)
{
	json_t *object = json_pack("{s:s, s:i, s:o, s:o}",
				   "name", phases->reasons[slot]->name,
				   "slot", slot,
				   "code", json_u64(phases->reasons[slot]->code),
				   "exits", json_u64(row->slots[slot].exits));

	export_clocks_json(object, row, &row->slots[slot]);
	set_total(object, row, &row->slots[slot]);
	return object;
}

static void set_unknown(json_t *object, const struct phase *row)
{
	char text[KNOWN_TEXT];

	if (known_text(row, text))
		json_object_set_new(object, "unknown", json_string(text));
}

/* @report: add its sites, too; or NULL */
static json_t *reasons_json(const struct phases *phases, const struct phase *row,
			    const struct report *report)
{
	json_t *array, *object;
	unsigned int slot;

	if (!phases_know(row, PHASE_REASONS))
		return json_null();
	array = json_array();
	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		if (!row->slots[slot].exits)
			continue;
		object = reason_json(phases, row, slot);
		if (report && report->sites.nr && row != &phases->total)
			json_object_set_new(object, "sites",
					    report_sites_json(report, row, slot));
		json_array_append_new(array, object);
	}
	return array;
}

static void set_time(json_t *object, const struct phase *row)
{
	if (!row->elapsed && (!row->mark->elapsed || phases_know(row, PHASE_GUEST)))
		return;
	json_object_set_new(object, "in_guest", export_json(row, PHASE_GUEST, row->in_guest));
	json_object_set_new(object, "elapsed", export_json(row, PHASE_GUEST, row->elapsed));
}

static json_t *phase_json(const struct report *report, const struct phase *row)
{
	const struct phases *phases = &report->phases;
	__u64 tsc_khz = report->run->tracer.tsc_khz;
	json_t *object, *share = json_null();
	bool guest = report_guest(report);

	if (phases_know(row, PHASE_EXITS) && phases_know(&phases->total, PHASE_EXITS))
		share = json_rounded(phases->total.all.exits ?
				     100.0 * row->all.exits / phases->total.all.exits : 0);
	object = json_pack("{s:s, s:o, s:o, s:o, s:o}",
			   "name", row->label,
			   "id", json_u64(row->mark->id),
			   "entry", json_u64(row->mark->entry),
			   "exits", export_json(row, PHASE_EXITS, row->all.exits),
			   "share", share);
	export_clocks_json(object, row, &row->all);
	json_object_update_new(object, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}",
		"self", guest ? export_json(row, PHASE_EXITS, row->self) : json_null(),
		"induced", guest ? export_json(row, PHASE_INDUCED, row->induced) : json_null(),
		"net", guest ? export_json(row, PHASE_EXITS, row->net) : json_null(),
		"reasons", reasons_json(phases, row, report),
		"begin_tsc", export_json(row, PHASE_TIME, row->begin_tsc),
		"end_tsc", export_json(row, PHASE_TIME, row->end_tsc)));
	if (tsc_khz)
		json_object_set_new(object, "ms", phases_know(row, PHASE_TIME) ?
				    json_real((double)phases_ticks(row) / tsc_khz) : json_null());
	if (report->observer)
		json_object_set_new(object, "observer",
				    export_json(row, PHASE_EXITS, row->observer));
	set_total(object, row, &row->all);
	set_time(object, row);
	set_unknown(object, row);
	return object;
}

static json_t *vcpu_row_json(const struct phases *phases,
			     const struct phase *row)
{
	json_t *object = json_pack("{s:s, s:o}", "name", row->label,
				   "exits", export_json(row, PHASE_EXITS, row->all.exits));

	export_clocks_json(object, row, &row->all);
	json_object_set_new(object, "reasons", reasons_json(phases, row, NULL));
	set_total(object, row, &row->all);
	set_time(object, row);
	set_unknown(object, row);
	return object;
}

static bool idle_row(const struct phase *row)
{
	static const struct counter none;

	return phases_know(row, PHASE_EXITS) && !memcmp(&row->all, &none, sizeof(none));
}

/*
 * Each vCPU by itself, also the observer's.  A phase in which it did nothing is
 * left out, so that the JSON can't become much larger than the log.
 */
static json_t *vcpus_json(const struct report *report)
{
	struct phases_view view = { .whose = PHASES_ONE }, guest = known_guest(report->run);
	size_t nr = phases_vcpus(report->run), i;
	json_t *array = json_array();
	struct phases phases;
	json_t *rows;

	for (; view.vcpu < nr; view.vcpu++) {
		phases_build(report->run, view, &phases);
		rows = json_array();
		for (i = 0; i < phases.nr; i++)
			if (!idle_row(&phases.rows[i]))
				json_array_append_new(rows, vcpu_row_json(&phases,
							&phases.rows[i]));
		json_array_append_new(array, json_pack("{s:o, s:b, s:o, s:o}",
			"vcpu", json_u64(view.vcpu),
			"observer", guest.whose == PHASES_ALL_BUT && view.vcpu == guest.vcpu,
			"phases", rows,
			"total", vcpu_row_json(&phases, &phases.total)));
		phases_free(&phases);
	}
	return array;
}

static json_t *linux_json(const struct log_linux *booted)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o}",
			 "version", booted->version,
			 "major", json_u64(booted->major),
			 "minor", json_u64(booted->minor),
			 "kernel", json_u64(booted->kernel),
			 "initrd", json_u64(booted->initrd));
}

static json_t *observer_json(const struct run *run)
{
	const struct log_sample *last = samples_last(run);
	json_t *object;

	object = json_pack("{s:o, s:o, s:o, s:I, s:o}",
			   "vcpu", json_u64(run->observer.vcpu),
			   "interval_us", json_u64(run->observer.interval),
			   "samples", json_u64(samples_said(run)),
			   "samples_read", (json_int_t)run->samples.nr,
			   "dropped", json_u64(run->dropped.samples));
	if (last)
		json_object_set_new(object, "last", json_pack("{s:o, s:o}",
			"tsc", json_u64(last->tsc),
			"exits", json_u64(last->others)));
	if (run->observed.line) {
		json_object_set_new(object, "polls", json_u64(run->observed.polls));
		json_object_set_new(object, "kept", json_u64(run->observed.kept));
		json_object_set_new(object, "gap_ticks", json_u64(run->observed.gap));
	}
	return object;
}

static json_t *attached_json(const struct run *run)
{
	const struct log_attached *attached = &run->attached;
	json_t *vcpus = json_array(), *object;
	const struct log_unseen *unseen;

	for_each(unseen, &run->unseen)
		json_array_append_new(vcpus, json_pack("{s:o, s:o}", "vcpu", json_u64(unseen->vcpu),
						       "exits", json_u64(unseen->exits)));
	object = json_pack("{s:o, s:s, s:o}", "unseen", json_u64(attached->unseen),
			   "end", attached->end, "vcpus", vcpus);
	if (attached->signal)
		json_object_set_new(object, "signal", json_u64(attached->signal));
	return object;
}

static json_t *differ_json(const struct report *report,
			   const struct host_sync *sync)
{
	const struct log_reason *reason;
	json_t *array = json_array();
	unsigned int slot;

	for (slot = 0; sync->hist && slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		if (sync->guest[slot] == sync->kvm[slot])
			continue;
		reason = report->phases.reasons[slot];
		json_array_append_new(array, json_pack("{s:s*, s:i, s:o, s:o}",
			"name", reason ? reason->name : NULL,
			"slot", slot,
			"guest", json_u64(sync->guest[slot]),
			"host", json_u64(sync->kvm[slot])));
	}
	return array;
}

static json_t *sync_json(const struct report *report,
			 const struct host_sync *sync)
{
	json_t *object = json_pack("{s:o, s:b, s:o}",
				   "sync", json_u64(sync->sync->try),
				   "ok", sync->status == STATUS_OK,
				   "guest_after", json_u64(sync->sync->after));
	const struct log_host_vcpu *vcpu;
	json_t *vcpus;

	if (sync->mark)
		json_object_set_new(object, "guest", json_u64(sync->mark->all.exits));
	if (sync->host) {
		json_object_set_new(object, "host", json_u64(sync->host->exits));
		json_object_set_new(object, "host_fd", json_u64(sync->host->exits_fd));
	}
	if (!sync->bounded)
		return object;
	vcpus = json_array();
	json_object_set_new(object, "guest_window", json_u64(sync->guest_window));
	json_object_set_new(object, "host_window", json_u64(sync->host_window));
	for_each(vcpu, &sync->host_run->host_vcpus)
		if (sync->parted && vcpu->sync == sync->sync->try)
			json_array_append_new(vcpus, json_pack("{s:o, s:o, s:o}",
				"vcpu", json_u64(vcpu->vcpu),
				"guest", json_u64(host_vcpu_guest(report->run, sync,
								  vcpu->vcpu)),
				"host", json_u64(vcpu->exits)));
	json_object_set_new(object, "vcpus", vcpus);
	if (sync->hist && sync->reasoned) {
		json_object_set_new(object, "reasons_compared",
				    json_integer(sync->compared));
		json_object_set_new(object, "reasons_differing",
				    differ_json(report, sync));
	}
	return object;
}

static json_t *texts_json(const struct report *report, json_t *defects)
{
	json_t *notes = json_array();
	const struct log_defect *defect;
	const struct report_note *note;

	for_each(defect, &report->run->defects)
		json_array_append_new(defects, json_pack("{s:I, s:s}", "line",
				(json_int_t)defect->line, "text", defect->text));
	for_each(note, &report->notes)
		json_array_append_new(notes, json_string(note->text));
	return notes;
}

static json_t *tracer_json(const struct log_tracer *tracer)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:b, s:b, s:o}",
			 "vendor", tracer->vendor,
			 "vcpus", json_u64(tracer->vcpus),
			 "slots", json_u64(tracer->slots),
			 "epoch", json_u64(tracer->epoch),
			 "began", json_u64(tracer->began),
			 "from_start", tracer->from_start != 0,
			 "incomplete", tracer->incomplete != 0,
			 "tsc_khz", json_u64(tracer->tsc_khz));
}

/* Returns the total without the observer's vCPU, whatever the view is. */
static json_t *guest_json(const struct run *run)
{
	struct phases phases;
	json_t *exits;

	phases_build(run, known_guest(run), &phases);
	exits = export_json(&phases.total, PHASE_EXITS, phases.total.all.exits);
	phases_free(&phases);
	return exits;
}

json_t *report_json(const struct report *report)
{
	const struct phases *phases = &report->phases;
	json_t *rows = json_array(), *syncs = json_array();
	json_t *defects = json_array(), *notes;
	char view[VIEW_TEXT];
	const struct run *run = report->run;
	const struct host_sync *sync;
	json_t *object;
	size_t i;

	for (i = 0; i < phases->nr; i++)
		json_array_append_new(rows, phase_json(report, &phases->rows[i]));
	for_each(sync, &report->syncs)
		json_array_append_new(syncs, sync_json(report, sync));
	notes = texts_json(report, defects);
	object = json_pack("{s:o, s:s, s:s, s:i, s:b, s:s, s:s, s:o, s:o, s:o, s:o}",
			   "file", json_text(report->path), "run", run->name,
			   "verdict", run->verdict.line ? run->verdict.result : "missing",
			   "status", report->status,
			   "truncated", !run->end.line,
			   "unit", report->unit,
			   "view", view_key(view, &report->options->which),
			   "phases", rows, "syncs", syncs,
			   "notes", notes, "defects", defects);
	if (run->gaps.nr)
		json_object_set_new(object, "missing", json_u64(known_missing(run)));
	if (run->tracer.line)
		json_object_set_new(object, "tracer", tracer_json(&run->tracer));
	if (run->attached.line)
		json_object_set_new(object, "attached", attached_json(run));
	if (run->booted.line)
		json_object_set_new(object, "linux", linux_json(&run->booted));
	if (run->observer.line)
		json_object_set_new(object, "observer", observer_json(run));
	if (report->symbols.places.nr)
		json_object_set_new(object, "symbols", symbols_json(&report->symbols, run));
	if (!phases->nr)
		return object;
	json_object_set_new(object, "total", phase_json(report, &phases->total));
	if (run->latencies.nr)
		json_object_set_new(object, "latencies", report_latencies_json(report));
	json_object_set_new(object, "guest_exits", guest_json(run));
	json_object_set_new(object, "all_vcpus", json_u64(phases->total.mark->all.exits));
	if (phases_vcpus(run))
		json_object_set_new(object, "vcpus", vcpus_json(report));
	return object;
}
