// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/text.h"
#include "tools/bootexits.h"
#include "tools/trace/paths.h"

static void add(struct list *paths, const char *path)
{
	char *copy = strdup(path);

	if (!copy)
		error(STATUS_UNREADABLE, errno, "memory");
	list_append(paths, &copy, sizeof(copy));
}

/* The logs of L1 and of its KVM, which the lab puts beside the guest's, are no boots. */
static bool of_guest(const char *path)
{
	const char *name = basename(path);

	return strcmp(name, "host.log") && strcmp(name, "console.log");
}

bool paths_below(const char *directory, const char *pattern, struct list *paths)
{
	char *escaped = malloc(2 * strlen(directory) + strlen(pattern) + 2), *out = escaped;
	size_t before = paths->nr, i;
	glob_t found = { .gl_pathc = 0 };

	if (!escaped)
		error(STATUS_UNREADABLE, errno, "memory");
	for (; *directory; *out++ = *directory++)
		if (strchr("*?[\\", *directory))
			*out++ = '\\';
	sprintf(out, "/%s", pattern);
	if (!glob(escaped, 0, NULL, &found))
		for (i = 0; i < found.gl_pathc; i++)
			if (of_guest(found.gl_pathv[i]))
				add(paths, found.gl_pathv[i]);
	globfree(&found);
	free(escaped);
	return paths->nr > before;
}

static bool find_in(const char *directory, struct list *paths)
{
	static const char * const patterns[] = {
		"*.trace", "observer.log", "*/*.trace", "*/observer.log", "*.log",
	};
	size_t i;

	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (paths_below(directory, patterns[i], paths))
			return true;
	error(0, 0, "%s: no *.trace, no observer.log and no other *.log in it", text_shown(directory));
	return false;
}

static bool find_path(const char *path, struct list *paths)
{
	struct stat stat_of;

	if (strcmp(path, "-") && !stat(path, &stat_of) && S_ISDIR(stat_of.st_mode))
		return find_in(path, paths);
	add(paths, path);
	return true;
}

bool paths_find(const char *argument, struct list *paths)
{
	glob_t found = { .gl_pathc = 0 };
	bool good = true;
	size_t i;

	if (!access(argument, F_OK) || !strpbrk(argument, "*?[") || glob(argument, 0, NULL, &found))
		return find_path(argument, paths);
	for (i = 0; i < found.gl_pathc; i++)
		good &= find_path(found.gl_pathv[i], paths);
	globfree(&found);
	return good;
}

void paths_free(struct list *paths)
{
	char **path;

	for_each(path, paths)
		free(*path);
	free(paths->items);
	*paths = (struct list){ NULL, 0 };
}
