// SPDX-License-Identifier: GPL-2.0-only
/* The first reading: which VMs and vCPUs there are, and what the recording lacks. */
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "tools/import/import.h"

#define MAX_VMS		16		/* that a message lists */

const char *const import_tools[IMPORT_TOOLS] = {
	[IMPORT_PERF] = "perf", [IMPORT_TRACE_CMD] = "trace-cmd", [IMPORT_FTRACE] = "ftrace",
};

static void say_tool(struct import *import, enum import_tool tool)
{
	if (!import->said_tool)
		import->tool = tool;
	import->said_tool = true;
}

/* Each vCPU has one owner: its process, or if the text has none, its thread. */
static void take_vcpu(struct import *import, const struct import_event *event, __u32 id)
{
	struct import_vcpu vcpu = { .id = id, .owner = event->pid ? event->pid : event->tid }, *found;

	for_each(found, &import->vcpus) {
		if (found->id != id)
			continue;
		if (found->owner != vcpu.owner && !found->other)
			found->other = vcpu.owner;
		return;
	}
	if (import->vcpus.nr < IMPORT_THREADS)
		list_append(&import->vcpus, &vcpu, sizeof(vcpu));
}

static void take_exit(struct import *import, const struct import_event *event)
{
	struct import_reason *reason = import_reason(import, event->reason);

	import->exits++;
	if (reason)
		reason->exits++;
	if (event->vcpu != IMPORT_NO_VCPU)
		take_vcpu(import, event, event->vcpu);
}

static void take_entry(struct import *import, const struct import_event *event, struct import_thread *thread)
{
	if (!import->entries++ && !import->exits)
		import->from_start = event->reset;
	if (thread && thread->vcpu == IMPORT_NO_VCPU)
		thread->vcpu = event->vcpu;
	take_vcpu(import, event, event->vcpu);
}

static void take_event(struct import *import, const struct import_event *event)
{
	struct import_thread *thread = import_thread(import, event, event->kind != IMPORT_OTHER);

	say_tool(import, event->prefixed ? IMPORT_PERF : IMPORT_TRACE_CMD);
	if (event->digits > import->digits)
		import->digits = event->digits;
	if (event->time < import->last)
		import->back++;
	else
		import->last = event->time;
	if (thread && event->kind == IMPORT_EXIT)
		thread->exits++;
	if (!import_wanted(import, event->pid, event->tid))
		return;
	if (event->kind == IMPORT_EXIT)
		take_exit(import, event);
	else if (event->kind == IMPORT_ENTRY)
		take_entry(import, event, thread);
}

static void take(struct import *import, const struct import_event *event)
{
	switch (event->kind) {
	case IMPORT_HEADER:
		return say_tool(import, IMPORT_FTRACE);
	case IMPORT_LOST:
		import->lost += event->lost;
		import->losses++;
		return;
	case IMPORT_UNTIMED:
		import->untimed++;
		return;
	case IMPORT_MALFORMED:
		import->malformed++;
		return;
	default:
		take_event(import, event);
	}
}

static int compare_ids(const void *a, const void *b)
{
	const struct import_vcpu *one = a, *other = b;

	return (one->id > other->id) - (one->id < other->id);
}

/* Add "PID (NAME, EXITS exits)" for each process, or if there are none, for each thread. */
static void list_vms(const struct import *import, FILE *out)
{
	const struct import_thread *thread, *before;
	unsigned int nr = 0;
	__u64 exits;

	for_each(thread, &import->threads) {
		exits = 0;
		for_each(before, &import->threads) {
			if (before->pid != thread->pid || (!thread->pid && before != thread))
				continue;
			if (before < thread)
				break;
			exits += before->exits;
		}
		if (!exits || nr++ >= MAX_VMS)
			continue;
		fprintf(out, "%s%u (%s, %llu exits)", nr == 1 ? "" : ", ", thread->pid ? thread->pid : thread->tid,
			thread->comm, exits);
	}
	if (nr > MAX_VMS)
		fprintf(out, " and %u more", nr - MAX_VMS);
}

static enum status refuse(const struct import *import, const char *why)
{
	const struct import_file *file = import->files.items;
	const struct import_thread *thread = import->threads.items;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		error(STATUS_UNREADABLE, 0, "no memory");
	list_vms(import, out);
	fclose(out);
	error(0, 0, "%s: %s: %s%s", text_shown(file->path), why, text_shown(text),
	      thread->pid ? "" : "; this text has no processes, so give the threads of one VM");
	free(text);
	return STATUS_USAGE;
}

/* Whether more than one VM has exits. */
static bool several(const struct import *import)
{
	const struct import_vcpu *vcpu;
	const struct import_thread *thread;
	__u32 pid = 0;

	for_each(vcpu, &import->vcpus)
		if (vcpu->other)
			return true;
	for_each(thread, &import->threads) {
		if (!thread->pid || !thread->exits || !import_wanted(import, thread->pid, thread->tid))
			continue;
		if (pid && pid != thread->pid)
			return true;
		pid = thread->pid;
	}
	return false;
}

static enum status lacks(const struct import *import, const char *what)
{
	const struct import_file *file = import->files.items;

	error(0, 0, "%s: %s", text_shown(file->path), what);
	return STATUS_UNREADABLE;
}

enum status import_survey(struct import *import)
{
	import_each(import, take);
	if (!import->exits && !import->entries && import->threads.nr && import->pids.nr)
		return refuse(import, "--pid is not among these");
	if (!import->exits && import->untimed)
		return lacks(import, "its times are not in seconds");
	if (!import->exits && import->malformed)
		return lacks(import, "its events are of an unknown form");
	if (!import->exits)
		return lacks(import, "no event kvm_exit with its time: neither perf.data, trace.dat, nor the text of `perf script' or `trace-cmd report'");
	if (!import->entries)
		return lacks(import, "no event kvm_entry, so there are no times: record both, as `perf kvm stat record' does");
	if (several(import))
		return refuse(import, "several VMs, so choose one by --pid");
	if (!import_vendor(import))
		return lacks(import, "no exit has a reason that VMX or SVM knows");
	qsort(import->vcpus.items, import->vcpus.nr, sizeof(struct import_vcpu), compare_ids);
	return STATUS_OK;
}
