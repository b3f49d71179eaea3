/* SPDX-License-Identifier: GPL-2.0-only */
/* The files of boots that an argument names: a file, a directory, or a pattern. */
#ifndef BOOTEXITS_PATHS_H
#define BOOTEXITS_PATHS_H

#include <stdbool.h>

#include "lib/list.h"

/**
 * paths_find() - find the files of boots that an argument names
 * @argument: a file; a directory, in which the first of *.trace, observer.log, and so on that finds any
 *	counts; or, if no file has this name, a pattern of both
 * @paths: char *, which the caller frees, are appended, sorted by name
 *
 * A name of a file that isn't there is appended, too: whoever reads it tells the reason.
 *
 * Return: false, after a message, for a directory without such files.
 */
bool paths_find(const char *argument, struct list *paths);

/** paths_below() - append the files in a directory that a pattern finds; false if there are none */
bool paths_below(const char *directory, const char *pattern, struct list *paths);

/** paths_free() - free the names and the list */
void paths_free(struct list *paths);

#endif /* BOOTEXITS_PATHS_H */
