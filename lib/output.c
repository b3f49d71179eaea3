// SPDX-License-Identifier: GPL-2.0-only
/* Writes files that are whole or not there. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "lib/output.h"

int output_failed(int err)
{
	errno = err;
	return err;
}

bool output_random(char made[OUTPUT_NAME], const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEF";
	unsigned char random[6];
	size_t i;

	if (snprintf(made, OUTPUT_NAME, "%s......", name) >= OUTPUT_NAME) {
		errno = ENAMETOOLONG;
		return false;
	}
	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return false;
	for (i = 0; i < sizeof(random); i++)
		made[strlen(name) + i] = letters[random[i] % 32];
	return true;
}

/* Whether only the user and root can have made the files in this directory. */
static bool own_directory(int dir)
{
	struct stat of;

	return !fstat(dir, &of) && (!of.st_uid || of.st_uid == geteuid()) &&
		!(of.st_mode & 0022);
}

/* Take over the mode and the owner of the old file.  Only root can change the owner. */
static int take_over(int fd, const struct stat *old)
{
	mode_t mode = old->st_mode & 0777;

	if (fchown(fd, old->st_uid, old->st_gid))
		mode &= 0700;
	return fchmod(fd, mode) ? errno : 0;
}

/* Take away what the old file does not allow. */
static int narrow(int fd, const struct stat *old)
{
	struct stat new;

	return fstat(fd, &new) || fchmod(fd, new.st_mode & old->st_mode & 0777) ? errno : 0;
}

static int make(struct output *output, mode_t mode)
{
	char name[OUTPUT_NAME];
	struct stat old;
	bool same, own;

	if (output->old >= 0 && fstat(output->old, &old))
		return errno;
	same = output->old >= 0 && own_directory(output->dir);
	own = output->old >= 0 && old.st_uid == geteuid();
	if (snprintf(name, sizeof(name), "%s.new.", output->name) >= (int)sizeof(name))
		return output_failed(ENAMETOOLONG);
	do {
		if (!output_random(output->made, name))
			return errno;
		output->fd = openat(output->dir, output->made, O_RDWR | O_APPEND | O_CREAT |
				    O_EXCL | O_NOFOLLOW | O_CLOEXEC, same ? 0600 : mode);
	} while (output->fd < 0 && errno == EEXIST);
	if (output->fd >= 0)
		return same ? take_over(output->fd, &old) : own ? narrow(output->fd, &old) : 0;
	*output->made = '\0';
	return errno;
}

/* Returns the number of a descriptor of this process, if the path was /proc/self/fd/NUMBER, or -1. */
static int own_descriptor(const struct output *output)
{
	char link[64], own[64], to[64] = "", *end;
	long number = strtol(output->name, &end, 10);

	snprintf(link, sizeof(link), "/proc/self/fd/%d", output->dir);
	snprintf(own, sizeof(own), "/proc/%d/fd", getpid());
	if (readlink(link, to, sizeof(to) - 1) < 0 || strcmp(to, own) || *end || number > INT_MAX)
		return -1;
	return number;
}

/*
 * Open a pipe or a device, to write to it directly.  A FIFO could be another user's to read, and until it is opened
 * another user could put something else in its place.
 */
