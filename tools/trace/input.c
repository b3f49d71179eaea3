// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/trace/encoding.h"
#include "tools/trace/input.h"
#include "lib/text.h"

#define MAX_LAYERS	4		/* a packed file in a packed file, and so on */
#define MAX_MEMORY	(1UL << 30)	/* bytes that a program may take to unpack */

/* The first bytes of a format, and the program that unpacks it by -dc.  NULL: not unpacked here. */
static const struct format {
	const char *name, *magic;
	size_t len, at;
	const char *program, *hint;
} formats[] = {
	{ "gzip", "\x1f\x8b", 2, 0, "gzip", "gzip" },
	{ "compress", "\x1f\x9d", 2, 0, "gzip", "gzip" },
	{ "bzip2", "BZh", 3, 0, "bzip2", "bzip2" },
	{ "xz", "\3757zXZ", 6, 0, "xz", "xz-utils" },
	{ "lzma", "\x5d\0\0", 3, 0, "xz", "xz-utils" },
	{ "zstd", "\x28\xb5\x2f\xfd", 4, 0, "zstd", "zstd" },
	{ "lz4", "\x04\x22\x4d\x18", 4, 0, "lz4", "lz4" },
	{ "lzip", "LZIP", 4, 0, "lzip", "lzip" },
	{ "zip", "PK\3\4", 4, 0, NULL, "unzip -p" },
	{ "7-Zip", "7z\xbc\xaf\x27\x1c", 6, 0, NULL, "7z x -so" },
	{ "tar", "ustar", 5, 257, NULL, "tar -xOf" },
};

static const struct format *find_format(const char *head, size_t len)
{
	const struct format *format;
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		format = &formats[i];
		if (len >= format->at + format->len &&
		    !memcmp(head + format->at, format->magic, format->len))
			return format;
	}
	return NULL;
}

static FILE *fail(FILE *file, const char *path, int err, const char *what)
{
	error(0, err, *what ? "%s: %s" : "%s", text_shown(path), what);
	if (file)
		fclose(file);
	return NULL;
}

static void become(const char *program, FILE *from, FILE *to)
{
	const struct rlimit size = { INPUT_MAX, INPUT_MAX };
	const struct rlimit memory = { MAX_MEMORY, MAX_MEMORY };

	setrlimit(RLIMIT_FSIZE, &size);
	setrlimit(RLIMIT_AS, &memory);
	if (dup2(fileno(from), STDIN_FILENO) < 0 || dup2(fileno(to), STDOUT_FILENO) < 0 ||
	    dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO) < 0)
		_exit(126);
	execlp(program, program, "-dc", NULL);
	_exit(127);
}

/* Returns the program's status, or -1. */
static int run(const char *program, FILE *from, FILE *to)
{
	int status;
	pid_t pid;

	if (lseek(fileno(from), 0, SEEK_SET))
		return -1;
	pid = fork();
	if (!pid)
		become(program, from, to);
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static FILE *unpack(FILE *from, const char *path, const struct format *format,
		    char cut[LOG_MESSAGE])
{
	char text[LOG_MESSAGE];
	struct stat stat_of;
	FILE *to = NULL;
	int status;

	if (!format->program) {
		snprintf(text, sizeof(text), "is a %s archive: unpack it, or pipe `%s' into -",
			 format->name, format->hint);
		return fail(from, path, 0, text);
	}
	to = tmpfile();
	if (!to)
		return fail(from, path, errno, "no room to unpack it");
	status = run(format->program, from, to);
	fclose(from);
	if (status == 127) {
		snprintf(text, sizeof(text), "is packed by %s, which isn't installed: apt install %s",
			 format->name, format->hint);
		return fail(to, path, 0, text);
	}
	/* gzip's status 2 is a warning about bytes after its data. */
	if (!status || (status == 2 && !strcmp(format->program, "gzip")))
		return to;
	if (fstat(fileno(to), &stat_of) || !stat_of.st_size) {
		snprintf(text, sizeof(text), "%s can't unpack it", format->program);
		return fail(to, path, 0, text);
	}
	if (stat_of.st_size >= INPUT_MAX)
		snprintf(cut, LOG_MESSAGE, "it unpacks to more than %u MiB: the rest isn't read",
			 INPUT_MAX >> 20);
	else
		snprintf(cut, LOG_MESSAGE, "%s can unpack only a part of it: it is cut or damaged",
			 format->program);
	return to;
}

/* Copy a pipe to a file, because it has to be read twice. */
static FILE *copy(FILE *from, const char *path, char cut[LOG_MESSAGE])
{
	FILE *to = tmpfile();
	char bytes[1 << 16];
	size_t len, left = INPUT_MAX;
	int err;

	if (!to)
		return fail(from, path, errno, "no room to copy it");
	while (left && (len = fread(bytes, 1, left < sizeof(bytes) ? left : sizeof(bytes), from))) {
		left -= len;
		if (fwrite(bytes, 1, len, to) != len) {
			fclose(from);
			return fail(to, path, errno, "no room to copy it");
		}
	}
	err = ferror(from) ? errno : 0;
	if (!left)
		snprintf(cut, LOG_MESSAGE, "it has more than %u MiB, and isn't a file: the rest isn't read",
			 INPUT_MAX >> 20);
	fclose(from);
	if (err || fflush(to))
		return fail(to, path, err ? err : errno, "");
	return to;
}

static FILE *open_plain(const char *path, char cut[LOG_MESSAGE])
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : fdopen(dup(STDIN_FILENO), "r");
	struct stat stat_of;

	if (!file || fstat(fileno(file), &stat_of))
		return fail(file, path, errno, "");
	if (S_ISDIR(stat_of.st_mode))
		return fail(file, path, EISDIR, "");
	if (S_ISREG(stat_of.st_mode) && !lseek(fileno(file), 0, SEEK_CUR))
		return file;
	return copy(file, path, cut);
}

FILE *input_open(const char *path, char cut[LOG_MESSAGE])
{
	FILE *file;
	const struct format *format;
	struct encoding encoding;
	char head[512];
	size_t len;
	int layer;

	*cut = '\0';
	file = open_plain(path, cut);
	for (layer = 0; file; layer++) {
		rewind(file);
		len = fread(head, 1, sizeof(head), file);
		if (ferror(file))
			return fail(file, path, errno, "");
		format = find_format(head, len);
		if (!format && !encoding_find(head, len, &encoding)) {
			fseeko(file, encoding.skip, SEEK_SET);
			break;
		}
		if (layer == MAX_LAYERS)
			return fail(file, path, 0, "is packed more than four times");
		if (format)
			file = unpack(file, path, format, cut);
		else
			file = encoding_convert(file, path, &encoding);
	}
	return file;
}
