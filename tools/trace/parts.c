// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "include/kvm_exit_trace.h"

#include "tools/trace/parts.h"
#include "tools/trace/phases.h"

/* The numbers of each slot at a mark, by its reason and by its parts. */
struct sums {
	struct counter reasons[KVM_EXIT_TRACE_NR_SLOTS];
	struct counter parts[KVM_EXIT_TRACE_NR_SLOTS];
	__u64 observer;			/* exits of the observer's vCPU */
	bool any;			/* there is a part */
};

/* Sort by vCPU, slot and entry, so that parts of the same counter are in the order of time. */
static int compare_parts(const void *a, const void *b)
{
	const struct log_part *one = a, *other = b;

	if (one->vcpu != other->vcpu)
		return one->vcpu < other->vcpu ? -1 : 1;
	if (one->slot != other->slot)
		return one->slot < other->slot ? -1 : 1;
	if (one->entry != other->entry)
		return one->entry < other->entry ? -1 : 1;
	return (one->line > other->line) - (one->line < other->line);
}

/* Add a part to the sums.  @last: the one before it in the order of compare_parts(). */
static void add_part(struct run *run, struct sums *sums,
		     const struct log_part *part, const struct log_part *last)
{
	struct sums *mark = &sums[phases_find(run, part->entry)];
	bool same = last && last->vcpu == part->vcpu && last->slot == part->slot;

	mark->any = true;
	if (same && last->entry == part->entry) {
		log_defect(run, part->line, "part: vCPU %llu has slot %llu twice in entry %llu",
			   part->vcpu, part->slot, part->entry);
		return;
	}
	if (same && part->counter.exits < last->counter.exits)
		log_defect(run, part->line, "part: vCPU %llu has %llu exits of slot %llu, but %llu at an earlier mark",
			   part->vcpu, part->counter.exits, part->slot, last->counter.exits);
	counter_add(&mark->parts[part->slot], &part->counter);
	if (run->observer.line && part->vcpu == run->observer.vcpu)
		mark->observer += part->counter.exits;
}

static void fill(struct run *run, struct sums *sums)
{
	const struct log_reason *reason;
	const struct log_part *last = NULL;
	struct log_part *sorted, *part;
	size_t i;
	int at;

	for_each(reason, &run->reasons) {
		at = phases_find(run, reason->entry);
		if (at >= 0 && reason->slot < KVM_EXIT_TRACE_NR_SLOTS &&
		    !sums[at].reasons[reason->slot].exits)
			sums[at].reasons[reason->slot] = reason->counter;
	}
	if (!run->parts.nr)
		return;
	sorted = calloc(run->parts.nr, sizeof(*sorted));
	if (!sorted)
		error(3, errno, "parts");
	memcpy(sorted, run->parts.items, run->parts.nr * sizeof(*sorted));
	qsort(sorted, run->parts.nr, sizeof(*sorted), compare_parts);
	for (i = 0, part = sorted; i < run->parts.nr; i++, part++) {
		if (!phases_has(run, part->line, "part", part->entry) ||
		    !phases_counts(run, part->line, "part", part->slot, part->vcpu))
			continue;
		add_part(run, sums, part, last);
		last = part;
	}
	free(sorted);
}

static void check_slot(struct run *run, const struct log_phase *mark,
		       unsigned int slot, const struct sums *sums)
{
	const struct counter *reason = &sums->reasons[slot];
	const struct counter *parts = &sums->parts[slot];

	if (reason->exits != parts->exits)
		log_defect(run, mark->line, "phase %s: the parts of slot %u add up to %llu exits, but its reason has %llu",
			   mark->name, slot, parts->exits, reason->exits);
	else if (memcmp(reason, parts, sizeof(*reason)))
		log_defect(run, mark->line, "phase %s: the parts of slot %u add up to other clocks than its reason's",
			   mark->name, slot);
}

/* With an observer, each mark needs parts, which tell the observer's exits from others. */
static void check_mark(struct run *run, const struct log_phase *mark,
		       const struct sums *sums)
{
	unsigned int slot;

	if (!sums->any) {
		if (run->parts.nr || run->observer.line)
			log_defect(run, mark->line, "phase %s: it has no parts",
				   mark->name);
		return;
	}
	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		check_slot(run, mark, slot, sums);
	if (run->observer.line && sums->observer <= mark->all.exits &&
	    mark->self > mark->all.exits - sums->observer)
		log_defect(run, mark->line, "phase %s: self %llu is more than the %llu exits of vCPUs that don't observe",
			   mark->name, mark->self,
			   mark->all.exits - sums->observer);
}

void parts_check(struct run *run)
{
	size_t nr = run->phases.nr < LOG_MAX_MARKS ? run->phases.nr : LOG_MAX_MARKS;
	const struct log_phase *mark = run->phases.items;
	struct sums *sums = calloc(nr + 1, sizeof(*sums));
	size_t i;

	if (!sums)
		error(3, errno, "parts");
	fill(run, sums);
	for (i = 0; i < nr; i++)
		check_mark(run, &mark[i], &sums[i]);
	if (run->observer.line && run->tracer.line &&
	    run->observer.vcpu >= run->tracer.vcpus)
		log_defect(run, run->observer.line, "observer: there is no vCPU %llu",
			   run->observer.vcpu);
	free(sums);
}
