// SPDX-License-Identifier: GPL-2.0-only
/*
 * bootexits-bpf: run a VMM, or attach to one, and count its VM's exits by BPF programs, on a stock
 * KVM.  `bootexits record' starts it, with --bpf or --attach.
 */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "host-bpf/attach.h"
#include "host-bpf/boundaries.h"
#include "lib/status.h"
#include "lib/descriptors.h"
#include "host-bpf/marks.h"
#include "host-bpf/out.h"
#include "host-bpf/running.h"
#include "payload/lib/leaves.h"
#include "payload/lib/records.h"

struct call {
	bool verbose;
	char **words;	/* the command; NULL: attach */
	pid_t process;	/* that is attached to; 0: none */
	int pidfd;	/* of that process; -1: not given */
	unsigned int seconds;	/* how long to count it; 0: no limit */
	int last;	/* the text that ends the command; -1: none does */
};

static struct call call = { .pidfd = -1, .last = -1 };

static pid_t start(const sigset_t *before)
{
	pid_t parent = getpid(), child = fork();

	if (child < 0)
		error(STATUS_UNREADABLE, errno, "fork");
	if (child)
		return child;
	sigprocmask(SIG_SETMASK, before, NULL);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) || getppid() != parent)
		_exit(126);
	execvp(call.words[0], call.words);
	error(0, errno, "%s", call.words[0]);
	_exit(127);
}

/* The guest has printed a text.  Who may send us signals may say so, but only of texts that there are. */
static void mark_text(const struct exits_bpf *bpf, int number, pid_t child)
{
	struct exits_text text = { .number = number };
	DECLARE_LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &text, .ctx_size_in = sizeof(text));

	if (number < 0 || number >= boundary_texts())
		return;
	bpf_prog_test_run_opts(bpf_program__fd(bpf->progs.mark_text), &options);
	if (number == call.last)
		kill(child, SIGTERM);
}

/*
 * Handles a signal.  One that ends us ends the VMM first, and the VMM's end ends us.  The
 * terminal sends its own signals to the VMM, too.  Returns whether the VMM has ended.
 */
static bool ended(const struct exits_bpf *bpf, int signals, pid_t child, int *status)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) != sizeof(info))
		return false;
	if ((int)info.ssi_signo == SIGRTMIN)
		mark_text(bpf, info.ssi_int, child);
	if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGHUP)
		kill(child, SIGTERM);
	return waitpid(child, status, WNOHANG) == child;
}

/* Takes snapshots until the VMM ends.  Returns its status, in a shell's form. */
static int follow(const struct exits_bpf *bpf, struct ring_buffer *ring, const sigset_t *signals, pid_t child)
{
	struct pollfd fds[] = {
		{ .fd = signalfd(-1, signals, SFD_CLOEXEC), .events = POLLIN },
		{ .fd = ring_buffer__epoll_fd(ring), .events = POLLIN },
	};
	bool done = false;
	int status = 0;

	while (!done) {
		poll(fds, 2, -1);
		if (fds[1].revents)
			ring_buffer__consume(ring);
		if (fds[0].revents)
			done = ended(bpf, fds[0].fd, child, &status);
	}
	ring_buffer__consume(ring);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Compares each vCPU's total with KVM's final count, and prints what a trace must not hide. */
static void check(const struct exits_bpf *bpf, const struct exits_vcpu *rows)
{
	__u64 missed = attach_missed(bpf);
	__u32 i;

	for (i = 0; i < bpf->bss->nr_vcpus; i++)
		if (call.process || rows[i].gone)
			expect("stat_exits", i, rows[i].stat - rows[i].unseen, rows[i].exits,
			       rows[i].stat - rows[i].unseen == rows[i].exits);
	if (missed)
		expect("bpf_missed", missed, 0, missed, false);
	if (bpf->bss->unexplained)
		expect("bpf_unexplained", bpf->bss->unexplained, 0, bpf->bss->unexplained, false);
	if (bpf->bss->uncounted)
		expect("bpf_uncounted", bpf->bss->uncounted, 0, bpf->bss->uncounted, false);
	if (bpf->bss->lost_marks)
		expect("bpf_lost_marks", bpf->bss->lost_marks, 0, bpf->bss->lost_marks, false);
}

/* If a guest made no mark, its last phase ends with its VM.  Without a boundary, it is the only one. */
static void mark_end(const struct exits_bpf *bpf, const struct exits_vcpu *rows)
{
	struct exits_snapshot part = {
		.entry = bpf->bss->nr_marks, .phase = log_entries() ? EXITS_PHASE_REST : EXITS_PHASE_END,
		.marker = KVM_EXIT_TRACE_MARK_HOST, .vcpus = bpf->bss->nr_vcpus,
	};
	__u64 now = running_now();

	for (part.index = 0; part.index < part.vcpus; part.index++) {
		part.vcpu = rows[part.index];
		part.now = call.process ? now : part.vcpu.since;
		marks_take(NULL, &part, sizeof(part));
	}
}

static void print(const struct exits_bpf *bpf, const struct exits_vcpu *rows)
{
	if (bpf->bss->marked)
		marks_forget_boundaries();
	else
		mark_end(bpf, rows);
	if (bpf->bss->other_vms)
		error(0, 0, "another VM of the same %s ran, and is not counted", call.process ? "process" : "command");
	marks_describe(bpf->rodata->setup.vmx ? KVM_EXIT_TRACE_VENDOR_VMX : KVM_EXIT_TRACE_VENDOR_SVM,
		       bpf->bss->nr_vcpus, bpf->bss->lost_marks);
	marks_print();
	check(bpf, rows);
	verdict_print();
}

/* Runs the command.  Returns its status. */
static int run_command(const struct exits_bpf *bpf, struct ring_buffer *ring, struct exits_vcpu *rows)
{
	sigset_t signals, before;
	int status;
	__u32 i;

	running_signals(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &signals, &before);
	bpf->bss->sought = EXITS_ALL;
	status = follow(bpf, ring, &signals, start(&before));
	for (i = 0; i < bpf->bss->nr_vcpus; i++)
		bpf_map_lookup_elem(bpf_map__fd(bpf->maps.vcpus), &i, &rows[i]);
	return status;
}

static void count_running(struct exits_bpf *bpf, struct ring_buffer *ring, struct exits_vcpu *rows)
{
	struct attached attached = { 0 };

	running_count(bpf, ring, call.process, call.pidfd, call.seconds, &attached);
	running_stop(bpf, rows);
	ring_buffer__consume(ring);
	marks_attached(&attached, rows, bpf->bss->nr_vcpus);
}

static int run(void)
{
	static struct exits_vcpu rows[EXITS_VCPUS];
	struct ring_buffer *ring;
	struct exits_bpf *bpf;
	int status = STATUS_OK;

	if (call.process && call.pidfd < 0)
		call.pidfd = pidfd_open(call.process, 0);
	if (call.process && call.pidfd < 0)
		error(STATUS_UNREADABLE, errno, "process %d", call.process);
	bpf = attach(getpgrp(), call.process, call.verbose);
	ring = ring_buffer__new(bpf_map__fd(bpf->maps.ring), marks_take, NULL, NULL);
	if (!ring)
		error(STATUS_UNREADABLE, errno, "can't read the ring of marks");
	if (call.process)
		count_running(bpf, ring, rows);
	else
		status = run_command(bpf, ring, rows);
	exits_bpf__detach(bpf);
	print(bpf, rows);
	ring_buffer__free(ring);
	exits_bpf__destroy(bpf);
	return status;
}

static int number(const char *arg, int least, struct argp_state *state)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(arg, &end, 10);
	if (!*arg || *end || errno || n < least || n > INT_MAX)
		argp_error(state, "not a number from %d on: %s", least, arg);
	return n;
}

