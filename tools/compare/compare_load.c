// SPDX-License-Identifier: GPL-2.0-only
/* Loads the boots of each side, and checks that they can be compared. */
#include <errno.h>
#include <error.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/trace/check.h"
#include "tools/compare/compare.h"
#include "lib/text.h"

/* After Z come AA, AB and so on, as in a spreadsheet. */
static void name_side(struct side *side, size_t i)
{
	char *at = side->name + sizeof(side->name) - 1;
	size_t len;

	for (i++; i; i = (i - 1) / 26)
		*--at = 'A' + (i - 1) % 26;
	len = strlen(at);
	memmove(side->name, at, len + 1);
}

static void free_samples(struct run *run)
{
	free(run->samples.items);
	free(run->parts.items);
	run->samples = (struct list){ NULL, 0 };
	run->parts = (struct list){ NULL, 0 };
}

static enum status build_phases(const struct compare_options *options,
				struct boot *boot)
{
	struct phases_view view;

	if (!view_of(&options->view, boot->run, boot->path, &view))
		return STATUS_UNREADABLE;
	phases_build(boot->run, view, &boot->phases);
	if (boot->phases.nr)
		return STATUS_OK;
	error(0, 0, "%s: no phases", text_shown(boot->path));
	return STATUS_UNREADABLE;
}

/* Each boot must be comparable with the first one. */
static enum status refuse(struct comparison *comparison, const struct boot *boot)
{
	const struct boot *base = comparison->boots.items;

	if (!comparison->boots.nr || !base->run)
		return STATUS_OK;
	return alike_refuse(base->path, &base->log, boot->path, &boot->log,
			    comparison->options->force, &comparison->by_name) ?
	       STATUS_UNREADABLE : STATUS_OK;
}

static enum status load_boot(struct comparison *comparison, const char *path)
{
	struct boot boot = { .path = strdup(path) };
	enum status status;

	if (!boot.path)
		error(STATUS_UNREADABLE, errno, "compare");
	status = check_load_one(path, &boot.log);
	boot.run = boot.log.runs.items;
	if (!status)
		status = build_phases(comparison->options, &boot);
	if (!status) {
		free_samples(boot.log.runs.items);
		status = refuse(comparison, &boot);
	}
	list_append(&comparison->boots, &boot, sizeof(boot));
	return status;
}

/* Skip the logs of L1 and of its KVM, which the lab puts beside the guest's. */
static enum status load_boots_log(struct comparison *comparison, const char *path)
{
	const char *name = strrchr(path, '/') + 1;

	if (!strcmp(name, "host.log") || !strcmp(name, "console.log"))
		return STATUS_OK;
	return load_boot(comparison, path);
}

/* Load the files that the pattern finds, sorted by name.  Returns false if there are none. */
static bool load_glob(struct comparison *comparison, const char *pattern,
		      enum status (*load)(struct comparison *, const char *),
		      enum status *status)
{
	size_t before = comparison->boots.nr, i;
	glob_t found = { .gl_pathc = 0 };

	if (!glob(pattern, 0, NULL, &found))
		for (i = 0; i < found.gl_pathc; i++)
			*status = status_worse(*status, load(comparison, found.gl_pathv[i]));
	globfree(&found);
	return comparison->boots.nr > before || *status;
}

/* Load the files of the first of these patterns that finds any. */
static enum status load_directory(struct comparison *comparison, const char *path)
{
	static const char * const patterns[] = {
		"*.trace", "observer.log", "*/*.trace", "*/observer.log", "*.log",
	};
	char *escaped = malloc(2 * strlen(path) + 1), *out = escaped, *pattern;
	enum status status = STATUS_OK;
	bool found = false;
	const char *in;
	size_t i;

	if (!escaped)
		error(STATUS_UNREADABLE, errno, "compare");
	for (in = path; *in; *out++ = *in++)
		if (strchr("*?[\\", *in))
			*out++ = '\\';
	*out = '\0';
	for (i = 0; !found && i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		if (asprintf(&pattern, "%s/%s", escaped, patterns[i]) < 0)
			error(STATUS_UNREADABLE, errno, "compare");
		found = load_glob(comparison, pattern, load_boots_log, &status);
		free(pattern);
	}
	free(escaped);
	if (found)
		return status;
	error(0, 0, "%s: no *.trace, no observer.log and no other *.log in it", text_shown(path));
	return STATUS_UNREADABLE;
}

static enum status load_path(struct comparison *comparison, const char *path)
{
	struct stat stat_of;

	if (strcmp(path, "-") && !stat(path, &stat_of) && S_ISDIR(stat_of.st_mode))
		return load_directory(comparison, path);
	return load_boot(comparison, path);
}

/* If no file has this name, it is a pattern. */
static enum status load_argument(struct comparison *comparison, const char *argument)
{
	enum status status = STATUS_OK;

	if (access(argument, F_OK) && strpbrk(argument, "*?[") &&
	    load_glob(comparison, argument, load_path, &status))
		return status;
	return load_path(comparison, argument);
}

enum status compare_load(struct comparison *comparison)
{
	enum status status = STATUS_OK;
	const char *const *argument;
	const struct boot *boots;
	size_t i;

	for_each(argument, &comparison->options->arguments) {
		struct side side = {
			.argument = *argument,
			.first = comparison->boots.nr,
		};

		name_side(&side, comparison->sides.nr);
		status = status_worse(status, load_argument(comparison, *argument));
		side.nr = comparison->boots.nr - side.first;
		boots = comparison->boots.items;
		side.exact = true;
		for (i = 0; i < side.nr; i++)
			side.exact &= json_is_true(alike_says(&boots[side.first + i].log, "exact"));
		list_append(&comparison->sides, &side, sizeof(side));
	}
	return status;
}
