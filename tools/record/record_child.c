// SPDX-License-Identifier: GPL-2.0-only
/* The child, QEMU or the lab: its start and its end. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record.h"

/* In the child.  The lab has a progress line of its own: into a file. */
static void become(const struct record *record, int failed)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const int *fd;

	setpgid(0, 0);
	signal(SIGPIPE, SIG_DFL);
	dup2(null, STDIN_FILENO);
	if (record->source == RECORD_LAB) {
		dup2(record->messages, STDOUT_FILENO);
		dup2(record->messages, STDERR_FILENO);
	}
	for_each(fd, &record->passed)
		fcntl(*fd, F_SETFD, 0);
	execvp(record->command[0], record->command);
	if (write(failed, &errno, sizeof(errno)) < 0)
		_exit(126);
	_exit(127);
}

/*
 * In a process of its own, which outlives the recording, even if that is killed:
 * when @leash is let go, end all processes of the child's group.
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
	int failed[2], err;
	const int *fd;

	if (pipe2(failed, O_CLOEXEC))
		record_fail("pipe: %s", strerror(errno));
	record->child = fork();
	if (record->child < 0)
		record_fail("fork: %s", strerror(errno));
	if (!record->child)
		become(record, failed[1]);
	setpgid(record->child, record->child);
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
