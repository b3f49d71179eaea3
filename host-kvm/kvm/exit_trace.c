// SPDX-License-Identifier: GPL-2.0-only
/*
 * Count VM exits per vCPU, and keep a log of phases.
 */
#include "x86.h"
#include "exit_trace_vm.h"

/*
 * The clocks
 */

void __exit_trace_switch(struct kvm_vcpu *vcpu, u32 from, u32 to)
{
	struct exit_trace_vcpu *trace;
	u64 now;

	/* exit_trace_disable() waits for preemption-disabled sections. */
	preempt_disable();
	trace = vcpu->arch.exit_trace;
	if (trace && trace->clock == from) {
		now = rdtsc();
		trace->spent += exit_trace_charge(trace, from, now);
		trace->since = now;
		trace->clock = to;
	}
	preempt_enable();
}

/* Readers find slots that don't add up to the total meanwhile, and try again. */
void __exit_trace_recount(struct kvm_vcpu *vcpu, u32 slot)
{
	struct exit_trace_vcpu *trace = vcpu->arch.exit_trace;

	preempt_disable();
	if (trace && trace->clock == KVM_EXIT_TRACE_CLOCK_KVM) {
		trace->current_slot->count--;
		trace->current_slot = &trace->counts.slot[slot];
		trace->current_slot->count++;
	}
	preempt_enable();
}
EXPORT_SYMBOL_GPL(__exit_trace_recount);

/*
 * Snapshots
 */

/* The slots of a vCPU that have counted something; returns how many. */
static int exit_trace_used(u8 used[KVM_EXIT_TRACE_NR_SLOTS],
			   const struct exit_trace_vcpu *trace)
{
	int i, nr = 0;

	for (i = 0; i < KVM_EXIT_TRACE_NR_SLOTS; i++)
		if (READ_ONCE(trace->counts.slot[i].count))
			used[nr++] = i;
	return nr;
}

/*
 * A slot is counted before the total is, so slots that were read after the
 * total and add up to it are those of the moment when it was read.  Only the
 * slots in use are read in between, which takes less time than an exit.
 */
bool exit_trace_copy(struct exit_trace_counts *to,
		     const struct exit_trace_vcpu *trace)
{
	u8 used[KVM_EXIT_TRACE_NR_SLOTS];
	int tries, nr, i, j;
	u64 total;

	for (tries = 0; tries < EXIT_TRACE_LATCH_TRIES; tries++) {
		memset(to, 0, sizeof(*to));
		nr = exit_trace_used(used, trace);
		total = READ_ONCE(trace->counts.sum.count);
		smp_rmb(); /* pairs with the order in exit_trace_count() */

		for (i = 0; i < nr; i++) {
			const struct exit_trace_slot *from = &trace->counts.slot[used[i]];
			struct exit_trace_slot *slot = &to->slot[used[i]];

			slot->count = READ_ONCE(from->count);
			for (j = 0; j < KVM_EXIT_TRACE_NR_CLOCKS; j++)
				slot->cycles[j] = READ_ONCE(from->cycles[j]);
			exit_trace_add(&to->sum, slot);
		}
		exit_trace_times(trace, &to->sum.cycles[KVM_EXIT_TRACE_CLOCK_GUEST],
				 &to->sum.cycles[KVM_EXIT_TRACE_CLOCK_ELAPSED]);
		if (to->sum.count == total)
			return true;
	}
	return false;
}

static struct exit_trace_slot *exit_trace_latch_slot(struct exit_trace_latch *latch,
						     u32 nr)
{
	u32 i;

again:
	i = latch->nr;
	while (i && latch->slot[i - 1].nr > nr)
		i--;
	if (i && latch->slot[i - 1].nr == nr)
		return &latch->slot[i - 1].counts;
	/* The last place is kept for the others. */
	if (latch->nr >= EXIT_TRACE_LATCH_SLOTS - 1 && nr != KVM_EXIT_TRACE_SLOT_OTHER) {
		nr = KVM_EXIT_TRACE_SLOT_OTHER;
		goto again;
	}

	memmove(&latch->slot[i + 1], &latch->slot[i],
		(latch->nr - i) * sizeof(latch->slot[0]));
	memset(&latch->slot[i], 0, sizeof(latch->slot[0]));
	latch->slot[i].nr = nr;
	latch->nr++;
	return &latch->slot[i].counts;
}

