// SPDX-License-Identifier: GPL-2.0-only
/* Opens recordings.  perf.data and trace.dat become text by the programs that know them. */
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/text.h"
#include "tools/import/import.h"
#include "tools/trace/input.h"

#define MAX_TEXT	(1ULL << 32)	/* bytes of the text that perf or trace-cmd may make */

#define DESCRIPTOR	"/proc/self/fd/3"	/* the recording, in the program */

/* A recording's first bytes, and the command that turns it into text. */
static const struct format {
	enum import_tool tool;
	const char *magic;
	size_t len;
	const char *package;
	const char *const command[10];
} formats[] = {
	{ IMPORT_PERF, "PERFILE2", 8, "linux-perf",
	  { "perf", "script", "-i", DESCRIPTOR, "--ns", "--show-lost-events", "-F", IMPORT_FIELDS, NULL } },
	{ IMPORT_TRACE_CMD, "\x17\x08\x44tracing", 10, "trace-cmd",
	  { "trace-cmd", "report", "-N", "-t", "-i", DESCRIPTOR, NULL } },
};

static const struct format *find_format(FILE *file)
{
	off_t begin = ftello(file);
	char head[16] = "";
	size_t len = fread(head, 1, sizeof(head), file), i;

	fseeko(file, begin, SEEK_SET);
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (len >= formats[i].len && !memcmp(head, formats[i].magic, formats[i].len))
			return &formats[i];
	return NULL;
}

static void become(const struct format *format, int from, FILE *to, FILE *said)
{
	const struct rlimit size = { MAX_TEXT, MAX_TEXT };

	setrlimit(RLIMIT_FSIZE, &size);
	if (dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO) < 0 ||
	    dup2(fileno(to), STDOUT_FILENO) < 0 || dup2(fileno(said), STDERR_FILENO) < 0 ||
	    dup2(from, 3) < 0)
		_exit(126);
	execvp(format->command[0], (char *const *)format->command);
	_exit(127);
}

/* Returns the program's status, or -1 if it was killed or not started. */
static int run(const struct format *format, FILE *from, FILE *to, FILE *said)
{
	int status, fd = fcntl(fileno(from), F_DUPFD_CLOEXEC, 4);
	pid_t pid;

	if (fd < 0)
		return -1;
	pid = fork();
	if (!pid)
		become(format, fd, to, said);
	close(fd);
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/*
 * Read what the program said.  Returns whether it complained of the recording's end, with its last
 * line in @line.
 */
static bool hear(struct import *import, FILE *said, char line[LOG_MESSAGE])
{
	char text[LOG_MAX_LINE], copy[LOG_MAX_LINE];
	struct import_event event;
	bool cut = false;

	*line = '\0';
	rewind(said);
	while (fgets(text, sizeof(text), said)) {
		text[strcspn(text, "\r\n")] = '\0';
		if (*text)
			snprintf(line, LOG_MESSAGE, "%.*s", LOG_MESSAGE - 1, text);
		cut |= strstr(text, "properly terminated") || strstr(text, "truncated");
		strcpy(copy, text);
		import_line(copy, &event);
		if (event.kind == IMPORT_LOST) {
			import->lost += event.lost;
			import->losses++;
		}
	}
	return cut;
}

static bool refuse(const struct import_file *file, const struct format *format, int status, const char *line)
{
	if (status == 127)
		error(0, 0, "%s: only %s can read it, which isn't installed: apt install %s", text_shown(file->path),
		      format->command[0], format->package);
	else
		error(0, 0, "%s: %s can't read it: %s", text_shown(file->path), format->command[0],
		      *line ? text_shown(line) : "it gives no reason");
	return false;
}

/* Replace a file by the text that its program makes of it. */
static bool convert(struct import *import, struct import_file *file, const struct format *format)
{
	FILE *text = tmpfile(), *said = tmpfile();
	char line[LOG_MESSAGE];
	struct stat of;
	bool cut;
	int status;

	if (!text || !said) {
		error(0, errno, "%s: no room for its text", text_shown(file->path));
		return false;
	}
	status = run(format, file->text, text, said);
	cut = hear(import, said, line);
	fclose(said);
	fclose(file->text);
	file->text = text;
	file->ran = true;
	if (status == 127 || fstat(fileno(text), &of) || (status && !of.st_size))
		return refuse(file, format, status, line);
	if (status)
		file->cut = "its program could not read it to its end";
	else if (cut)
		file->cut = "the recording was not ended properly";
	rewind(text);
	import->tool = format->tool;
	import->said_tool = true;
	return true;
}

bool import_open(struct import *import, const char *path)
{
	struct import_file file = { .path = path }, *added;
	const struct format *format;
	char cut[LOG_MESSAGE];

	file.text = input_open(path, cut);
	if (!file.text)
		return false;
	if (*cut)
		file.cut = "it can't be unpacked to its end";
	added = list_append(&import->files, &file, sizeof(file));
	format = find_format(added->text);
	return !format || convert(import, added, format);
}

void import_close(struct import *import)
{
	struct import_file *file;

	for_each(file, &import->files)
		if (file->text)
			fclose(file->text);
	free(import->files.items);
	free(import->threads.items);
	free(import->vcpus.items);
	free(import->reasons.items);
}
