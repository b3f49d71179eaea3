// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "phases.h"

int phases_find(const struct run *run, __u64 entry)
{
	const struct log_phase *marks = run->phases.items;
	size_t i;

	for (i = 0; i < run->phases.nr && i < LOG_MAX_MARKS; i++)
		if (marks[i].entry == entry)
			return i;
	return -1;
}

static void copy_mark(struct phase *row, const struct log_phase *mark)
{
	row->mark = mark;
	row->exits = mark->total;
	row->kvm = mark->kvm;
	row->user = mark->user;
	row->idle = mark->idle;
	row->preempted = mark->preempted;
	row->self = mark->self;
}

static void name_row(const struct phases *phases, struct phase *row)
{
	const char *name = row->mark->name;
	unsigned int same = 1;
	const struct phase *before;

	for (before = phases->rows; before < row; before++)
		same += !strcmp(before->mark->name, name);
	if (same > 1)
		snprintf(row->label, sizeof(row->label), "%s (%u)", name, same);
	else if (*name)
		snprintf(row->label, sizeof(row->label), "%s", name);
	else
		snprintf(row->label, sizeof(row->label), "0x%02llx", row->mark->id);
}

static void subtract(__u64 *count, __u64 before)
{
	*count = *count < before ? 0 : *count - before;
}

static void subtract_row(struct phase *row, const struct phase *before)
{
	size_t slot;

	subtract(&row->exits, before->exits);
	subtract(&row->kvm, before->kvm);
	subtract(&row->user, before->user);
	subtract(&row->idle, before->idle);
	subtract(&row->preempted, before->preempted);
	subtract(&row->self, before->self);
	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		subtract(&row->counts[slot], before->counts[slot]);
		subtract(&row->slot_kvm[slot], before->slot_kvm[slot]);
	}
}

static void set_net(struct phase *row)
{
	row->net = row->exits;
	subtract(&row->net, row->self);
}

void phases_build(const struct run *run, struct phases *phases)
{
	const struct log_phase *marks = run->phases.items;
	const struct log_reason *reason;
	size_t i;
	int at;

	memset(phases, 0, sizeof(*phases));
	snprintf(phases->total.label, sizeof(phases->total.label), "total");
	phases->nr = run->phases.nr < LOG_MAX_MARKS ? run->phases.nr : LOG_MAX_MARKS;
	if (!phases->nr)
		return;
	phases->rows = calloc(phases->nr, sizeof(*phases->rows));
	if (!phases->rows)
		error(3, errno, "phases");
	for (i = 0; i < phases->nr; i++) {
		copy_mark(&phases->rows[i], &marks[i]);
		name_row(phases, &phases->rows[i]);
	}
	for_each(reason, &run->reasons) {
		at = phases_find(run, reason->entry);
		if (at < 0 || reason->slot >= KVM_EXIT_TRACE_NR_SLOTS)
			continue;
		phases->rows[at].counts[reason->slot] = reason->count;
		phases->rows[at].slot_kvm[reason->slot] = reason->kvm;
		phases->reasons[reason->slot] = reason;
	}
	phases->total = phases->rows[phases->nr - 1];
	snprintf(phases->total.label, sizeof(phases->total.label), "total");
	set_net(&phases->total);
	for (i = phases->nr - 1; i; i--)
		subtract_row(&phases->rows[i], &phases->rows[i - 1]);
	for (i = 0; i < phases->nr; i++)
		set_net(&phases->rows[i]);
}

void phases_free(struct phases *phases)
{
	free(phases->rows);
	phases->rows = NULL;
	phases->nr = 0;
}

unsigned int phases_top(const struct phase *phase,
			unsigned int slots[PHASES_TOP])
{
	unsigned int slot, at, nr = 0;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		if (!phase->counts[slot])
			continue;
		if (nr < PHASES_TOP)
			at = nr++;
		else if (phase->counts[slot] > phase->counts[slots[nr - 1]])
			at = nr - 1;
		else
			continue;
		for (; at && phase->counts[slot] > phase->counts[slots[at - 1]]; at--)
			slots[at] = slots[at - 1];
		slots[at] = slot;
	}
	return nr;
}
