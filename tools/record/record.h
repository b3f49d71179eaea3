/* SPDX-License-Identifier: GPL-2.0-only */
/* `bootexits record': what is started, what is followed, and the trace that it becomes. */
#ifndef BOOTEXITS_RECORD_H
#define BOOTEXITS_RECORD_H

#include <sys/types.h>

#include "bootexits.h"
#include "trace.h"

enum record_source {
	RECORD_QEMU,		/* a QEMU that is started here */
	RECORD_LAB,		/* scripts/lab.sh */
	RECORD_SERIAL,		/* a serial port, or any other file that still grows */
	RECORD_LOG,		/* logs that are there already */
};

/* A log or a port that becomes a part of the trace. */
struct stream {
	struct trace_stream trace;
	char *path;
	bool made;		/* in the directory of the child's logs, where @path is its name */
	int fd;			/* -1: not there yet */
	bool ended;		/* a port's other end is gone */
	__u64 at;		/* bytes taken */
	unsigned long lines;
	size_t len;
	char text[LOG_MAX_LINE + 1];	/* the line that has no end yet */
};

/* QEMU's monitor; -1: there is none. */
struct qmp {
	int fd;
	size_t len;
	char text[1 << 18];
	json_t *cpus;		/* what query-cpus-fast returned, or NULL */
	unsigned int pauses;
};

/* Of the progress line: when the next one is due, and what the last one said, and when. */
struct progress {
	double due, at;
	__u64 exits;
};

/* The directory of the child's logs. */
struct logs {
	int parent, dir;	/* descriptors of where it is, and of itself; -1: there is none */
	char name[OUTPUT_NAME];	/* in there */
};

#define RECORD_STDOUT	"/dev/stdout"	/* what - stands for, as a path */

struct record {
	const char *path;	/* of the trace */
	enum record_source source;
	bool lab;		/* instructions are its clock */
	bool bpf;		/* bootexits-bpf counts, and starts QEMU */
	char **words;		/* the command, or the logs; ends with NULL */
	unsigned int limit, baud;
	__u64 max_size;		/* bytes that a guest may write, and those that the trace may have */

	struct trace trace;
	struct log live;	/* what the guest's records said so far */
	struct list streams;	/* struct stream * */
	struct logs logs;
	int messages;		/* descriptor of the lab's output, in there */
	char **command;		/* as it is started */
	struct list passed;	/* int: descriptors that the child has, too, and this process no more */
	char last[60];		/* the last line that is no record, for the progress line */
	struct progress progress;
	const char *unread;	/* a log that could not be read to its end, or NULL */
	char cut[LOG_MESSAGE];	/* why the end of a log is missing, or "" */
	struct timespec start;
	pid_t child, guard;	/* 0: there is none */
	int leash;		/* the guard ends the child when this is closed */
	int lifeline;		/* the kernel does when nobody has this any more, guard or not */
	int wait_status;	/* of the child that ended, as waitpid() has it */
	struct qmp qmp;
};

