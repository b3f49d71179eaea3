/* SPDX-License-Identifier: GPL-2.0-only */
/* `bootexits record': what it starts, what it follows, and the trace that it makes. */
#ifndef BOOTEXITS_RECORD_H
#define BOOTEXITS_RECORD_H

#include <argp.h>
#include <regex.h>
#include <sys/types.h>

#include "tools/bootexits.h"
#include "tools/trace/trace.h"

enum record_source {
	RECORD_QEMU,		/* a QEMU that is started here */
	RECORD_LAB,		/* lab/lab.sh */
	RECORD_ATTACH,		/* a VM that runs already */
	RECORD_SERIAL,		/* a serial port, or another file that still grows */
	RECORD_LOG,		/* logs that are complete */
};

/* A log or a port whose lines go into the trace. */
struct stream {
	struct trace_stream trace;
	char *path;
	bool made;		/* it is among the child's logs, where @path is its name */
	int fd;			/* -1: the file doesn't exist yet */
	bool ended;		/* the port's other end is gone */
	__u64 at;		/* bytes taken */
	size_t len;
	char text[LOG_MAX_LINE + 1];	/* the last line, which has no end yet */
};

/* A text of the guest's that ends a phase. */
struct text {
	regex_t regex;		/* looked for in each line of the serial port */
	const char *name;	/* of the phase */
	bool last;		/* the recording ends, too */
	bool seen;
};

/* QEMU's monitor.  fd is -1 if there is none. */
struct qmp {
	int fd;
	size_t len;
	char text[1 << 18];
	json_t *cpus;		/* what query-cpus-fast returned, or NULL */
	unsigned int pauses;
};

/* The progress line: when the next one is due, and the time and the exits of the last one. */
struct progress {
	double due, at;
	__u64 exits;
};

/* The directory of the child's logs. */
struct logs {
	int parent, dir;	/* descriptors of its parent and of itself; -1: none */
	char name[OUTPUT_NAME];	/* of the directory, in its parent */
};

struct record {
	const char *path;	/* of the trace */
	enum record_source source;
	bool lab;		/* the clocks count instructions */
	bool bpf;		/* bootexits-bpf counts, and starts QEMU */
	bool own_vmm;		/* in the lab, the command is a VMM of the user's */
	int vmm_status;		/* its exit status; -1: not known yet */
	char **words;		/* the command, the logs, or the VM; ends with NULL */
	unsigned int limit, baud;
	unsigned int seconds;	/* how long to count a VM that runs already; 0: no limit */
	__u64 max_size;		/* bytes that a guest may write, and that the trace may have */

	struct trace trace;
	struct log live;	/* what the trace has so far */
	struct list streams;	/* struct stream * */
	struct list texts;	/* struct text */
	struct logs logs;
	int messages;		/* descriptor of the lab's output, among the logs */
	char **command;		/* the command that is started */
	struct list passed;	/* int: descriptors for the child, which this process closes */
	char last[60];		/* the last line that isn't a record, for the progress line */
	struct progress progress;
	const char *unread;	/* a log that could not be read to its end, or NULL */
	char cut[LOG_MESSAGE];	/* why the end of a log is missing, or "" */
	struct timespec start;
	pid_t child, guard;	/* 0: there is none */
	pid_t vmm;		/* the process of the VM that runs already */
	int pidfd;		/* of this process; -1: none */
	char **vmm_words;	/* its command line; ends with NULL */
	int leash;		/* when this is closed, the guard ends the child */
	int lifeline;		/* when no process has this any more, the kernel ends the child */
	int wait_status;	/* waitpid()'s status of the child */
	struct qmp qmp;
};

