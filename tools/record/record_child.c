// SPDX-License-Identifier: GPL-2.0-only
/* The child, QEMU or the lab: its start, its end, and what that means. */
#include <ctype.h>
#include <errno.h>
#include <error.h>
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
	int null = open("/dev/null", O_RDONLY), messages;
	char *path;

	setpgid(0, 0);
	signal(SIGPIPE, SIG_DFL);
	dup2(null, STDIN_FILENO);
	if (record->source == RECORD_LAB &&
	    asprintf(&path, "%s/messages", record->logs) > 0) {
		messages = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0666);
		dup2(messages, STDOUT_FILENO);
		dup2(messages, STDERR_FILENO);
	}
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

	if (pipe2(failed, O_CLOEXEC))
		record_fail("pipe: %s", strerror(errno));
	record->child = fork();
	if (record->child < 0)
		record_fail("fork: %s", strerror(errno));
	if (!record->child)
		become(record, failed[1]);
	setpgid(record->child, record->child);
	close(failed[1]);
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

/* What the lab said last, and QEMU before it, but for where the boot was; whether there is any. */
static bool show_messages(const struct record *record)
{
	char *path = record_format("%s/messages", record->logs);
	char line[512], last[2][512] = { "", "" };
	unsigned int i, nr = 0;
	FILE *file;

	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (isalpha((unsigned char)*line) && !strstr(line, ": warning: "))
			strcpy(last[nr++ % 2], line);
	}
	if (file)
		fclose(file);
	for (i = 0; i < 2; i++)
		if (*last[(nr + i) % 2])
			error(0, 0, "%s", last[(nr + i) % 2]);
	free(path);
	return nr;
}

static int judge_lab(const struct record *record, const char **why)
{
	int status = WEXITSTATUS(record->wait_status);
	bool said = status && status != STATUS_SKIP && show_messages(record);

	if (status == STATUS_TIMEOUT)
		*why = "timeout";
	else if (status == STATUS_HANG)
		*why = "hang";
	else if (status == STATUS_INTERRUPTED)
		*why = "interrupted";
	else if (status == STATUS_UNREADABLE || status == STATUS_USAGE)
		*why = "the lab did not start";
	else if (status == STATUS_FAIL && !record_guest_ended(record))
		*why = "the guest ended with no verdict";
	else if (status == STATUS_FAIL && said)
		*why = "L1 ended with no verdict";
	return status;
}

bool record_guest_ended(const struct record *record)
{
	const struct run *run = log_last_run(&record->live.runs);

	return run && run->end.line;
}

int record_verdict(const struct record *record)
{
	const struct run *run = log_last_run(&record->live.runs);

	if (!run)
		return STATUS_FAIL;
	if (!strcmp(run->verdict.result, "pass"))
		return STATUS_OK;
	return strcmp(run->verdict.result, "skip") ? STATUS_FAIL : STATUS_SKIP;
}

/* bootexits-init with no I/O ports, as under lockdown, can only print the verdict, and switch off. */
static bool switched_off(const struct record *record)
{
	const struct run *run = log_last_run(&record->live.runs);

	return run && run->end.line && !strcmp(run->hello.start, "init");
}

int record_judge(const struct record *record, const char **why)
{
	if (!WIFEXITED(record->wait_status)) {
		*why = record->source == RECORD_LAB ? "the lab was killed" :
						      "QEMU was killed";
		error(0, 0, "%s, by signal %d", *why, WTERMSIG(record->wait_status));
		return STATUS_FAIL;
	}
	if (record->source == RECORD_LAB)
		return judge_lab(record, why);
	switch (WEXITSTATUS(record->wait_status)) {
	case 0:
		if (switched_off(record))
			return record_verdict(record);
		break;
	case 33:
		return STATUS_OK;
	case 35:
		return STATUS_FAIL;
	case 37:
		return STATUS_SKIP;
	}
	*why = "QEMU ended with no verdict of the guest";
	error(0, 0, "QEMU ended with status %d and no verdict of the guest",
	      WEXITSTATUS(record->wait_status));
	return record_captured(record) ? STATUS_FAIL : STATUS_UNREADABLE;
}
