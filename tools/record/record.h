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

struct record {
	const char *path;	/* of the trace */
	enum record_source source;
	bool lab;		/* instructions are its clock */
	char **words;		/* the command, or the logs; ends with NULL */
	unsigned int limit, baud;

	struct trace trace;
	struct log live;	/* what the guest's records said so far */
	struct list streams;	/* struct stream * */
	char *logs;		/* the directory of the child's logs, or NULL */
	char **command;		/* as it is started */
	char last[60];		/* the last line that is no record, for the progress line */
	struct progress progress;
	const char *unread;	/* a log that could not be read to its end, or NULL */
	char cut[LOG_MESSAGE];	/* why the end of a log is missing, or "" */
	struct timespec start;
	pid_t child, guard;
	int leash;		/* the guard ends the child when this is closed */
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

#define RECORD_LOGS	4

/* The streams of a VM in the order of a trace: NAME.log in the directory of its logs. */
extern const char *const record_log_names[RECORD_LOGS];

/** record_seconds() - since the recording began */
double record_seconds(const struct record *record);

/* record_stream.c: files and ports that are followed */

/**
 * record_stream() - follow a file, which may come to be later
 * @name: of the stream in the trace; the host's log is called "host"
 * @path: is copied
 */
struct stream *record_stream(struct record *record, const char *name,
			     const char *path);

/** record_streams_read() - take some of what is new; returns whether there was anything */
bool record_streams_read(struct record *record);

/** record_streams_end() - take the last lines, which have no end */
void record_streams_end(struct record *record);

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

/** record_tidy() - remove the logs: they are in the trace, or there is nothing in them */
void record_tidy(const struct record *record);

/* record_child.c: the child */

/** record_start() - start the command; it ends when this process does, however that is */
void record_start(struct record *record);

/** record_stop() - end the child and all that it started, by and by with force */
void record_stop(struct record *record);

/** record_leave() - wait until nothing is left of the child */
void record_leave(struct record *record);

/** record_captured() - whether there is anything in what was followed */
bool record_captured(const struct record *record);

/** record_guest_ended() - whether the guest's last record was read: a port has no other end */
bool record_guest_ended(const struct record *record);

/** record_verdict() - the status that the guest's last verdict stands for: 0, 1 or 4 */
int record_verdict(const struct record *record);

/**
 * record_judge() - what the child's end means
 * @why: NULL, or why the trace is truncated
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
