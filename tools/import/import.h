/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `bootexits import': the events of a recording that another program made.  They are read twice:
 * first to find the VMs and their vCPUs, then to count one VM's exits.
 */
#ifndef BOOTEXITS_IMPORT_H
#define BOOTEXITS_IMPORT_H

#include <stdio.h>

#include "lib/list.h"
#include "tools/bootexits.h"

#define IMPORT_COMM	24		/* bytes of a thread's name, its NUL included */
#define IMPORT_REASON	48		/* bytes of a reason's name, its NUL included */
#define IMPORT_NO_VCPU	0xffffffffU
#define IMPORT_FIELDS	"trace:comm,pid,tid,time,event,trace"	/* of perf script */

/* Bounds of what a hostile text can make us keep. */
#define IMPORT_THREADS	4096
#define IMPORT_REASONS	256		/* names of reasons */
#define IMPORT_PARTS	16384		/* marks times vCPUs */

enum import_tool {
	IMPORT_PERF,
	IMPORT_TRACE_CMD,
	IMPORT_FTRACE,			/* the kernel's own file, such as /sys/kernel/tracing/trace */
	IMPORT_TOOLS,
};

/** import_tools - their names, in messages and in traces */
extern const char *const import_tools[IMPORT_TOOLS];

enum import_kind {
	IMPORT_TEXT,			/* no event that we need */
	IMPORT_EXIT,
	IMPORT_ENTRY,
	IMPORT_MARK,			/* a port access or a CPUID that marks */
	IMPORT_OTHER,			/* another one of these */
	IMPORT_LOST,			/* the recording says that it lacks events */
	IMPORT_HEADER,			/* the first line of ftrace's own text */
	IMPORT_MALFORMED,		/* an event that can't be read */
	IMPORT_UNTIMED,			/* an event whose time isn't in seconds */
};

/**
 * struct import_event - what a line says
 * @time: nanoseconds
 * @digits: how many digits of a second the text has
 * @pid, @tid: process and thread; 0: the text doesn't say
 * @vcpu: KVM's vcpu_id, or IMPORT_NO_VCPU
 * @reset: the vCPU enters the guest at the reset vector
 * @phase: of a mark
 * @lost: number of lost events; 0: the text doesn't say
 * @prefixed: the event's name has the prefix kvm:, as perf writes it
 * @reason: of an exit; a name or a number
 */
struct import_event {
	enum import_kind kind;
	__u64 time;
	unsigned int digits;
	__u32 pid, tid, vcpu;
	bool reset, prefixed;
	unsigned int phase;
	__u64 lost;
	char comm[IMPORT_COMM];
	char reason[IMPORT_REASON];
};

/* A recording, as it is read: a text. */
struct import_file {
	const char *path;
	FILE *text;
	bool ran;			/* perf or trace-cmd made the text for us */
	const char *cut;		/* why it is not whole, or NULL */
};

struct import_thread {
	__u32 tid, pid;
	__u32 vcpu;			/* that it entered first, then that it entered last */
	__u64 exits;
	char comm[IMPORT_COMM];
};

struct import_vcpu {
	__u32 id;			/* KVM's vcpu_id */
	__u32 owner, other;		/* process, or else thread, that runs it; another one, or 0 */
};

/* A reason's name, and its slot by each vendor's names; -1: that vendor has no such reason. */
struct import_reason {
	char name[IMPORT_REASON];
	int vmx, svm;
	__u64 exits;
};

struct import {
	struct list files;		/* struct import_file */
	struct list pids;		/* __u32: from --pid */
	enum import_tool tool;
	bool said_tool;
	bool vmx;

	/* What the first reading finds. */
	struct list threads;		/* struct import_thread that ran a vCPU */
	struct list vcpus;		/* struct import_vcpu of the VM, by its id after the reading */
	struct list reasons;		/* struct import_reason */
	__u64 exits, entries;		/* of the VM */
	__u64 untimed, malformed, nowhere;	/* events without a time, of no known form, of no known vCPU */
	__u64 lost, losses;		/* events that are known to be lost, and places of that */
	__u64 back;			/* how often the time goes back */
	__u64 last;			/* nanoseconds: the latest time so far */
	unsigned int digits;
	bool from_start;		/* the VM's first event is its entry at the reset vector */

	/* What the second one adds. */
	__u64 unentered;		/* exits that no entry follows, less the vCPUs' last ones */
	__u64 unexited;			/* entries that no exit follows, less the vCPUs' last ones */
	__u64 after;			/* exits after the last mark, if no phase has them */
	__u64 lost_marks;
};

/* import_line.c */

/** import_line() - read one line of perf script, trace-cmd report or ftrace; @line is changed */
void import_line(char *line, struct import_event *event);

/* import_text.c: the parts of a line */

/** import_number() - read the number after @key in @text, in that base; false if there is none */
bool import_number(const char *text, const char *key, int base, __u64 *number);

/** import_head() - read thread, process and name from the text before an event's time; it is changed */
void import_head(char *head, struct import_event *event);

/** import_time() - read "SECONDS.FRACTION:"; false if @word is something else */
bool import_time(const char *word, struct import_event *event);

/* import_open.c */

/**
 * import_open() - open a recording; perf or trace-cmd turns a file of its own into text
 *
 * Return: whether it is open.  If not, a message was printed.
 */
bool import_open(struct import *import, const char *path);

/** import_close() - close all files, and free all but the list of --pid */
void import_close(struct import *import);

/* import_read.c */

/** import_each() - call @take for each event of all files, in their order */
void import_each(struct import *import, void (*take)(struct import *import, const struct import_event *event));

/** import_wanted() - whether --pid chooses this process or, if @pid is 0, this thread; without --pid, all are */
bool import_wanted(const struct import *import, __u32 pid, __u32 tid);

/** import_thread() - the thread of an event, which is new if @add; NULL if there is none */
struct import_thread *import_thread(struct import *import, const struct import_event *event, bool add);

/* import_survey.c */

/**
 * import_survey() - read all events, and find the VM
 *
 * Return: STATUS_OK, or after a message STATUS_USAGE if there are several VMs, and
 * STATUS_UNREADABLE if there is nothing to count.
 */
enum status import_survey(struct import *import);

/* import_names.c */

/** import_reason() - the entry of a name or a number in the list of reasons; NULL: the list is full */
struct import_reason *import_reason(struct import *import, const char *name);

/** import_vendor() - find the vendor by the reasons; false: no name is known */
bool import_vendor(struct import *import);

/** import_unknown() - print one line on the reasons whose names are unknown, if there are any */
void import_unknown(const struct import *import, const char *path);

/* import_count.c */

/** import_count() - read all events again, and count the VM's exits; marks.c then has the marks */
void import_count(struct import *import);

/* import_write.c */

/** import_write() - write the trace; prints what went wrong, and returns the status */
enum status import_write(struct import *import, const char *path);

#endif /* BOOTEXITS_IMPORT_H */
