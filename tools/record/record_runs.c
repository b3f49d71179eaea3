// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records several boots of one command into a directory.  Each is recorded by a process of its own,
 * so that whatever ends one of them leaves the others as they are.
 */
#include <errno.h>
#include <error.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/pager.h"
#include "lib/text.h"
#include "tools/record/record.h"
#include "tools/report/report.h"
#include "tools/trace/paths.h"

static volatile sig_atomic_t stopped;	/* the signal that this process got, or 0 */
static volatile pid_t running;		/* the process that records; 0: none */

/* Whoever signals this process means the boot that runs. */
static void on_signal(int number)
{
	stopped = number;
	if (running > 0)
		kill(running, SIGTERM);
}

/* Runs in a new process: record one boot.  It ends if its parent does. */
static void run_one(struct record *record, pid_t parent, const sigset_t *signals)
{
	record_catch_signals();
	sigprocmask(SIG_UNBLOCK, signals, NULL);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) || getppid() != parent)
		exit(STATUS_UNREADABLE);
	exit(record_run(record));
}

/* Returns the status of one recording, as the program would have it. */
static int record_one(struct record *record, const char *path)
{
	pid_t self = getpid();
	sigset_t signals;
	int status;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	record->path = path;
	fflush(NULL);
	sigprocmask(SIG_BLOCK, &signals, NULL);		/* until both can handle them */
	running = fork();
	if (running < 0)
		record_fail("fork: %s", strerror(errno));
	if (!running)
		run_one(record, self, &signals);
	sigprocmask(SIG_UNBLOCK, &signals, NULL);
	while (waitpid(running, &status, 0) < 0)
		if (errno != EINTR)
			record_fail("waitpid: %s", strerror(errno));
	running = 0;
	return stopped ? STATUS_INTERRUPTED : WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_FAIL;
}

/* A trace that is there already would pass for one of these boots. */
static void make_directory(const char *path)
{
	struct list there = { NULL, 0 };

	if (mkdir(path, 0777) && errno != EEXIST)
		record_fail("%s: %s", path, strerror(errno));
	if (paths_below(path, "*.trace", &there))
		record_fail("%s: it has traces already: remove them, or give another directory", path);
}

/* The trace that failed is no boot to compare with, so it loses its ending. */
static void put_aside(const char *path)
{
	char *aside = record_format("%s.failed", path);

	if (!access(path, F_OK))
		rename(path, aside);
	free(aside);
}

static void tell_failure(const char *what, unsigned int i, unsigned int nr, int status,
			 const char *path)
{
	char *aside = record_format("%s.failed", path);

	error(0, 0, "%s %u of %u ended with status %d%s%s", what, i, nr, status,
	      access(aside, F_OK) ? "" : ": its trace is ", access(aside, F_OK) ? "" : text_shown(aside));
	free(aside);
}

static int sum_up(struct list *traces)
{
	const struct report_options options = { .files = *traces };
	int status;

	pager_forbid();
	status = report_files(&options);
	paths_free(traces);
	return status;
}

int record_runs(struct record *record, unsigned int runs, unsigned int warmups)
{
	unsigned int digits = snprintf(NULL, 0, "%u", runs), i;
	struct sigaction action = { .sa_handler = on_signal };
	const char *directory = record->path;
	struct list traces = { NULL, 0 };
	int status;
	char *path;

	make_directory(directory);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	for (i = 1; i <= warmups; i++) {
		status = record_one(record, "/dev/null");
		if (!status)
			continue;
		tell_failure("warm-up", i, warmups, status, "/dev/null");
		return status;
	}
	for (i = 1; i <= runs; i++) {
		path = record_format("%s/run-%0*u.trace", directory, digits, i);
		status = record_one(record, path);
		if (status) {
			put_aside(path);
			tell_failure("run", i, runs, status, path);
			return status;
		}
		list_append(&traces, &path, sizeof(path));
	}
	return sum_up(&traces);
}
