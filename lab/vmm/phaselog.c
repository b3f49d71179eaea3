// SPDX-License-Identifier: GPL-2.0-only
/* Reads exit_trace/log, which host-kvm/kvm/exit_trace_debugfs.c writes. */
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-bpf/marks.h"
#include "lab/vmm/phaselog.h"
#include "lib/status.h"

#define TEXT(number)	#number
#define VALUE(macro)	TEXT(macro)

/* The mark that is being read: a part for each vCPU */
static struct exits_snapshot *parts;
static unsigned int nr_parts, nr_marks;

static FILE *open_file(const char *path, const char *name)
{
	char file[128];

	snprintf(file, sizeof(file), "%s/exit_trace/%s", path, name);
	return fopen(file, "r");
}

static void end_mark(void)
{
	unsigned int i;

	for (i = 0; i < nr_parts; i++) {
		parts[i].vcpus = nr_parts;
		marks_take(NULL, &parts[i], sizeof(parts[i]));
	}
	nr_marks += !!nr_parts;
	nr_parts = 0;
}

/* A vCPU's clocks begin at 1 here, because marks.h takes 0 for a vCPU that has not run. */
static void add_part(const struct exits_snapshot *mark, __u64 guest, __u64 elapsed)
{
	struct exits_snapshot *part;

	parts = realloc(parts, (nr_parts + 1) * sizeof(*parts));
	if (!parts)
		error(STATUS_UNREADABLE, 0, "out of memory");
	part = &parts[nr_parts];
	*part = *mark;
	part->index = nr_parts++;
	part->vcpu.origin = 1;
	part->vcpu.since = 1 + elapsed;
	part->vcpu.guest = guest;
}

static void add_slot(unsigned int number, const struct exits_slot *slot)
{
	struct exits_snapshot *part = &parts[nr_parts - 1];

	if (!nr_parts || number >= KVM_EXIT_TRACE_NR_SLOTS)
		return;
	part->vcpu.slots[number] = *slot;
	part->vcpu.exits += slot->count;
}

static void take_line(const char *line, struct exits_snapshot *mark, struct phaselog *log)
{
	struct exits_slot slot;
	__u64 guest, elapsed;
	unsigned int number;

	if (sscanf(line, "mark %u %u %u %llu", &mark->entry, &mark->phase, &mark->marker, &mark->now) == 4) {
		mark->now++;	/* add_part() */
		end_mark();
	} else if (sscanf(line, "%*u %*d time %llu %llu", &guest, &elapsed) == 2) {
		add_part(mark, guest, elapsed);
	} else if (sscanf(line, "%*u %*d %u %llu %llu %llu %llu %llu", &number, &slot.count,
			  &slot.clocks[KVM_EXIT_TRACE_CLOCK_KVM], &slot.clocks[KVM_EXIT_TRACE_CLOCK_USER],
			  &slot.clocks[KVM_EXIT_TRACE_CLOCK_IDLE],
			  &slot.clocks[KVM_EXIT_TRACE_CLOCK_PREEMPTED]) == 6) {
		add_slot(number, &slot);
	} else if (sscanf(line, "dropped %u", &log->dropped) == 1) {
		end_mark();
	}
}

static void read_marks(const char *path, struct phaselog *log)
{
	static struct exits_snapshot mark;
	FILE *file = open_file(path, "log");
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		take_line(line, &mark, log);
	if (file)
		fclose(file);
}

static bool read_sums(const char *path, struct phaselog *log)
{
	FILE *file = open_file(path, "counters");
	char line[512];
	__u64 exits;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*d sum %llu", &exits) != 1)
			continue;
		log->exits += exits;
		log->vcpus++;
	}
	if (file)
		fclose(file);
	return log->vcpus;
}

static void mark_end(const char *path)
{
	static const char phase[] = VALUE(EXITS_PHASE_END);
	char file[128];
	int fd;

	snprintf(file, sizeof(file), "%s/exit_trace/mark", path);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, phase, strlen(phase)) < 0)
		error(0, errno, "%s", file);
	close(fd);
}

bool phaselog_read(const char *path, struct phaselog *log)
{
	*log = (struct phaselog){ 0 };
	if (!read_sums(path, log))
		return false;
	read_marks(path, log);
	if (!nr_marks) {
		mark_end(path);
		read_marks(path, log);
	}
	return true;
}
