// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trace/clocks.h"
#include "tools/trace/known.h"
#include "lib/text.h"

int phases_find(const struct run *run, __u64 entry)
{
	const struct log_phase *marks = run->phases.items;
	size_t i;

	for (i = 0; i < run->phases.nr && i < LOG_MAX_MARKS; i++)
		if (marks[i].entry == entry)
			return i;
	return -1;
}

bool phases_has(struct run *run, unsigned long line, const char *what, __u64 entry)
{
	if (phases_find(run, entry) >= 0)
		return true;
	log_defect(run, line, "%s: no phase has entry %llu", what, entry);
	return false;
}

bool phases_counts(struct run *run, unsigned long line, const char *what, __u64 slot,
		   __u64 vcpu)
{
	if (slot >= KVM_EXIT_TRACE_NR_SLOTS)
		log_defect(run, line, "%s: slot %llu is above the last, %u", what, slot,
			   KVM_EXIT_TRACE_NR_SLOTS - 1);
	else if (vcpu >= LOG_MAX_VCPUS || (run->tracer.line && vcpu >= run->tracer.vcpus))
		log_defect(run, line, "%s: there is no vCPU %llu", what, vcpu);
	else
		return true;
	return false;
}

bool phases_sees(struct phases_view view, __u64 vcpu)
{
	return view.whose == PHASES_ALL || view.whose == PHASES_UNTOLD ||
		(view.vcpu == vcpu) == (view.whose == PHASES_ONE);
}

bool phases_vcpu(const struct run *run, const char *path, __u64 vcpu,
		 struct phases_view *view)
{
	*view = (struct phases_view){ .whose = PHASES_ALL };
	if (run->tracer.vcpus == 1 && !vcpu)
		return true;
	*view = (struct phases_view){ .whose = PHASES_ONE, .vcpu = vcpu };
	if (run->tracer.line && vcpu >= run->tracer.vcpus)
		error(0, 0, "%s: there is no vCPU %llu", text_shown(path), vcpu);
	else if (!run->parts.nr)
		error(0, 0, "%s: the log has no parts, so nothing of vCPU %llu", text_shown(path), vcpu);
	else if (!run->tracer.line && vcpu >= phases_vcpus(run))
		error(0, 0, "%s: the log has no host record, and no part of vCPU %llu", text_shown(path), vcpu);
	else
		return true;
	return false;
}

size_t phases_vcpus(const struct run *run)
{
	const struct log_part *part;
	size_t nr = 0;

	for_each(part, &run->parts)
		if (part->vcpu < LOG_MAX_VCPUS && part->vcpu >= nr)
			nr = part->vcpu + 1;
	return nr;
}

const struct phase *phases_row(const struct phases *phases, const char *label)
{
	size_t i;

	for (i = 0; i < phases->nr; i++)
		if (!strcmp(phases->rows[i].label, label))
			return &phases->rows[i];
	return NULL;
}

__u64 phases_ticks(const struct phase *phase)
{
	return phase->end_tsc < phase->begin_tsc ? 0 :
		phase->end_tsc - phase->begin_tsc;
}

static void copy_mark(struct phase *row, const struct log_phase *mark)
{
	row->all = mark->all;
	row->in_guest = mark->in_guest;
	row->elapsed = mark->elapsed;
	row->self = mark->self;
}

static void name_row(const struct phases *phases, struct phase *row)
{
	const char *name = row->mark->name;
	unsigned int same = 1;
	const struct phase *before;

	for (before = phases->rows; before < row; before++)
		same += !strcmp(before->mark->name, name);
	if (same > 1 && row->mark->entry != (__u64)(row - phases->rows))
		snprintf(row->label, sizeof(row->label), "%s (entry %llu)", name,
			 row->mark->entry);
	else if (same > 1)
		snprintf(row->label, sizeof(row->label), "%s (%u)", name, same);
	else if (*name)
		snprintf(row->label, sizeof(row->label), "%s", name);
	else
		snprintf(row->label, sizeof(row->label), "0x%02llx", row->mark->id);
}

