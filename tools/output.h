/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file that is whole or not there.  What is written goes into a new file beside it, which then
 * takes its name.  Nothing is opened by a path that somebody else could turn elsewhere: the way is
 * walked step by step, docs/security.md.
 */
#ifndef BOOTEXITS_OUTPUT_H
#define BOOTEXITS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#define OUTPUT_NAME	256

struct output {
	const char *path;	/* as the user gave it */
	int dir;		/* the file's directory; -1: it is a pipe or a device */
	char name[OUTPUT_NAME];	/* in there */
	char made[OUTPUT_NAME];	/* what the new file is called meanwhile; empty: it has its place */
	int fd;			/* of the new file, or of the pipe or device; reads and appends */
	int old;		/* of the file that was there, or -1 */
};

/**
 * output_walk() - open the directory of a path
 * @name: OUTPUT_NAME bytes for the path's last part.  A link there is followed, too, but if it is
 *	one of /proc/PID/fd.
 *
 * A symbolic link is followed only where nobody but the user and root can have put it.
 *
 * Return: a descriptor, or -1 and errno; EXDEV: such a link is on the way.
 */
int output_walk(const char *path, char name[OUTPUT_NAME]);

/**
 * output_random() - make a name that nobody can foresee: @name, then six characters
 *
 * Return: whether it fits in OUTPUT_NAME bytes; else errno is ENAMETOOLONG.
 */
bool output_random(char made[OUTPUT_NAME], const char *name);

/**
 * output_open() - make a new file for what is to be at a path; what is there stays yet
 * @mode: of the new file, before umask(2).  An old file's mode and owner are kept, unless it is
 *	another user's in a directory that isn't the caller's alone.
 *
 * Return: 0, or an errno, as of output_walk(), open(2).
 */
int output_open(struct output *output, const char *path, mode_t mode);

/** output_beside() - make one more new file for the same place, with the first one's mode; returns 0, or an errno */
int output_beside(struct output *other, const struct output *output);

/** output_place() - give the new file its name; returns 0, or an errno: then all is as it was */
int output_place(struct output *output);

/** output_close() - close all, and remove a new file that has not got its place */
void output_close(struct output *output);

/**
 * output_write() - make the file at a path of these bytes, or leave it as it is
 * @path: - is the standard output
 *
 * Return: 0, or an errno.
 */
int output_write(const char *path, const void *bytes, size_t size);

/** output_bytes() - write all of these bytes to a descriptor; returns 0, or an errno */
int output_bytes(int fd, const char *bytes, size_t size);

/** output_failed() - set errno, which these functions return as it is; returns @err */
int output_failed(int err);

/** output_error() - the text of an errno of these functions */
const char *output_error(int err);

#endif /* BOOTEXITS_OUTPUT_H */