/** record_fail() - print a message and exit with status 3 */
void record_fail(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/** record_run() - record one boot; returns the status */
int record_run(struct record *record);

/* record_runs.c */

/**
 * record_runs() - record several boots, run-1.trace and so on, and print their medians
 * @record: its path is the directory, which is made if it isn't there
 * @warmups: boots before that, which are recorded nowhere
 *
 * Return: the status of the first boot that isn't 0, after a message; no further boot is
 * started.  The traces before it stay.  STATUS_FAIL if boots that have to repeat do not.
 */
int record_runs(struct record *record, unsigned int runs, unsigned int warmups);

/** record_format() - return a text as printf() makes it; the caller frees it */
char *record_format(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/**
 * record_lab_script() - path of a script of the lab, in the bundle that was built or the checkout
 * @name: lab.sh, or vmm.sh for a VMM of the user's
 */
const char *record_lab_script(const char *name);

/** record_is_vmm() - whether the lab's arguments name a program, not a scenario */
bool record_is_vmm(char *const *words);

/**
 * record_lab_by_bpf() - return the lab's arguments, with those first that let BPF programs count
 *
 * The result is never freed.  record_fail() if the programs are not built.
 */
char **record_lab_by_bpf(char **words);

#define RECORD_LOGS	5

/* The names of a VM's streams, in the order of a trace.  NAME.log is their file. */
extern const char *const record_log_names[RECORD_LOGS];

/** record_seconds() - seconds since the recording began */
double record_seconds(const struct record *record);

/* record_follow.c */

/** record_catch_signals() - end the recording on a signal, and ignore those of failed writes */
void record_catch_signals(void);

/**
 * record_follow() - read all that comes, until the guest ends or the recording has to
 * @status: set if the recording is truncated
 *
 * Return: why the recording is truncated, or NULL.
 */
const char *record_follow(struct record *record, int *status);

/** record_place() - give the trace and the logs their names */
void record_place(struct record *record);

/* record_stream.c: files and ports that are followed */

/**
 * record_stream() - follow a file, which may not exist yet
 * @name: of the stream in the trace; the host's log has the name "host"
 * @path: is copied; NULL: NAME.log among the child's logs
 */
struct stream *record_stream(struct record *record, const char *name,
			     const char *path);

/** record_streams_read() - read some of what is new; returns whether there was anything */
bool record_streams_read(struct record *record);

/** record_streams_end() - take the last lines, even if they have no end */
void record_streams_end(struct record *record);

/** record_streams_taken() - bytes that were read of the largest stream */
__u64 record_streams_taken(const struct record *record);

/** record_logs_size() - bytes of the child's largest log, read or not */
__u64 record_logs_size(const struct record *record);

/** record_streams_free() - close and free all streams */
void record_streams_free(struct record *record);

/** record_port() - begin to follow the serial port, or the standard input */
void record_port(struct record *record);

/** record_logs() - begin to follow logs that are complete: files, or those in a directory */
void record_logs(struct record *record);

/* record_devices.c: the devices in the user's own QEMU arguments */

/** record_is_option() - whether a word of QEMU's command is this option, with one dash or two */
bool record_is_option(const char *word, const char *name);

/** record_next() - the word after this one; a text that follows -append or -name is skipped, because it is no option */
char *const *record_next(char *const *word);

struct devices {
	bool exit;		/* an isa-debug-exit at the payload's port */
	bool console;		/* an isa-debugcon at the observer's */
	bool pvpanic;		/* on the ISA bus; QEMU takes only one */
	bool pauses;		/* it is at the payload's port, and reports panics */
	unsigned int pvpanic_port;
	char panic[16];		/* what QEMU does on a panic, by -action, or "" */
	char *options;		/* the payload's, of -fw_cfg, with a blank before and after each; NULL: none */
};

/**
 * record_devices() - find which devices of docs/abi.md, section 5, the command has
 * @words: QEMU's command; ends with NULL.  Its errors are for QEMU to report.
 * @devices: filled in; the caller frees its options
 */
void record_devices(char *const *words, struct devices *devices);

/* record_start.c: what is started */

/** record_prepare() - make the directory of the logs, and the command that writes there */
void record_prepare(struct record *record);

/* record_bpf.c: a KVM that is not patched */

/** record_bpf_wanted() - whether only bootexits-bpf can count for this command, and exists */
bool record_bpf_wanted(char *const *words);

/** record_bpf_program() - path of bootexits-bpf, beside this program; else record_fail() */
const char *record_bpf_program(void);

/* record_text.c: phases that end when the guest prints a text */

/**
 * record_text_add() - add one from an option's argument, REGEX=NAME, which is changed
 * @last: the recording ends at this text, too
 *
 * If the argument is wrong, it ends this program with status 2.
 */
void record_text_add(struct record *record, char *arg, bool last, struct argp_state *state);

/** record_texts_find() - look for all texts in the line that a stream has so far */
void record_texts_find(struct record *record, const struct stream *stream);

/** record_texts_check() - say which texts never came */
void record_texts_check(const struct record *record);

/* record_attach.c: a VM that runs already */

/**
 * record_attach() - find the process that @record's word names
 *
 * It fills in vmm, pidfd and vmm_words.  If there is none, it ends this program with status 3, and if
 * there are several, with status 2.
 */
void record_attach(struct record *record);

/* record_logs.c: the directory of the child's logs */

/** record_logs_make() - make the directory beside the trace; record_fail() on error */
void record_logs_make(struct record *record);

/** record_logs_path() - the directory's path, for messages; the caller frees it */
char *record_logs_path(const struct record *record);

/** record_log_create() - make a new file in the directory, for writing; record_fail() on error */
int record_log_create(const struct record *record, const char *name);

/** record_log_open() - open a file in the directory for reading; returns -1 if it doesn't exist */
int record_log_open(const struct record *record, const char *name);

/**
 * record_logs_place() - rename the directory to NAME.logs, after the trace got the name NAME
 * @again: remove an older NAME.logs; if false, rename it to NAME.old.logs
 *
 * If an older directory can't be moved, the new one keeps its temporary name.
 */
void record_logs_place(struct record *record, bool again);

/** record_logs_drop() - remove the directory; all of it is in the trace, or it is empty */
void record_logs_drop(struct record *record);

/* record_child.c: the child */

/** record_start() - start the command; it ends when this process ends, in whatever way */
void record_start(struct record *record);

/** record_guarded() - whether the child's guard is alive; if not, end the child by a new guard */
bool record_guarded(struct record *record);

/** record_stop() - end the child and all that it started, in the end with force */
void record_stop(struct record *record);

/** record_leave() - wait until the child and its processes are gone */
void record_leave(struct record *record);

/* record_judge.c: what the end of a recording means */

/** record_captured() - whether anything was captured */
bool record_captured(const struct record *record);

/** record_guest_ended() - whether the guest's last record was read; a port has no other end */
bool record_guest_ended(const struct record *record);

/** record_has_records() - whether any record of a guest was read */
bool record_has_records(const struct record *record);

/**
 * record_judge() - find the status of a recording in which nothing went wrong
 * @why: set to why the trace is truncated, or to NULL
 *
 * The verdict is the worse one of the guest's records and QEMU's exit status.
 *
 * Return: 0 pass, 1 fail or no verdict, 3 it ended before the guest began, 4 skip.
 */
int record_judge(const struct record *record, const char **why);

/* record_meta.c */

/** record_meta() - return the trace's first line (docs/trace.md) */
json_t *record_meta(const struct record *record);

/* record_qmp.c */

/** record_qmp_read() - handle QEMU's messages; read the host's counts at each pause */
void record_qmp_read(struct record *record);

/* record_progress.c */

/** record_progress() - print on standard error where the boot is, if that is due */
void record_progress(struct record *record);

/** record_progress_end() - clear the terminal's line */
void record_progress_end(void);

#endif /* BOOTEXITS_RECORD_H */