bool exit_trace_latch(struct exit_trace_latch *to, struct exit_trace_vm *vm,
		      const struct exit_trace_vcpu *only)
{
	const struct exit_trace_counts *counts = &vm->scratch;
	const struct exit_trace_vcpu *trace;
	bool whole = true;
	u32 i;

	memset(to, 0, offsetof(struct exit_trace_latch, slot));
	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		if (only && trace != only)
			continue;
		whole &= exit_trace_copy(&vm->scratch, trace);
		exit_trace_add(&to->sum, &counts->sum);
		for (i = 0; i < KVM_EXIT_TRACE_NR_SLOTS; i++)
			if (counts->slot[i].count)
				exit_trace_add(exit_trace_latch_slot(to, i), &counts->slot[i]);
		cond_resched(); /* a VM may have 1,024 */
	}
	return whole;
}

/*
 * The phase log
 */

/* Store what a vCPU's slots are at mark @entry; false if there's no room. */
static bool exit_trace_log_store(struct exit_trace_log *log, u32 entry,
				 const struct exit_trace_counts *counts)
{
	u32 i, begin = entry ? log->end[entry - 1] : 0, end = begin;
	const struct exit_trace_slot *last;

	for (i = 0; i < KVM_EXIT_TRACE_NR_SLOTS; i++) {
		if (!counts->slot[i].count)
			continue;
		last = exit_trace_log_find(log, begin, i);
		if (last && !memcmp(last, &counts->slot[i], sizeof(*last)))
			continue;
		if (end >= EXIT_TRACE_LOG_SLOTS)
			return false;
		log->slot[end].nr = i;
		log->slot[end++].counts = counts->slot[i];
	}
	log->end[entry] = end;
	log->guest[entry] = counts->sum.cycles[KVM_EXIT_TRACE_CLOCK_GUEST];
	log->elapsed[entry] = counts->sum.cycles[KVM_EXIT_TRACE_CLOCK_ELAPSED];
	return true;
}

/* Where the log is full, what was stored of the mark is written over by the next. */
struct exit_trace_mark *exit_trace_mark(struct kvm_vcpu *vcpu,
					struct exit_trace_vm *vm, u8 phase)
{
	struct exit_trace_mark *mark = &vm->log[vm->log_len];
	struct exit_trace_vcpu *trace;
	/* What found no room won't: a slot that has changed has changed. */
	bool room = !vm->log_dropped && vm->log_len < EXIT_TRACE_LOG_CAPACITY;
	u64 total = 0;

	for (trace = READ_ONCE(vm->vcpus); trace && room; trace = READ_ONCE(trace->next)) {
		exit_trace_copy(&vm->scratch, trace);
		total += vm->scratch.sum.count;
		room = exit_trace_log_store(&trace->log, vm->log_len, &vm->scratch);
		cond_resched();
	}
	if (!room) {
		vm->log_dropped++;
		return NULL;
	}

	mark->phase = phase;
	mark->vcpu_idx = vcpu->vcpu_idx;
	mark->guest_tsc = kvm_read_l1_tsc(vcpu, rdtsc());
	mark->total = total;
	vm->log_len++;
	return mark;
}

bool __exit_trace_port(struct kvm_vcpu *vcpu, u8 phase)
{
	struct exit_trace_vm *vm = vcpu->kvm->arch.exit_trace;

	if (!vm)
		return false;
	mutex_lock(&vm->lock);
	exit_trace_mark(vcpu, vm, phase);
	mutex_unlock(&vm->lock);
	return true;
}
