// SPDX-License-Identifier: GPL-2.0-only
/*
 * The directory of the child's logs.  It is new and private, and used only by descriptors, so that
 * nobody else can make QEMU write elsewhere.  Its name is NAME.logs.XXXXXX until the trace gets the
 * name NAME.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/record/record.h"
#include "tools/record/record_meta.h"

/* Open a directory if it is ours: then nobody but this user and root can have made it. */
static int open_own(int parent, const char *name)
{
	int dir = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat of;

	if (dir < 0 || (!fstat(dir, &of) && of.st_uid == geteuid()))
		return dir;
	close(dir);
	errno = EPERM;
	return -1;
}

/* Open the parent: the trace's directory, or if the trace isn't a file, that of temporary files. */
static int open_parent(const struct record *record, char name[OUTPUT_NAME])
{
	const char *tmp = getenv("TMPDIR");
	char *path;
	int parent;

	if (trace_regular(&record->trace)) {
		strcpy(name, record->trace.out.name);
		return fcntl(record->trace.out.dir, F_DUPFD_CLOEXEC, 0);
	}
	path = record_format("%s/bootexits", tmp && *tmp ? tmp : "/tmp");
	parent = output_walk(path, name);
	if (parent < 0)
		record_fail("%s: %s", path, output_error(errno));
	free(path);
	return parent;
}

void record_logs_make(struct record *record)
{
	char base[OUTPUT_NAME], name[OUTPUT_NAME];
	int parent = open_parent(record, base);
	bool made;

	if (snprintf(name, sizeof(name), "%s.logs.", base) >= (int)sizeof(name))
		record_fail("%s.logs: %s", record->path, strerror(ENAMETOOLONG));
	do
		made = output_random(record->logs.name, name) &&
			!mkdirat(parent, record->logs.name, 0700);
	while (!made && errno == EEXIST);
	record->logs.parent = parent;
	record->logs.dir = made ? open_own(parent, record->logs.name) : -1;
	if (record->logs.dir < 0)
		record_fail("%sXXXXXX: %s", name, strerror(errno));
}

char *record_logs_path(const struct record *record)
{
	char *link = record_format("/proc/self/fd/%d", record->logs.dir), path[4096];
	ssize_t len = readlink(link, path, sizeof(path) - 1);

	free(link);
	if (len < 0)
		return record_format("%s", record->logs.name);
	path[len] = '\0';
	return record_format("%s", meta_said(path));
}

int record_log_create(const struct record *record, const char *name)
{
	int fd = openat(record->logs.dir, name, O_WRONLY | O_APPEND | O_CREAT | O_EXCL |
			O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		record_fail("%s: %s", name, strerror(errno));
	return fd;
}

int record_log_open(const struct record *record, const char *name)
{
	return openat(record->logs.dir, name,
		      O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

/* Remove a directory of logs if it is ours, with all files that a recording makes in it. */
static void drop(int parent, const char *name)
{
	int dir = open_own(parent, name);
	char log[40];
	size_t i;

	if (dir < 0)
		return;
	for (i = 0; i < RECORD_LOGS; i++) {
		snprintf(log, sizeof(log), "%s.log", record_log_names[i]);
		unlinkat(dir, log, 0);
	}
	unlinkat(dir, "messages", 0);
	unlinkat(dir, ".lock", 0);
	close(dir);
	unlinkat(parent, name, AT_REMOVEDIR);
}

/* Rename without replacing anything. */
static bool rename_logs(int dir, const char *from, const char *to)
{
	return strlen(to) < OUTPUT_NAME && !renameat2(dir, from, dir, to, RENAME_NOREPLACE);
}

void record_logs_place(struct record *record, bool again)
{
	const struct output *out = &record->trace.out;
	char *name = record_format("%s.logs", out->name);
	char *old = record_format("%s.old.logs", out->name);

	drop(out->dir, again ? name : old);
	if (!again)
		rename_logs(out->dir, name, old);
	if (record->logs.dir >= 0 && rename_logs(out->dir, record->logs.name, name))
		strcpy(record->logs.name, name);
	free(name);
	free(old);
}

void record_logs_drop(struct record *record)
{
	if (record->logs.dir < 0)
		return;
	drop(record->logs.parent, record->logs.name);
	close(record->logs.dir);
	close(record->logs.parent);
	record->logs.dir = -1;
}
