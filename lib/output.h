/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file that is whole or not there.  The output goes into a new file beside it, which is then
 * renamed.  Somebody else could change a path to lead elsewhere, so the path is walked step by
 * step (docs/security.md).
 */
#ifndef BOOTEXITS_OUTPUT_H
#define BOOTEXITS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#define OUTPUT_NAME	256

struct output {
	const char *path;	/* from the user */
	int dir;		/* the file's directory; -1: the output is a pipe or a device */
	char name[OUTPUT_NAME];	/* in the directory */
	char made[OUTPUT_NAME];	/* temporary name of the new file; empty: it has its name */
	int fd;			/* the new file, or the pipe or device; to read and append */
	int old;		/* the file that was there, or -1 */
};

/**
 * output_walk() - open the directory of a path
 * @name: OUTPUT_NAME bytes for the path's last part.  If this part is a link, it is followed, too,
 *	unless it is in /proc/PID/fd.
 *
 * A symbolic link is followed only if nobody but the user and root can have made it.
 *
 * Return: a descriptor, or -1 and errno.  EXDEV: the path has another link.
 */
int output_walk(const char *path, char name[OUTPUT_NAME]);

/** output_in_proc() - whether a directory is in /proc: a link of /proc/PID/fd leads to a file that may have no path */
bool output_in_proc(int dir);

/**
 * output_random() - make a name that nobody can predict: @name, then six characters
 *
 * Return: whether it fits in OUTPUT_NAME bytes; else errno is ENAMETOOLONG.
 */
bool output_random(char made[OUTPUT_NAME], const char *name);

/**
 * output_open() - make a new file for a path; the file that is there stays for now
 * @path: "-" is the standard output
 * @mode: of the new file, before umask(2).  It gets an old file's mode and owner, if nobody else can write in the
 *	directory.  If others can, the user's old file can only take rights away: they could have moved it here.
 *
 * Return: 0, or an errno of output_walk() or open(2).
 */
int output_open(struct output *output, const char *path, mode_t mode);

/** output_beside() - make another new file for the same name and mode; returns 0, or an errno */
int output_beside(struct output *other, const struct output *output);

/** output_place() - give the new file its name; returns 0, or an errno, and then changes nothing */
int output_place(struct output *output);

/** output_close() - close all, and remove the new file if it hasn't got its name */
void output_close(struct output *output);

/**
 * output_write() - write a file with these bytes, or leave the old one unchanged
 * @path: "-" is the standard output
 *
 * Return: 0, or an errno.
 */
int output_write(const char *path, const void *bytes, size_t size);

/** output_bytes() - write all of these bytes to a descriptor; returns 0, or an errno */
int output_bytes(int fd, const char *bytes, size_t size);

/** output_failed() - set errno to @err, and return @err */
int output_failed(int err);

/** output_error() - text for an errno of these functions */
const char *output_error(int err);

#endif /* BOOTEXITS_OUTPUT_H */
