// SPDX-License-Identifier: GPL-2.0-only
/* The names of phases and reasons that --phase and --reason can have. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/export/export.h"
#include "tools/report/report.h"
#include "lib/text.h"

#define MAX_NAMES	64		/* names that a message lists */

struct name {
	char text[EXPORT_REASON];
};

static void add_name(struct list *names, const char *text)
{
	const struct name *known;
	struct name new;

	for_each(known, names)
		if (!strcmp(known->text, text))
			return;
	if (names->nr == MAX_NAMES)
		return;
	snprintf(new.text, sizeof(new.text), "%s", text);
	list_append(names, &new, sizeof(new));
}

/* Add the names of a run's phases or reasons.  Returns whether @wanted is one. */
static bool look(const struct run *run, bool reasons, const char *wanted,
		 struct list *names)
{
	struct phases_view view = { .whose = PHASES_ALL };
	char text[EXPORT_REASON];
	struct phases phases;
	bool found;
	size_t i;

	phases_build(run, view, &phases);
	found = reasons ? report_slot(&phases, wanted) >= 0 :
			  phases_row(&phases, wanted) != NULL;
	for (i = 0; !reasons && i < phases.nr; i++)
		add_name(names, phases.rows[i].label);
	for (i = 0; reasons && i < KVM_EXIT_TRACE_NR_SLOTS; i++)
		if (phases.reasons[i])
			add_name(names, export_reason(text, &phases, i));
	phases_free(&phases);
	return found;
}

static enum status find(const struct log *log, bool reasons, const char *wanted,
			const char *path)
{
	struct list names = { .nr = 0 };
	const struct name *name;
	const struct run *run;
	bool found = false;

	for_each(run, &log->runs)
		found |= look(run, reasons, wanted, &names);
	if (!found) {
		fprintf(stderr, "%s: %s: no %s %s", program_invocation_name,
			text_shown(path), reasons ? "reason" : "phase", text_shown(wanted));
		for_each(name, &names)
			fprintf(stderr, "%s %s", name == names.items ? ", but" : ",",
				name->text);
		fputs(names.nr == MAX_NAMES ? ", ...\n" : "\n", stderr);
	}
	free(names.items);
	return found ? STATUS_OK : STATUS_USAGE;
}

enum status report_names(const struct report_options *options,
			 const struct log *log)
{
	enum status status = STATUS_OK;

	if (options->phase)
		status = find(log, false, options->phase, options->serial);
	if (!status && options->reason)
		status = find(log, true, options->reason, options->serial);
	return status;
}
