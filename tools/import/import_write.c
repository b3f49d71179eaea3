// SPDX-License-Identifier: GPL-2.0-only
/* Writes what was counted as a trace. */
#include <errno.h>
#include <error.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/json.h"
#include "lib/text.h"
#include "tools/import/import.h"
#include "tools/import/import_records.h"
#include "tools/record/record_meta.h"
#include "tools/trace/trace.h"

#define HASHED	(64ULL << 20)	/* bytes: a larger recording gets its time instead of its hash */

/* A recording can't tell these clocks apart.  Theirs is all the time from an exit to the next entry. */
static const struct trace_key clocks[] = {
	{ "kvm", LOG_OUTSIDE }, { "user", NULL }, { "idle", NULL }, { "preempted", NULL }, { 0 },
};

struct writing {
	struct trace trace;
	struct trace_stream stream;
	__u64 at;
};

static void put(void *data, char *line, size_t len)
{
	struct writing *writing = data;

	trace_line(&writing->trace, &writing->stream, writing->at, line, len);
	writing->at += len + 1;
}

/* Lost events, as far as they were counted.  Each place where some were lost lacks at least one. */
static __u64 least_lost(const struct import *import)
{
	return import->losses > import->lost ? import->losses : import->lost;
}

static void print_records(const struct import *import, struct writing *writing)
{
	struct records records = {
		.tool = import_tools[import->tool], .vmx = import->vmx, .from_start = import->from_start,
		.vcpus = import->vcpus.nr, .lost_marks = import->lost_marks,
	};

	records_begin(&records, put, writing);
	records_fault("lost_events", least_lost(import));
	records_fault("lost_exits", import->unexited);
	records_fault("lost_marks", import->lost_marks);
	records_fault("time_back", import->back);
	records_fault("unknown_events", import->malformed + import->untimed);
	records_fault("events_of_no_vcpu", import->nowhere);
	records_end();
}

/* Returns why the trace is not the whole recording, or NULL. */
static const char *lacks(const struct import *import, char text[LOG_MESSAGE])
{
	const struct import_file *file;

	for_each(file, &import->files)
		if (file->cut)
			return file->cut;
	if (import->losses)
		snprintf(text, LOG_MESSAGE, "the recording lacks at least %llu events", least_lost(import));
	else if (import->malformed || import->untimed)
		snprintf(text, LOG_MESSAGE, "%llu events are of an unknown form", import->malformed + import->untimed);
	else if (import->back)
		snprintf(text, LOG_MESSAGE, "its time goes back %llu times", import->back);
	else if (import->unexited)
		snprintf(text, LOG_MESSAGE, "the recording lacks at least %llu exits", import->unexited);
	else if (import->nowhere)
		snprintf(text, LOG_MESSAGE, "%llu events are of no known vCPU", import->nowhere);
	else if (import->lost_marks)
		snprintf(text, LOG_MESSAGE, "%llu marks were not kept", import->lost_marks);
	else
		return NULL;
	return text;
}

/* perf's text tells what was lost only if perf script is told to print that. */
static bool tells_lost(const struct import *import)
{
	const struct import_file *file;

	if (import->tool != IMPORT_PERF || import->losses)
		return true;
	for_each(file, &import->files)
		if (!file->ran)
			return false;
	return true;
}

static const struct import_thread *first_thread(const struct import *import)
{
	const struct import_thread *thread;

	for_each(thread, &import->threads)
		if (thread->exits && import_wanted(import, thread->pid, thread->tid))
			return thread;
	return NULL;
}

static json_t *describe(const struct import *import)
{
	const struct import_thread *thread = first_thread(import);
	json_int_t resolution = 1;
	unsigned int digits;
	json_t *object;

	for (digits = import->digits; digits < 9; digits++)
		resolution *= 10;
	object = json_pack("{s:s, s:I}", "by", import_tools[import->tool], "resolution", resolution);
	if (tells_lost(import))
		json_object_set_new(object, "lost", json_u64(least_lost(import)));
	json_object_set_new(object, "unentered", json_u64(import->unentered));
	json_object_set_new(object, "after", json_u64(import->after));
	if (thread && thread->pid)
		json_object_set_new(object, "process", json_integer(thread->pid));
	if (thread)
		json_object_set_new(object, "name", json_text(thread->comm));
	return object;
}

static json_t *make_meta(const struct import *import)
{
	json_t *logs = json_array(), *files = json_array();
	const struct import_file *file;
	char abi[24];

	for_each(file, &import->files) {
		json_array_append_new(logs, json_text(meta_said(file->path)));
		meta_add_file(files, file->path, HASHED);
	}
	snprintf(abi, sizeof(abi), "%u.%u", KVM_EXIT_TRACE_REVISION >> 16, KVM_EXIT_TRACE_REVISION & 0xffff);
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:o, s:o, s:o}", "tool", BOOTEXITS_VERSION, "abi", abi,
			 "source", "import", "unit", "ns", "exact", 0, "imported", describe(import),
			 "logs", logs, "files", files);
}

/* Whether the trace would take the place of a recording. */
static bool overwrites(const struct import *import, const struct trace *trace)
{
	const struct import_file *file;
	struct stat old, of;

	if (trace->out.old < 0 || fstat(trace->out.old, &old))
		return false;
	for_each(file, &import->files)
		if (!stat(file->path, &of) && of.st_dev == old.st_dev && of.st_ino == old.st_ino)
			return true;
	return false;
}

static void tell(const struct import *import, const char *path, const char *why)
{
	char after[60] = "";

	if (import->after)
		snprintf(after, sizeof(after), "; %llu more after the last mark", import->after);
	error(0, 0, "%s: %llu exits on %zu vCPU%s%s%s%s", text_shown(path), import->exits - import->after,
	      import->vcpus.nr, import->vcpus.nr == 1 ? "" : "s", after, why ? ", truncated: " : "",
	      why ? why : "");
	if (import->unentered)
		error(0, 0, "%s: after %llu exits no entry was recorded, so some of the guest's time is the host's",
		      text_shown(path), import->unentered);
}

enum status import_write(struct import *import, const char *path)
{
	struct writing writing = { .stream = { import_tools[import->tool], 1, LOG_SERIAL, clocks } };
	char text[LOG_MESSAGE];
	const char *why = lacks(import, text);
	int status = why ? STATUS_FAIL : STATUS_OK, err = trace_open(&writing.trace, path);

	if (!err && overwrites(import, &writing.trace)) {
		error(0, 0, "%s: the trace would overwrite this recording", text_shown(path));
		trace_close(&writing.trace);
		return STATUS_UNREADABLE;
	}
	if (err) {
		error(0, 0, "%s: %s", text_shown(path), err == EWOULDBLOCK ? "another recording writes to it" :
		      output_error(err));
		return STATUS_UNREADABLE;
	}
	trace_begin(&writing.trace, make_meta(import), false);
	print_records(import, &writing);
	trace_end(&writing.trace, &why, &status);
	err = writing.trace.err ? writing.trace.err : trace_place(&writing.trace, "");
	trace_close(&writing.trace);
	if (err) {
		error(0, 0, "%s: %s", text_shown(path), output_error(err));
		return STATUS_UNREADABLE;
	}
	tell(import, path, why);
	return status;
}
