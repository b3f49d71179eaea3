// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/pager.h"
#include "lib/text.h"

static bool forbidden;
static pid_t pager;

void pager_forbid(void)
{
	forbidden = true;
}

/* Returns the user's pager, or less.  NULL: the user wants none. */
static const char *wanted(void)
{
	const char *command = getenv("BOOTEXITS_PAGER"), *term = getenv("TERM");

	if (forbidden || !isatty(STDOUT_FILENO) || !term || !strcmp(term, "dumb"))
		return NULL;
	if (!command)
		command = getenv("PAGER");
	if (!command)
		command = "less";
	return *command && strcmp(command, "cat") ? command : NULL;
}

/* Runs in the child.  A single word is run without a shell, so that its failure can be reported. */
static void become(const char *command, const int text[2], int failed)
{
	dup2(text[0], STDIN_FILENO);
	setenv("LESS", "FRX", false);
	if (command[strcspn(command, " \t\n|&;<>()$`\\\"'*?[#~=%")])
		execl("/bin/sh", "sh", "-c", command, NULL);
	else
		execlp(command, command, NULL);
	if (write(failed, &errno, sizeof(errno)) < 0)
		_exit(126);
	_exit(127);
}

static void wait_for_pager(void)
{
	fflush(stdout);
	close(STDOUT_FILENO);
	while (waitpid(pager, NULL, 0) < 0 && errno == EINTR)
		;
}

void pager_start(void)
{
	const char *command = wanted();
	int text[2], failed[2], err;

	if (!command || fflush(stdout) || pipe2(text, O_CLOEXEC))
		return;
	if (pipe2(failed, O_CLOEXEC)) {
		close(text[0]);
		close(text[1]);
		return;
	}
	pager = fork();
	if (!pager)
		become(command, text, failed[1]);
	close(text[0]);
	close(failed[1]);
	if (pager > 0 && !read(failed[0], &err, sizeof(err))) {
		text_keep_columns();
		dup2(text[1], STDOUT_FILENO);
		signal(SIGINT, SIG_IGN);	/* Ctrl-C is for the pager */
		atexit(wait_for_pager);
	}
	close(text[1]);
	close(failed[0]);
}