/* Returns the text's number. */
static int text(const char *name, struct argp_state *state)
{
	int number = boundary_text(name);

	if (number < 0)
		argp_error(state, "more than %d texts", EXITS_TEXTS);
	return number;
}

static int descriptor(const char *arg, struct argp_state *state)
{
	int fd = number(arg, 0, state);

	if (fcntl(fd, F_SETFD, FD_CLOEXEC))
		argp_error(state, "not an open descriptor: %s", arg);
	return fd;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'a':
		call.process = number(arg, 1, state);
		return 0;
	case 'd':
		out_fd = descriptor(arg, state);
		return 0;
	case 'f':
		call.seconds = number(arg, 1, state);
		return 0;
	case 'p':
		call.pidfd = descriptor(arg, state);
		return 0;
	case 't':
		text(arg, state);
		return 0;
	case 'u':
		call.last = text(arg, state);
		return 0;
	case 'v':
		call.verbose = true;
		return 0;
	case ARGP_KEY_ARGS:
		call.words = state->argv + state->next;
		return 0;
	case ARGP_KEY_END:
		if (!call.words == !call.process)
			argp_error(state, "give the command to run, or a process to attach to");
		if (!call.process && (call.pidfd >= 0 || call.seconds))
			argp_error(state, "--pidfd and --for are for --attach");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "attach", 'a', "PID", 0, "count the VM that process PID runs already, until it ends or a signal comes", 0 },
	{ "descriptor", 'd', "N", 0, "write the records to descriptor N, default 1 (stdout)", 0 },
	{ "for", 'f', "SECONDS", 0, "with --attach: end after SECONDS. The VM goes on", 0 },
	{ "pidfd", 'p', "N", 0, "with --attach: descriptor N is a pidfd of that process", 0 },
	{ "text", 't', "NAME", 0, "a phase NAME ends when signal SIGRTMIN comes with this option's number, from 0 on", 0 },
	{ "until", 'u', "NAME", 0, "the same; then the command is ended, too", 0 },
	{ "verbose", 'v', NULL, 0, "print what libbpf and the kernel's verifier say", 0 },
	{ 0 },
};

static const char doc[] =
	"Run a command that starts a VM, or attach to a VM that runs, and count that VM's exits by BPF programs, on any "
	"KVM from Linux 6.1 on.\v"
	"The status is the command's own, or 0. It is 3 if the programs can't be attached; then the command "
	"was not started.";

int main(int argc, char **argv)
{
	static const struct argp argp = { options, parse, "-- COMMAND [ARGUMENT...]\n--attach PID", doc, NULL, NULL, NULL };

	descriptors_open();
	program_invocation_name = program_invocation_short_name;
	argp_err_exit_status = STATUS_USAGE;
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, NULL);
	return run();
}
