// SPDX-License-Identifier: GPL-2.0-only
/* Loads the boots of each side, and checks that they can be compared. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trace/check.h"
#include "tools/trace/paths.h"
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

static enum status load_argument(struct comparison *comparison, const char *argument)
{
	struct list paths = { NULL, 0 };
	enum status status = paths_find(argument, &paths) ? STATUS_OK : STATUS_UNREADABLE;
	char **path;

	for_each(path, &paths)
		status = status_worse(status, load_boot(comparison, *path));
	paths_free(&paths);
	return status;
}

enum status compare_load_side(struct comparison *comparison, const char *const *arguments, size_t nr)
{
	struct side side = { .argument = *arguments, .first = comparison->boots.nr, .exact = true };
	enum status status = STATUS_OK;
	const struct boot *boots;
	size_t i;

	name_side(&side, comparison->sides.nr);
	for (i = 0; i < nr; i++)
		status = status_worse(status, load_argument(comparison, arguments[i]));
	side.nr = comparison->boots.nr - side.first;
	boots = comparison->boots.items;
	for (i = 0; i < side.nr; i++)
		side.exact &= json_is_true(alike_says(&boots[side.first + i].log, "exact"));
	list_append(&comparison->sides, &side, sizeof(side));
	return status;
}

enum status compare_load(struct comparison *comparison)
{
	enum status status = STATUS_OK;
	const char *const *argument;

	for_each(argument, &comparison->options->arguments)
		status = status_worse(status, compare_load_side(comparison, argument, 1));
	return status;
}
