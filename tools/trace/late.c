// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "lib/table.h"
#include "tools/trace/late.h"

__u64 late_unseen(const struct run *run, struct phases_view view)
{
	const struct log_unseen *unseen;
	__u64 exits = 0;

	for_each(unseen, &run->unseen)
		if (phases_sees(view, unseen->vcpu))
			exits += unseen->exits;
	return exits;
}

void late_check(struct run *run)
{
	const struct log_attached *attached = &run->attached;
	const struct log_unseen *unseen;
	__u64 sum = 0;

	for_each(unseen, &run->unseen) {
		phases_counts(run, unseen->line, "unseen", KVM_EXIT_TRACE_SLOT_OTHER, unseen->vcpu);
		sum += unseen->exits;
	}
	if (sum != attached->unseen)
		log_defect(run, attached->line ? attached->line : run->last_line,
			   "attached: unseen is %llu, but the vCPUs' add up to %llu", attached->unseen, sum);
	if (attached->unseen && run->tracer.from_start)
		log_defect(run, attached->line, "attached: exits were not seen, but the host record says from_start=1");
}

bool late_text(const struct run *run, char text[LOG_MESSAGE])
{
	const struct log_phase *first = run->phases.items;
	char number[GROUPED];
	int len;

	if (!run->attached.unseen)
		return false;
	len = snprintf(text, LOG_MESSAGE, "attached late: %s exits came before, and are unseen",
		       grouped(number, run->attached.unseen));
	if (run->phases.nr && first->vcpu != KVM_EXIT_TRACE_MARK_HOST)
		snprintf(text + len, LOG_MESSAGE - len, ". So %.30s is not whole, and the phases before it are unseen",
			 first->name);
	return true;
}
