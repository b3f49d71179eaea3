// SPDX-License-Identifier: GPL-2.0-only
/* Start and end of the child, which is QEMU or the lab. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/record/record.h"

/*
 * The child must end with the recording, whatever ends that.  The guard does it more politely, but
 * the guard may be killed, too.  So the kernel sends SIGKILL to the whole group when no process has
 * the pipe's other end any more (fcntl(2), F_SETSIG).  This works as long as one process of the
 * group has this end.  The kernel also sends a signal to the first process when its parent is gone.
 * A set-id program does not get that one.
 */
static void die_with(pid_t parent, const int lifeline[2])
{
	struct pollfd hangup = { .fd = lifeline[0] };

	close(lifeline[1]);
	if (setpgid(0, 0) || prctl(PR_SET_PDEATHSIG, SIGTERM) || getppid() != parent ||
	    fcntl(lifeline[0], F_SETOWN, -getpid()) || fcntl(lifeline[0], F_SETSIG, SIGKILL) ||
	    fcntl(lifeline[0], F_SETFL, O_ASYNC) || poll(&hangup, 1, 0) ||
	    fcntl(lifeline[0], F_SETFD, 0))
		_exit(126);
}

/* Runs in the child.  The lab's own progress line goes to a file.  QEMU's output is no trace. */
static void become(const struct record *record, int failed)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const int *fd;

	signal(SIGPIPE, SIG_DFL);
	dup2(null, STDIN_FILENO);
	if (record->source == RECORD_LAB) {
		dup2(record->messages, STDOUT_FILENO);
		dup2(record->messages, STDERR_FILENO);
	} else if (!strcmp(record->path, TRACE_STDOUT)) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
	}
	for_each(fd, &record->passed)
		fcntl(*fd, F_SETFD, 0);
	execvp(record->command[0], record->command);
	if (write(failed, &errno, sizeof(errno)) < 0)
		_exit(126);
	_exit(127);
}

/*
 * Runs in a process of its own, which outlives the recording, even if that is
 * killed.  When @leash is closed, it ends all processes of the child's group.
 */
static void guard(const struct record *record, int leash)
{
	int tenths = record->source == RECORD_LAB ? 600 : 50;
	char byte;

	setpgid(0, 0);
	while (read(leash, &byte, 1) < 0 && errno == EINTR)
		;
	kill(-record->child, SIGTERM);
	while (tenths-- && !kill(-record->child, 0))
		usleep(100000);
	kill(-record->child, SIGKILL);
	_exit(0);
}

static void start_guard(struct record *record)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		record_fail("pipe: %s", strerror(errno));
	record->guard = fork();
	if (record->guard < 0) {
		kill(-record->child, SIGKILL);
		record_fail("fork: %s", strerror(errno));
	}
	if (!record->guard) {
		close(ends[1]);
		guard(record, ends[0]);
	}
	close(ends[0]);
	record->leash = ends[1];
}

void record_start(struct record *record)
{
	int failed[2], lifeline[2], err;
	pid_t parent = getpid();
	const int *fd;

	if (pipe2(failed, O_CLOEXEC) || pipe2(lifeline, O_CLOEXEC))
		record_fail("pipe: %s", strerror(errno));
	record->child = fork();
	if (record->child < 0)
		record_fail("fork: %s", strerror(errno));
	if (!record->child) {
		die_with(parent, lifeline);
		become(record, failed[1]);
	}
	setpgid(record->child, record->child);
	record->lifeline = lifeline[1];
	close(lifeline[0]);
	close(failed[1]);
	for_each(fd, &record->passed)
		close(*fd);
	if (read(failed[0], &err, sizeof(err)) == sizeof(err)) {
		waitpid(record->child, NULL, 0);
		record_fail("%s: %s", record->command[0], strerror(err));
	}
	close(failed[0]);
	start_guard(record);
}

bool record_guarded(struct record *record)
{
	int status;

	if (!record->guard || waitpid(record->guard, &status, WNOHANG) <= 0)
		return true;
	record->guard = 0;
	if (WIFEXITED(status))
		return true;	/* the guard has done its work */
	record_stop(record);
	start_guard(record);
	record_stop(record);
	return false;
}

void record_stop(struct record *record)
{
	if (record->leash < 0)
		return;
	close(record->leash);
	record->leash = -1;
}

void record_leave(struct record *record)
{
	record_stop(record);
	if (record->guard > 0)
		waitpid(record->guard, NULL, 0);
}
