// SPDX-License-Identifier: GPL-2.0-only
/*
 * QEMU's machine protocol.  When the guest pauses itself through pvpanic, record
 * reads KVM's own counts by query-stats (QEMU 7.1 and later), and lets the guest go
 * on.  It reads them at no other time, because a running vCPU would have to exit
 * for it.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/record/record.h"

static const struct trace_stream host_stream = { "qmp", 1000, LOG_HOST, NULL };

static void tell(struct qmp *qmp, const char *command)
{
	size_t len = strlen(command);

	if (write(qmp->fd, command, len) != (ssize_t)len) {
		close(qmp->fd);
		qmp->fd = -1;
	}
}

/* Returns the number of the vCPU at a path of QEMU's object model, or -1. */
static json_int_t cpu_index(const struct qmp *qmp, const char *path)
{
	const char *other;
	json_t *cpu;
	size_t i;

	json_array_foreach(qmp->cpus, i, cpu) {
		other = json_string_value(json_object_get(cpu, "qom-path"));
		if (path && other && !strcmp(path, other))
			return json_integer_value(json_object_get(cpu, "cpu-index"));
	}
	return -1;
}

/* Returns the process of a vCPU's thread, or -1, and sets the CPUs on which it may run. */
static long thread_of(const json_t *cpu, cpu_set_t *allowed)
{
	json_int_t thread = json_integer_value(json_object_get(cpu, "thread-id"));
	char path[64], line[256];
	long process = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%lld/status", (long long)thread);
	file = thread > 0 ? fopen(path, "re") : NULL;
	if (!file)
		return -1;
	while (process < 0 && fgets(line, sizeof(line), file))
		sscanf(line, "Tgid: %ld", &process);
	fclose(file);
	return sched_getaffinity(thread, sizeof(*allowed), allowed) ? -1 : process;
}

/*
 * Whether a vCPU shares no CPU with another vCPU.  If QEMU is in a container, its threads
 * have other numbers here, and are unlikely to be those of one process.
 */
static bool runs_apart(const struct qmp *qmp, json_int_t index)
{
	cpu_set_t own, other, shared;
	long process = -1;
	json_t *cpu;
	size_t i;

	json_array_foreach(qmp->cpus, i, cpu)
		if (json_integer_value(json_object_get(cpu, "cpu-index")) == index)
			process = thread_of(cpu, &own);
	json_array_foreach(qmp->cpus, i, cpu) {
		if (json_integer_value(json_object_get(cpu, "cpu-index")) == index)
			continue;
		if (process < 0 || thread_of(cpu, &other) != process)
			return false;
		CPU_AND(&shared, &own, &other);
		if (CPU_COUNT(&shared))
			return false;
	}
	return process >= 0;
}

static void put_counts(struct record *record, json_t *answer)
{
	struct qmp *qmp = &record->qmp;
	json_t *lines = json_array(), *stats, *line;
	json_int_t sum = 0, exits, cpu;
	size_t i;

	json_array_foreach(answer, i, stats) {
		exits = json_integer_value(json_object_get(json_array_get(
			json_object_get(stats, "stats"), 0), "value"));
		cpu = cpu_index(qmp, json_string_value(json_object_get(stats, "qom-path")));
		sum += exits;
		if (cpu >= 0)
			json_array_append_new(lines, json_pack("{s:s, s:i, s:I, s:I, s:i}",
				"host", "vcpu", "sync", qmp->pauses, "vcpu", cpu,
				"exits", exits, "apart", runs_apart(qmp, cpu)));
	}
	if (json_array_size(answer))
		trace_put(&record->trace, &host_stream, json_pack("{s:s, s:i, s:I}",
			"host", "host", "sync", qmp->pauses, "exits", sum));
	json_array_foreach(lines, i, line)
		trace_put(&record->trace, &host_stream, json_incref(line));
	json_decref(lines);
	qmp->pauses++;
}

static void take_message(struct record *record, json_t *message)
{
	const char *event = json_string_value(json_object_get(message, "event"));
	const char *id = json_string_value(json_object_get(message, "id"));
	struct qmp *qmp = &record->qmp;

	if (json_object_get(message, "QMP")) {
		tell(qmp, "{\"execute\":\"qmp_capabilities\"}\n"
			  "{\"execute\":\"query-cpus-fast\",\"id\":\"cpus\"}\n");
	} else if (event && !strcmp(event, "GUEST_PANICKED")) {
		tell(qmp, "{\"execute\":\"query-stats\",\"id\":\"stats\",\"arguments\":"
			  "{\"target\":\"vcpu\",\"providers\":"
			  "[{\"provider\":\"kvm\",\"names\":[\"exits\"]}]}}\n");
	} else if (id && !strcmp(id, "cpus")) {
		qmp->cpus = json_incref(json_object_get(message, "return"));
	} else if (id && !strcmp(id, "stats")) {
		put_counts(record, json_object_get(message, "return"));
		tell(qmp, "{\"execute\":\"cont\"}\n");
	}
}

/* Each message is a line.  A line that is longer than the buffer is dropped. */
static void take_lines(struct record *record)
{
	struct qmp *qmp = &record->qmp;
	char *start = qmp->text, *end;
	json_t *message;

	while ((end = memchr(start, '\n', qmp->text + qmp->len - start))) {
		message = json_loadb(start, end - start, 0, NULL);
		if (message)
			take_message(record, message);
		json_decref(message);
		start = end + 1;
	}
	qmp->len -= start - qmp->text;
	memmove(qmp->text, start, qmp->len);
	if (qmp->len == sizeof(qmp->text))
		qmp->len = 0;
}

void record_qmp_read(struct record *record)
{
	struct qmp *qmp = &record->qmp;
	ssize_t len;

	while (qmp->fd >= 0) {
		len = read(qmp->fd, qmp->text + qmp->len, sizeof(qmp->text) - qmp->len);
		if (len < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (len <= 0) {
			close(qmp->fd);
			qmp->fd = -1;
			return;
		}
		qmp->len += len;
		take_lines(record);
	}
}
