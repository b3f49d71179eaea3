// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second reading: counts a VM's exits and times, and takes a snapshot at each mark.  The
 * snapshots are those of bootexits-bpf, so that the same code prints the records.
 */
#include <error.h>
#include <stdlib.h>

#include "host-bpf/marks.h"
#include "tools/import/import.h"

/* The VM's counters.  There is one import at a time, and its snapshots are marks.c's. */
static struct exits_snapshot *parts;
static __u32 nr_parts, nr_marks;
static __u64 since_mark;	/* exits after the last mark */
static unsigned int last_phase;
static struct exits_snapshot *exited;	/* the vCPU whose exit came last */

/* A mark has no vCPU, and an old kernel's exit has none, either.  Then it is the thread's. */
static struct exits_snapshot *find_part(const struct import_event *event, const struct import_thread *thread)
{
	__u32 id = event->vcpu == IMPORT_NO_VCPU && thread ? thread->vcpu : event->vcpu, i;

	if (event->kind == IMPORT_MARK && !thread)
		return exited;
	for (i = 0; i < nr_parts; i++)
		if (parts[i].vcpu.id == id)
			return &parts[i];
	return NULL;
}

/* Moves a vCPU's clocks on to the latest time so far.  So they stay if an event's time goes back. */
static __u64 charge(const struct import *import, struct exits_vcpu *vcpu)
{
	__u64 time = import->last - vcpu->since;

	vcpu->since = import->last;
	return time;
}

static void take_exit(struct import *import, struct exits_vcpu *vcpu, const struct import_event *event)
{
	struct import_reason *reason = import_reason(import, event->reason);
	int slot = !reason ? -1 : import->vmx ? reason->vmx : reason->svm;

	if (!vcpu->origin) {
		vcpu->origin = vcpu->since = import->last;
		vcpu->unseen = 1;	/* its entry was before the recording */
	} else if (vcpu->in_guest) {
		vcpu->guest += charge(import, vcpu);
	} else {
		vcpu->slots[vcpu->slot].clocks[KVM_EXIT_TRACE_CLOCK_KVM] += charge(import, vcpu);
		import->unentered++;
	}
	if (reason)
		reason->exits++;
	vcpu->in_guest = 0;
	vcpu->slot = slot < 0 ? KVM_EXIT_TRACE_SLOT_OTHER : slot;
	vcpu->slots[vcpu->slot].count++;
	vcpu->exits++;
	since_mark++;
}

static void take_entry(struct import *import, struct exits_vcpu *vcpu)
{
	if (!vcpu->origin)
		vcpu->origin = vcpu->since = import->last;
	else if (vcpu->in_guest)
		import->unexited++;
	else
		vcpu->slots[vcpu->slot].clocks[KVM_EXIT_TRACE_CLOCK_KVM] += charge(import, vcpu);
	if (vcpu->in_guest)
		vcpu->guest += charge(import, vcpu);
	vcpu->in_guest = 1;
}

static void mark(struct import *import, unsigned int phase, __u32 marker)
{
	__u32 i;

	if (nr_marks == EXITS_MARKS || (nr_marks + 1) * (__u64)nr_parts > IMPORT_PARTS) {
		import->lost_marks++;
		return;
	}
	for (i = 0; i < nr_parts; i++) {
		parts[i].entry = nr_marks;
		parts[i].phase = phase;
		parts[i].marker = marker;
		parts[i].now = import->last;
		marks_take(NULL, &parts[i], sizeof(parts[i]));
	}
	nr_marks++;
	if (phase != KVM_EXIT_TRACE_PHASE_PAUSED)	/* which ends no phase */
		since_mark = 0;
	last_phase = phase;
}

static void take(struct import *import, const struct import_event *event)
{
	struct import_thread *thread;
	struct exits_snapshot *part;

	if (event->kind > IMPORT_OTHER)
		return;
	if (event->time > import->last)
		import->last = event->time;
	if (event->kind == IMPORT_OTHER || !import_wanted(import, event->pid, event->tid))
		return;
	thread = import_thread(import, event, false);
	part = find_part(event, thread);
	if (!part) {
		import->nowhere += event->kind == IMPORT_EXIT || event->kind == IMPORT_MARK;
		return;
	}
	if (event->kind == IMPORT_MARK)
		return mark(import, event->phase, part->index);
	if (event->kind == IMPORT_ENTRY)
		take_entry(import, &part->vcpu);
	else
		take_exit(import, &part->vcpu, event);
	exited = part;
	if (thread && event->vcpu != IMPORT_NO_VCPU)
		thread->vcpu = event->vcpu;
}

/*
 * A boot that was marked to its end is as a trace of the payload's: what comes later is in no phase.
 * Without these marks, the last phase ends with the recording.
 */
static void finish(struct import *import)
{
	bool whole = nr_marks && (last_phase == KVM_EXIT_TRACE_PHASE_USERSPACE ||
				  last_phase == KVM_EXIT_TRACE_PHASE_PAUSED);

	if (whole)
		import->after = since_mark;
	else if (since_mark || !nr_marks)
		mark(import, EXITS_PHASE_END, KVM_EXIT_TRACE_MARK_HOST);
}

void import_count(struct import *import)
{
	struct import_reason *reason;
	struct import_vcpu *vcpus = import->vcpus.items;
	__u32 i;

	nr_parts = import->vcpus.nr < EXITS_VCPUS ? import->vcpus.nr : EXITS_VCPUS;
	nr_marks = 0;
	since_mark = 0;
	exited = NULL;
	parts = calloc(nr_parts, sizeof(*parts));
	if (!parts)
		error(STATUS_UNREADABLE, 0, "no memory");
	for (i = 0; i < nr_parts; i++) {
		parts[i].index = i;
		parts[i].vcpus = nr_parts;
		parts[i].vcpu.id = vcpus[i].id;
	}
	for_each(reason, &import->reasons)
		reason->exits = 0;
	import_each(import, take);
	finish(import);
	free(parts);
}
