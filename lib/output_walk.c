// SPDX-License-Identifier: GPL-2.0-only
/* Walks to the directory of an output, and follows no link of somebody else. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/output.h"

#define MAX_LINKS	40	/* path_resolution(7) */

/* The state of a walk: the current directory, and the rest of the path. */
struct walk {
	int dir;
	unsigned int links;
	char rest[PATH_MAX];
};

static bool trusted(uid_t user)
{
	return !user || user == geteuid();
}

/* Whether only the user and root can have made this link, or moved it here. */
static bool safe_link(int dir, const struct stat *link)
{
	struct stat of;

	if (fstat(dir, &of) || !trusted(of.st_uid))
		return false;
	return !(of.st_mode & 0022) ||
		(of.st_mode & S_ISVTX && trusted(link->st_uid));
}

bool output_in_proc(int dir)
{
	struct statfs of;

	return !fstatfs(dir, &of) && of.f_type == PROC_SUPER_MAGIC;
}

static int step(struct walk *walk, const char *name, int flags)
{
	int next = openat(walk->dir, name, flags | O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (next < 0)
		return -1;
	close(walk->dir);
	walk->dir = next;
	return 0;
}

/* Put the target of a link in front of the rest of the path. */
static int follow(struct walk *walk, const char *name, const struct stat *link)
{
	char text[PATH_MAX], rest[PATH_MAX];
	ssize_t len;

	errno = EXDEV;
	if (!safe_link(walk->dir, link))
		return -1;
	errno = ELOOP;
	if (walk->links++ == MAX_LINKS)
		return -1;
	len = readlinkat(walk->dir, name, text, sizeof(text));
	if (len < 0)
		return -1;
	errno = ENAMETOOLONG;
	if (snprintf(rest, sizeof(rest), "%.*s/%s", (int)len, text, walk->rest) >= (int)sizeof(rest))
		return -1;
	/* A slash at the end would mean a directory, but this slash is ours. */
	if (!*walk->rest)
		rest[strlen(rest) - 1] = '\0';
	strcpy(walk->rest, rest);
	return *text == '/' ? step(walk, "/", 0) : 0;
}

/* Take one part of the path.  Returns 1 if it was the last one, and sets @name. */
static int take_part(struct walk *walk, char name[OUTPUT_NAME])
{
	size_t len, blank = strspn(walk->rest, "/");
	struct stat of;
	bool last;

	memmove(walk->rest, walk->rest + blank, strlen(walk->rest + blank) + 1);
	len = strcspn(walk->rest, "/");
	last = !walk->rest[len];
	errno = ENAMETOOLONG;
	if (len >= OUTPUT_NAME)
		return -1;
	errno = EISDIR;
	if (!len)
		return -1;
	memcpy(name, walk->rest, len);
	name[len] = '\0';
	memmove(walk->rest, walk->rest + len, strlen(walk->rest + len) + 1);
	if (fstatat(walk->dir, name, &of, AT_SYMLINK_NOFOLLOW))
		return last && errno == ENOENT ? 1 : -1;
	if (S_ISLNK(of.st_mode) && !output_in_proc(walk->dir))
		return follow(walk, name, &of);
	if (last)
		return 1;
	return step(walk, name, output_in_proc(walk->dir) ? 0 : O_NOFOLLOW);
}

int output_walk(const char *path, char name[OUTPUT_NAME])
{
	struct walk walk = { .links = 0 };
	int took;

	if (snprintf(walk.rest, sizeof(walk.rest), "%s", path) >= (int)sizeof(walk.rest)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (!*path) {
		errno = ENOENT;
		return -1;
	}
	walk.dir = open(*path == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (walk.dir < 0)
		return -1;
	do
		took = take_part(&walk, name);
	while (!took);
	if (took > 0)
		return walk.dir;
	took = errno;
	close(walk.dir);
	errno = took;
	return -1;
}
