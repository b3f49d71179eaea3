// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "tools/bootexits.h"
#include "lib/text.h"
#include "tools/trace/view.h"

void view_take(const char *arg, struct argp_state *state, struct view *view)
{
	*view = (struct view){ .whose = VIEW_ALL };
	if (!strcmp(arg, "all"))
		return;
	view->whose = VIEW_ONE;
	if (!parse_number(arg, -1ULL, &view->vcpu))
		argp_error(state, "not a vCPU's number, and not all: %s", text_shown(arg));
}

bool view_of(const struct view *view, const struct run *run, const char *path,
	     struct phases_view *of)
{
	if (view->whose == VIEW_ONE)
		return phases_vcpu(run, path, view->vcpu, of);
	*of = view->whose == VIEW_GUEST ? known_guest(run) :
					  (struct phases_view){ .whose = PHASES_ALL };
	return true;
}

void view_samples(const struct view *view, struct run *run)
{
	struct log_sample *samples = run->samples.items, first;
	struct log_samples *head;
	size_t nr = 0;

	if (view->whose == VIEW_GUEST)
		return;
	for_each(head, &run->heads) {
		if (head->nr && view->whose == VIEW_ALL) {
			first = samples[head->first];
			if (__builtin_add_overflow(first.others, head->own, &first.others))
				first.others = -1ULL;
			samples[nr] = first;
			head->first = nr++;
			head->nr = 1;
		} else {
			head->nr = 0;
		}
	}
	run->samples.nr = nr;
}

const char *view_text(char text[VIEW_TEXT], const struct view *view)
{
	if (view->whose == VIEW_ONE)
		snprintf(text, VIEW_TEXT, "exits of vCPU %llu", view->vcpu);
	else
		snprintf(text, VIEW_TEXT, "%s", view->whose == VIEW_ALL ?
			 "exits of all vCPUs" : "guest exits");
	return text;
}

const char *view_key(char text[VIEW_TEXT], const struct view *view)
{
	if (view->whose == VIEW_ONE)
		snprintf(text, VIEW_TEXT, "vcpu_%llu", view->vcpu);
	else
		snprintf(text, VIEW_TEXT, "%s", view->whose == VIEW_ALL ? "all_vcpus" : "guest_exits");
	return text;
}