static void subtract(__u64 *number, __u64 before)
{
	*number = *number < before ? 0 : *number - before;
}

static void subtract_counter(struct counter *counter, const struct counter *before)
{
	unsigned int clock;

	subtract(&counter->exits, before->exits);
	for (clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++)
		subtract(&counter->cycles[clock], before->cycles[clock]);
}

static void subtract_row(struct phase *row, const struct phase *before)
{
	size_t slot;

	subtract_counter(&row->all, &before->all);
	subtract(&row->in_guest, before->in_guest);
	subtract(&row->elapsed, before->elapsed);
	subtract(&row->self, before->self);
	subtract(&row->induced, before->induced);
	subtract(&row->observer, before->observer);
	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		subtract_counter(&row->slots[slot], &before->slots[slot]);
}

static void add_part(struct phase *row, const struct log_part *part)
{
	counter_add(&row->all, &part->counter);
	counter_add(&row->slots[part->slot], &part->counter);
}

static void leave_out(struct phase *row, const struct log_part *part)
{
	row->observer += part->counter.exits;
	subtract_counter(&row->all, &part->counter);
	subtract_counter(&row->slots[part->slot], &part->counter);
}

static void fill_times(const struct run *run, struct phases_view view,
		       struct phases *phases)
{
	const struct log_times *times;
	struct phase *row;
	int at;

	for_each(times, &run->times) {
		at = phases_find(run, times->entry);
		if (at < 0 || times->vcpu != view.vcpu)
			continue;
		row = &phases->rows[at];
		if (view.whose == PHASES_ONE) {
			row->in_guest += times->in_guest;
			row->elapsed += times->elapsed;
		} else {
			subtract(&row->in_guest, times->in_guest);
			subtract(&row->elapsed, times->elapsed);
		}
	}
}

/* Whether the observer has a CPU of its own, so that its timer causes no exit on other vCPUs. */
static bool apart(const struct run *host, __u64 vcpu)
{
	const struct log_host_vcpu *line;

	for_each(line, &host->host_vcpus)
		if (line->vcpu == vcpu)
			return line->apart;
	return false;
}

/* Fill in what the observer's timer caused, up to each mark.  Only the host knows it. */
static void fill_induced(const struct run *run, struct phases_view view,
			 struct phases *phases)
{
	const struct log_induced *induced;
	size_t i;
	int at;

	if (view.whose != PHASES_ALL_BUT || (run->host && apart(run->host, view.vcpu)))
		return;
	for (i = 0; i < phases->nr; i++)
		phases->rows[i].lacks[PHASE_INDUCED] = "the host didn't count it";
	if (!run->host)
		return;
	for_each(induced, &run->host->induced) {
		at = phases_find(run, induced->entry);
		if (at < 0)
			continue;
		phases->rows[at].induced = induced->exits;
		phases->rows[at].lacks[PHASE_INDUCED] = NULL;
	}
}

static void set_net(struct phase *row)
{
	row->net = row->all.exits;
	subtract(&row->net, row->self);
	if (row->induced > row->net) {
		row->lacks[PHASE_INDUCED] = "the host's count is more than the exits";
		row->induced = 0;
	}
	row->net -= row->induced;
}

static void set_nets(struct phases *phases)
{
	struct phase *row;

	for (row = phases->rows; row < phases->rows + phases->nr; row++) {
		bool known = phases_know(row, PHASE_INDUCED);

		set_net(row);
		if (known && !phases_know(row, PHASE_INDUCED)) {
			phases->total.lacks[PHASE_INDUCED] = row->lacks[PHASE_INDUCED];
			phases->total.induced = 0;
		}
	}
	set_net(&phases->total);
}

/* Fill in the cumulative marks, with all vCPUs' exits.  For a view of one vCPU, begin with 0. */
static void fill_marks(const struct run *run, struct phases_view view,
		       struct phases *phases)
{
	const struct log_phase *marks = run->phases.items;
	const struct log_reason *reason;
	struct phase *row;
	size_t i;
	int at;

