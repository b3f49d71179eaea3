// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <asm/svm.h>
#include <asm/vmx.h>

#include "tools/trace/host.h"
#include "tools/trace/phases.h"

const struct run *host_find(const struct log *log, const struct run *run,
			    bool alone)
{
	const struct list *runs = log->meta ? &log->host_runs : &log->runs;
	const struct run *host;

	for_each(host, runs)
		if (!strcmp(host->name, run->name))
			return host;
	return alone && runs->nr == 1 ? runs->items : NULL;
}

void host_join(struct log *log, const struct log *host)
{
	struct run *run;

	for_each(run, &log->runs)
		run->host = host_find(host, run, log->runs.nr == 1);
}

/* The tracepoint sees only exits of the hardware. */
static bool synthetic(unsigned int slot)
{
	return slot == KVM_EXIT_TRACE_SLOT_EMULATION ||
	       slot == KVM_EXIT_TRACE_SLOT_VMFAIL;
}

static void fill_reasons(const struct run *run, const struct run *host,
			 struct host_sync *result)
{
	bool vmx = !strcmp(run->tracer.vendor, "vmx");
	const struct log_reason *reason;
	const struct log_hist *hist;

	for_each(hist, &host->hists) {
		if (hist->sync != result->sync->try)
			continue;
		result->hist = true;
		result->kvm[host_slot(vmx, hist->reason)] += hist->count;
	}
	for_each(reason, &run->reasons)
		if (reason->entry == result->mark->entry &&
		    reason->slot < KVM_EXIT_TRACE_NR_SLOTS &&
		    !synthetic(reason->slot))
			result->guest[reason->slot] += reason->counter.exits;
	result->guest[host_slot(vmx, vmx ? EXIT_REASON_IO_INSTRUCTION :
				SVM_EXIT_IOIO)]++;
}

/* Check whether the records of the mark add up to its total. */
static void add_up(const struct run *run, struct host_sync *result)
{
	const struct log_phase *mark = result->mark;
	const struct log_reason *reason;
	const struct log_part *part;
	__u64 reasons = 0, parts = 0;

	for_each(reason, &run->reasons)
		reasons += reason->entry == mark->entry ? reason->counter.exits : 0;
	for_each(part, &run->parts)
		parts += part->entry == mark->entry ? part->counter.exits : 0;
	result->reasoned = reasons == mark->all.exits;
	result->parted = parts == mark->all.exits || !run->parts.nr;
}

static void compare_reasons(struct host_sync *result)
{
	__u64 more = 0;
	unsigned int slot;
	bool less = false;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		__u64 guest = result->guest[slot], kvm = result->kvm[slot];

		if (!guest && !kvm)
			continue;
		result->compared++;
		if (guest == kvm)
			continue;
		result->differ++;
		less |= kvm < guest;
		more += kvm - guest;
	}
	result->accounted = !less && more == result->guest_window;
}

__u64 host_vcpu_guest(const struct run *run, const struct host_sync *sync,
		      __u64 vcpu)
{
	__u64 exits = sync->mark->vcpu == vcpu;
	const struct log_part *part;

	for_each(part, &run->parts)
		if (part->entry == sync->mark->entry && part->vcpu == vcpu)
			exits += part->counter.exits;
	return exits;
}

void host_compare(const struct run *run, const struct run *host,
		  const struct log_sync *sync, struct host_sync *result)
{
	int at = phases_find(run, sync->entry);
	const struct log_host *line;
	__u64 total, exits;

	memset(result, 0, sizeof(*result));
	result->sync = sync;
	result->host_run = host;
	result->status = STATUS_FAIL;
	if (at >= 0)
		result->mark = (struct log_phase *)run->phases.items + at;
	if (host)
		for_each(line, &host->hosts)
			if (line->sync == sync->try)
				result->host = line;
	if (!result->mark || !result->host)
		return;
	total = result->mark->all.exits;
	exits = result->host->exits;
	result->bounded = exits > total && exits < sync->after;
	if (!result->bounded)
		return;
	result->guest_window = exits - total - 1;
	result->host_window = sync->after - 1 - exits;
	add_up(run, result);
	fill_reasons(run, host, result);
	if (result->hist && result->reasoned)
		compare_reasons(result);
	if ((!result->hist || !result->reasoned || result->accounted) &&
	    (!result->host->exits_fd || result->host->exits_fd == exits))
		result->status = STATUS_OK;
}
