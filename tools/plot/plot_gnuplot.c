// SPDX-License-Identifier: GPL-2.0-only
/* Runs gnuplot: the script goes through a pipe, and picture and messages into memory. */
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/plot/plot.h"

/* Neither a start file of the user's (-d) nor the locale may change the picture. */
static void __attribute__((noreturn)) become_gnuplot(int in, int out, int err)
{
	setenv("LC_ALL", "C", 1);
	if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
	    dup2(err, STDERR_FILENO) >= 0)
		execlp("gnuplot", "gnuplot", "-d", NULL);
	_exit(errno == ENOENT ? 127 : 126);
}

/* If gnuplot ends early, ignore EPIPE, because its status says more. */
static void feed(int fd, const char *script, size_t size)
{
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);
	ssize_t written;

	while (size) {
		written = write(fd, script, size);
		if (written < 0 && errno != EINTR)
			break;
		if (written > 0) {
			script += written;
			size -= written;
		}
	}
	signal(SIGPIPE, before);
}

/* Read all that the child wrote to a file in memory, and add a NUL. */
static void slurp(int fd, struct plot_image *image)
{
	off_t size = lseek(fd, 0, SEEK_END);
	ssize_t got;

	image->size = 0;
	image->bytes = calloc(1, (size < 0 ? 0 : size) + 1);
	if (!image->bytes)
		error(STATUS_UNREADABLE, errno, "gnuplot's output");
	while (image->size < (size_t)size) {
		got = pread(fd, image->bytes + image->size, size - image->size, image->size);
		if (got <= 0)
			break;
		image->size += got;
	}
}

/*
 * Returns the last line with text, which is where gnuplot says what went wrong.
 * A warning is returned only if there is nothing else.
 */
static const char *last_line(char *text)
{
	const char *line, *last = "it said nothing";
	bool warned = true;

	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		line += strspn(line, " \t^");
		if (!*line || (strstr(line, "warning:") && !warned))
			continue;
		warned = strstr(line, "warning:");
		last = line;
	}
	return last;
}

static enum status judge(int status, int err, int out)
{
	struct plot_image said;

	if (WIFEXITED(status) && !WEXITSTATUS(status) && lseek(out, 0, SEEK_END) > 0)
		return STATUS_OK;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
		error(0, 0, "gnuplot isn't installed: plots need it (Debian: gnuplot-nox)");
		return STATUS_UNREADABLE;
	}
	slurp(err, &said);
	if (WIFSIGNALED(status))
		error(0, 0, "gnuplot: %s", strsignal(WTERMSIG(status)));
	else
		error(0, 0, "gnuplot: %s", last_line(said.bytes));
	free(said.bytes);
	return STATUS_UNREADABLE;
}

enum status plot_gnuplot(const char *script, size_t size, struct plot_image *image)
{
	int in[2], out, err, status;
	pid_t pid;

	out = memfd_create("plot", MFD_CLOEXEC);
	err = memfd_create("errors", MFD_CLOEXEC);
	if (out < 0 || err < 0 || pipe2(in, O_CLOEXEC))
		error(STATUS_UNREADABLE, errno, "gnuplot");
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		error(STATUS_UNREADABLE, errno, "gnuplot");
	if (!pid)
		become_gnuplot(in[0], out, err);
	close(in[0]);
	feed(in[1], script, size);
	close(in[1]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	status = judge(status, err, out);
	image->bytes = NULL;
	if (!status)
		slurp(out, image);
	close(out);
	close(err);
	return status;
}