/** record_fail() - print a message and end with status 3 */
void record_fail(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/** record_format() - a text as of printf(), to be freed */
char *record_format(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/** record_lab_script() - scripts/lab.sh: of the bundle that is the build directory, else of this checkout */
const char *record_lab_script(void);

#define RECORD_LOGS	5

/* The streams of a VM in the order of a trace: NAME.log in the directory of its logs. */
extern const char *const record_log_names[RECORD_LOGS];

/** record_seconds() - since the recording began */
double record_seconds(const struct record *record);

/* record_follow.c */

/** record_catch_signals() - let SIGINT, SIGTERM and SIGHUP end the recording, and no write end this process */
void record_catch_signals(void);

/**
 * record_follow() - take what comes until the end, the guest's or ours
 * @status: is set if it isn't whole
 *
 * Return: why it is not whole, or NULL.
 */
const char *record_follow(struct record *record, int *status);

/** record_place() - give the trace and the logs their place */
void record_place(struct record *record);

/* record_stream.c: files and ports that are followed */

/**
 * record_stream() - follow a file, which may come to be later
 * @name: of the stream in the trace; the host's log is called "host"
 * @path: is copied; NULL: it is NAME.log of the child's logs
 */
struct stream *record_stream(struct record *record, const char *name,
			     const char *path);

/** record_streams_read() - take some of what is new; returns whether there was anything */
bool record_streams_read(struct record *record);

/** record_streams_end() - take the last lines, which have no end */
void record_streams_end(struct record *record);

/** record_streams_taken() - bytes that were taken of the stream of which most was */
__u64 record_streams_taken(const struct record *record);

/** record_logs_size() - bytes of the child's largest log, taken or not */
__u64 record_logs_size(const struct record *record);

/** record_streams_free() - close and forget all */
void record_streams_free(struct record *record);

/** record_port() - follow the serial port, or the standard input, that is to be read */
void record_port(struct record *record);

/** record_logs() - follow logs that are there already: a file each, or a directory's */
void record_logs(struct record *record);

/* record_devices.c: what the user's own QEMU arguments have */

/** record_is_option() - whether a word of QEMU's command is that option, with one dash or two */
bool record_is_option(const char *word, const char *name);

struct devices {
	bool exit;		/* an isa-debug-exit at the payload's port */
	bool console;		/* an isa-debugcon at the observer's */
	bool pvpanic;		/* on the ISA bus, of which QEMU takes one */
	bool pauses;		/* it's at the payload's port, and tells of a panic */
	unsigned int pvpanic_port;
	char panic[16];		/* what -action has QEMU do then, or "" */
};

/**
 * record_devices() - which of the devices of docs/abi.md, section 5, there are
 * @words: QEMU's command, ends with NULL; what is wrong in it QEMU tells itself
 */
void record_devices(char **words, struct devices *devices);

/* record_start.c: what is started */

/** record_prepare() - make the logs' directory, and the command that writes there */
void record_prepare(struct record *record);

/* record_bpf.c: a KVM that is not patched */

/** record_bpf_wanted() - whether only bootexits-bpf can count here, for this command, and is there to do it */
bool record_bpf_wanted(char *const *words);

/** record_bpf_program() - bootexits-bpf, beside this program; record_fail() if it isn't there */
const char *record_bpf_program(void);

/* record_logs.c: the directory of the child's logs */

/** record_logs_make() - make it, beside the trace; record_fail() if that can't be */
void record_logs_make(struct record *record);

/** record_logs_path() - its path, for people; to be freed */
char *record_logs_path(const struct record *record);

/** record_log_create() - a new file in there, to be written; record_fail() if it can't be made */
int record_log_create(const struct record *record, const char *name);

/** record_log_open() - open a file in there to be read; returns -1 if it isn't there */
int record_log_open(const struct record *record, const char *name);

/**
 * record_logs_place() - call it NAME.logs, as the trace is called NAME now
 * @again: a NAME.logs that is there goes; else it is called NAME.old.logs from now on
 *
 * Where what is there can't be moved, its name stays what it is.
 */
void record_logs_place(struct record *record, bool again);

/** record_logs_drop() - remove it: all of it is in the trace, or there is nothing in it */
void record_logs_drop(struct record *record);

/* record_child.c: the child */

/** record_start() - start the command; it ends when this process does, however that is */
void record_start(struct record *record);

/** record_guarded() - whether the child's guard lives; another one ends the child, if not */
bool record_guarded(struct record *record);

/** record_stop() - end the child and all that it started, by and by with force */
void record_stop(struct record *record);

/** record_leave() - wait until nothing is left of the child */
void record_leave(struct record *record);

/* record_judge.c: what an end means */

/** record_captured() - whether there is anything in what was followed */
bool record_captured(const struct record *record);

/** record_guest_ended() - whether the guest's last record was read: a port has no other end */
bool record_guest_ended(const struct record *record);

/** record_has_records() - whether any record of a guest was read */
bool record_has_records(const struct record *record);

/**
 * record_judge() - what the end of it means, if nothing has gone wrong
 * @why: NULL, or why the trace is truncated
 *
 * The verdict is the guest's: what its records say, and of QEMU its exit status, the worse one.
 *
 * Return: 0 pass, 1 fail or no verdict, 3 it ended before the guest had begun, 4 skip.
 */
int record_judge(const struct record *record, const char **why);

/* record_meta.c */

/** record_meta() - what the trace's first line says, docs/trace.md */
json_t *record_meta(const struct record *record);

/* record_qmp.c */

/** record_qmp_read() - answer QEMU: each pause of the guest has the host's counts */
void record_qmp_read(struct record *record);

/* record_progress.c */

/** record_progress() - a line on where the boot is, on standard error, if it's due */
void record_progress(struct record *record);

/** record_progress_end() - leave the terminal's line free */
void record_progress_end(void);

#endif /* BOOTEXITS_RECORD_H */
