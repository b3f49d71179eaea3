// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "include/kvm_exit_trace.h"

#include "tools/trace/clocks.h"

/* The sums of all vCPUs' times at a mark, and the clocks of the vCPU that made it. */
struct clocks {
	__u64 in_guest, elapsed;
	__u64 own, own_elapsed;		/* of that vCPU: the sum of its clocks, and its time */
	bool any;
};

/* Returns the sum of the clocks that run outside of the guest. */
static __u64 outside(const struct counter *counter)
{
	unsigned int clock;
	__u64 sum = 0;

	for (clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++)
		sum += counter->cycles[clock];
	return sum;
}

static void fill_times(struct run *run, struct clocks *clocks)
{
	const struct log_phase *marks = run->phases.items;
	const struct log_times *times;
	int at;

	for_each(times, &run->times) {
		if (!phases_has(run, times->line, "times", times->entry))
			continue;
		at = phases_find(run, times->entry);
		clocks[at].any = true;
		clocks[at].in_guest += times->in_guest;
		clocks[at].elapsed += times->elapsed;
		if (times->vcpu == marks[at].vcpu) {
			clocks[at].own += times->in_guest;
			clocks[at].own_elapsed += times->elapsed;
		}
	}
}

static void fill_parts(const struct run *run, struct clocks *clocks)
{
	const struct log_phase *marks = run->phases.items;
	const struct log_part *part;
	int at;

	for_each(part, &run->parts) {
		at = phases_find(run, part->entry);
		if (at >= 0 && part->vcpu == marks[at].vcpu)
			clocks[at].own += outside(&part->counter);
	}
}

/* With one vCPU there are no times and parts records.  The mark's own numbers are the vCPU's. */
static void fill_marks(const struct run *run, struct clocks *clocks, size_t nr)
{
	const struct log_phase *mark = run->phases.items;

	for (; nr; nr--, mark++, clocks++)
		*clocks = (struct clocks){
			.in_guest = mark->in_guest,
			.elapsed = mark->elapsed,
			.own = mark->in_guest + outside(&mark->all),
			.own_elapsed = mark->elapsed,
			.any = true,
		};
}

static void check_mark(struct run *run, const struct log_phase *mark,
		       const struct clocks *clocks)
{
	if (!clocks->any)
		log_defect(run, mark->line, "phase %s: it has no times record", mark->name);
	else if (clocks->in_guest != mark->in_guest || clocks->elapsed != mark->elapsed)
		log_defect(run, mark->line, "phase %s: its times add up to %llu in the guest of %llu, but it has %llu of %llu",
			   mark->name, clocks->in_guest, clocks->elapsed, mark->in_guest,
			   mark->elapsed);
	else if (mark->vcpu != KVM_EXIT_TRACE_MARK_HOST && clocks->own != clocks->own_elapsed)
		log_defect(run, mark->line, "phase %s: the clocks of vCPU %llu add up to %llu, but its time is %llu",
			   mark->name, mark->vcpu, clocks->own, clocks->own_elapsed);
}

void clocks_check(struct run *run)
{
	size_t nr = run->phases.nr < LOG_MAX_MARKS ? run->phases.nr : LOG_MAX_MARKS;
	const struct log_phase *marks = run->phases.items;
	struct clocks *clocks;
	size_t i;

	if (!(run->tracer.features & KVM_EXIT_TRACE_FEATURE_GUEST))
		return;
	clocks = calloc(nr + 1, sizeof(*clocks));
	if (!clocks)
		error(3, errno, "clocks");
	if (run->tracer.vcpus > 1) {
		fill_times(run, clocks);
		fill_parts(run, clocks);
	} else {
		fill_marks(run, clocks, nr);
	}
	for (i = 0; i < nr; i++)
		check_mark(run, &marks[i], &clocks[i]);
	free(clocks);
}

bool clocks_split(const struct run *run)
{
	return !(run->tracer.features & KVM_EXIT_TRACE_FEATURE_GUEST) ||
		run->tracer.features & KVM_EXIT_TRACE_FEATURE_SPLIT;
}

/* An exit that is being processed is in no bucket yet. */
void latencies_check(struct run *run)
{
	const struct log_latency *latency;
	__u64 sum;
	size_t i;

	for_each(latency, &run->latencies) {
		for (sum = 0, i = 0; i < LOG_BUCKETS; i++)
			sum += latency->buckets[i];
		if (phases_counts(run, latency->line, "latency", latency->slot, latency->vcpu) &&
		    sum > latency->count)
			log_defect(run, latency->line, "latency: slot %llu of vCPU %llu has %llu exits in its buckets, but %llu in all",
				   latency->slot, latency->vcpu, sum, latency->count);
	}
}

bool latencies_sum(const struct run *run, struct phases_view view, __u64 slot,
		   __u64 buckets[LOG_BUCKETS])
{
	const struct log_latency *latency;
	bool any = false;
	size_t i;

	memset(buckets, 0, LOG_BUCKETS * sizeof(*buckets));
	for_each(latency, &run->latencies)
		for (i = 0; latency->slot == slot && phases_sees(view, latency->vcpu) &&
			    i < LOG_BUCKETS; i++) {
			buckets[i] += latency->buckets[i];
			any |= latency->buckets[i] != 0;
		}
	return any;
}