static int open_special(struct output *output)
{
	int place = openat(output->dir, output->name, O_PATH | O_NOFOLLOW | O_CLOEXEC), err = 0;
	char path[64];
	struct stat of;

	if (place < 0 || fstat(place, &of))
		err = errno;
	else if (S_ISREG(of.st_mode) || S_ISLNK(of.st_mode))
		err = EXDEV;
	else if (of.st_uid && of.st_uid != geteuid() && !own_directory(output->dir))
		err = EACCES;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", place);
	if (!err)
		output->fd = open(path, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
	if (!err && output->fd < 0)
		err = errno;
	if (place >= 0)
		close(place);
	return err;
}

/* A descriptor keeps its place in the file, and may be a socket, which has no path to open. */
static int open_descriptor(struct output *output, int fd)
{
	output->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return output->fd < 0 ? errno : 0;
}

static int open_as_it_is(struct output *output, bool link)
{
	int err, fd = link ? own_descriptor(output) : -1;

	if (fd >= 0) {
		err = open_descriptor(output, fd);
	} else if (link) {	/* of another process of the user's */
		output->fd = openat(output->dir, output->name, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
		err = output->fd < 0 ? errno : 0;
	} else {
		err = open_special(output);
	}
	close(output->dir);
	output->dir = -1;
	return err;
}

/* Find what is at the path: a file, or no file yet, or something else, which is opened. */
static int find(struct output *output, const char *path)
{
	struct stat of;

	*output = (struct output){ .path = path, .dir = -1, .fd = -1, .old = -1 };
	if (!strcmp(path, "-"))
		return open_descriptor(output, STDOUT_FILENO);
	output->dir = output_walk(path, output->name);
	if (output->dir < 0)
		return errno;
	if (fstatat(output->dir, output->name, &of, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : errno;
	if (S_ISDIR(of.st_mode))
		return output_failed(EISDIR);
	if (S_ISLNK(of.st_mode) && !output_in_proc(output->dir))
		return output_failed(EXDEV);	/* since the walk */
	if (!S_ISREG(of.st_mode))
		return open_as_it_is(output, S_ISLNK(of.st_mode));
	output->old = openat(output->dir, output->name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	return output->old < 0 ? errno : 0;
}

int output_open(struct output *output, const char *path, mode_t mode)
{
	int err = find(output, path);

	if (!err && output->dir >= 0)
		err = make(output, mode);
	if (err)
		output_close(output);
	return err;
}

int output_beside(struct output *other, const struct output *output)
{
	int err;

	*other = (struct output){ .path = output->path, .fd = -1 };
	strcpy(other->name, output->name);
	other->dir = fcntl(output->dir, F_DUPFD_CLOEXEC, 0);
	other->old = fcntl(output->fd, F_DUPFD_CLOEXEC, 0);
	err = other->dir < 0 || other->old < 0 ? errno : make(other, 0600);
	if (err)
		output_close(other);
	return err;
}

int output_place(struct output *output)
{
	if (*output->made &&
	    renameat(output->dir, output->made, output->dir, output->name))
		return errno;
	*output->made = '\0';
	return 0;
}

void output_close(struct output *output)
{
	if (*output->made)
		unlinkat(output->dir, output->made, 0);
	*output->made = '\0';
	if (output->fd >= 0)
		close(output->fd);
	if (output->old >= 0)
		close(output->old);
	if (output->dir >= 0)
		close(output->dir);
	output->fd = output->old = output->dir = -1;
}

int output_bytes(int fd, const char *bytes, size_t size)
{
	ssize_t part;

	while (size) {
		part = write(fd, bytes, size);
		if (part < 0 && errno == EINTR)
			continue;
		if (part <= 0)
			return part ? errno : EIO;
		bytes += part;
		size -= part;
	}
	return 0;
}

/* Block signals meanwhile, so that only SIGKILL can leave a temporary file. */
static int write_file(struct output *output, const void *bytes, size_t size)
{
	sigset_t all, before;
	int err;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	err = make(output, 0666);
	if (!err)
		err = output_bytes(output->fd, bytes, size);
	if (!err)
		err = output_place(output);
	output_close(output);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return err;
}

int output_write(const char *path, const void *bytes, size_t size)
{
	struct output output;
	int err;

	err = find(&output, path);
	if (!err && output.dir >= 0)
		return write_file(&output, bytes, size);
	if (!err)
		err = output_bytes(output.fd, bytes, size);
	output_close(&output);
	return err;
}

const char *output_error(int err)
{
	if (err == EXDEV)
		return "its path has a link that somebody else could have made: give the path without the link";
	return strerror(err);
}