	for (i = 0; i < phases->nr; i++) {
		row = &phases->rows[i];
		row->mark = &marks[i];
		row->begin_tsc = i ? marks[i - 1].tsc : 0;
		row->end_tsc = marks[i].tsc;
		if (view.whose != PHASES_ONE)
			copy_mark(row, &marks[i]);
		name_row(phases, row);
	}
	for_each(reason, &run->reasons) {
		at = phases_find(run, reason->entry);
		if (at < 0 || reason->slot >= KVM_EXIT_TRACE_NR_SLOTS)
			continue;
		phases->reasons[reason->slot] = reason;
		if (view.whose != PHASES_ONE)
			phases->rows[at].slots[reason->slot] = reason->counter;
	}
}

static void fill_parts(const struct run *run, struct phases_view view,
		       struct phases *phases)
{
	const struct log_part *part;
	int at;

	for_each(part, &run->parts) {
		if (part->vcpu != view.vcpu ||
		    part->slot >= KVM_EXIT_TRACE_NR_SLOTS ||
		    view.whose == PHASES_UNTOLD)
			continue;
		at = phases_find(run, part->entry);
		if (at < 0)
			continue;
		if (view.whose == PHASES_ONE)
			add_part(&phases->rows[at], part);
		else
			leave_out(&phases->rows[at], part);
	}
}

/* Subtract each mark from the next one.  The total is the last mark. */
static void subtract_marks(struct phases *phases)
{
	size_t i;

	memcpy(phases->marks, phases->rows, phases->nr * sizeof(*phases->marks));
	phases->total = phases->rows[phases->nr - 1];
	phases->total.begin_tsc = 0;
	snprintf(phases->total.label, sizeof(phases->total.label), "total");
	for (i = phases->nr - 1; i; i--)
		subtract_row(&phases->rows[i], &phases->rows[i - 1]);
}

/* The clocks stay as they are, because kvm is all of the time. */
static void lack_split(struct phases *phases)
{
	const char *why = "the recording doesn't tell them apart";
	size_t i;

	for (i = 0; i < phases->nr; i++)
		phases->rows[i].lacks[PHASE_SPLIT] = phases->marks[i].lacks[PHASE_SPLIT] = why;
	phases->total.lacks[PHASE_SPLIT] = why;
}

void phases_build(const struct run *run, struct phases_view view,
		  struct phases *phases)
{
	memset(phases, 0, sizeof(*phases));
	snprintf(phases->total.label, sizeof(phases->total.label), "total");
	phases->nr = run->phases.nr < LOG_MAX_MARKS ? run->phases.nr : LOG_MAX_MARKS;
	if (!phases->nr)
		return;
	phases->rows = calloc(phases->nr, sizeof(*phases->rows));
	phases->marks = calloc(phases->nr, sizeof(*phases->marks));
	if (!phases->rows || !phases->marks)
		error(3, errno, "phases");
	fill_marks(run, view, phases);
	if (view.whose != PHASES_ALL) {
		fill_parts(run, view, phases);
		fill_times(run, view, phases);
		fill_induced(run, view, phases);
	}
	known_marks(run, view, phases);
	subtract_marks(phases);
	known_rows(run, phases);
	if (!clocks_split(run))
		lack_split(phases);
	if (view.whose != PHASES_ONE)
		set_nets(phases);
}

void phases_free(struct phases *phases)
{
	free(phases->rows);
	free(phases->marks);
	phases->rows = phases->marks = NULL;
	phases->nr = 0;
}

unsigned int phases_top(const struct phase *phase, unsigned int *slots,
			unsigned int max)
{
	unsigned int slot, at, nr = 0;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		if (!phase->slots[slot].exits)
			continue;
		if (nr < max)
			at = nr++;
		else if (phase->slots[slot].exits > phase->slots[slots[nr - 1]].exits)
			at = nr - 1;
		else
			continue;
		for (; at && phase->slots[slot].exits > phase->slots[slots[at - 1]].exits; at--)
			slots[at] = slots[at - 1];
		slots[at] = slot;
	}
	return nr;
}
