// SPDX-License-Identifier: GPL-2.0-only
/*
 * Count VM exits per vCPU, and keep a log of phases.
 */
#include "x86.h"
#include "exit_trace_vm.h"

/*
 * The host's TSC went back: it is @now, less than it was at @since.  A program
 * wrote it, or it began again when the host was suspended.  The clocks keep
 * their cycles and go on from @now.  The time in between goes to no clock.
 * The @guest cycles since the last repair are put aside in @guest_before: with
 * them, the sign of live->guest would no longer say whether the guest runs.
 * Runs in the vCPU's own thread, with preemption off.
 */
void __exit_trace_back(struct exit_trace_live *live, u64 now, u64 guest)
{
	u64 since = live->since;

	WRITE_ONCE(live->since, EXIT_TRACE_TSC_BACK);
	smp_wmb(); /* pairs with exit_trace_times(), which tries again meanwhile */
	live->before.cycles[KVM_EXIT_TRACE_CLOCK_USER] += now - since;
	live->saved_since += now - since;
	live->ioctl_since = now;
	live->ioctl_put = live->ioctl_put ? now : 0;
	if (live->histogram)
		live->histogram->until += now - (since - guest);
	live->guest = 0;
	live->guest_before += guest;
	smp_wmb(); /* pairs with exit_trace_times(), too */
	WRITE_ONCE(live->since, now);
}

/* KVM's clock was charged.  If the vCPU @enters the guest, the TSC is already off @guest. */
void __exit_trace_back_in_kvm(struct kvm_vcpu *vcpu, u64 cycles, bool enters)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;
	u64 now = live->since + cycles, entered = enters ? now : 0;

	__exit_trace_back(live, now, live->guest + entered);
	live->guest -= entered;
}
EXPORT_SYMBOL_GPL(__exit_trace_back_in_kvm);

/* The vCPU left the guest, which it had entered at @since. */
void __exit_trace_back_in_guest(struct kvm_vcpu *vcpu)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;

	__exit_trace_back(live, rdtsc(), live->guest + live->since);
}
EXPORT_SYMBOL_GPL(__exit_trace_back_in_guest);

/*
 * Meanwhile the slots don't add up to the total, so readers try again.  An exit
 * from before counting began is in no slot, and is not moved.
 */
void __exit_trace_recount(struct kvm_vcpu *vcpu, u32 slot)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;

	/* Switching tracing off waits for sections with preemption off. */
	preempt_disable();
	if (live->on && live->current_slot != &live->before) {
		live->current_slot->count--;
		live->current_slot = &live->slots[slot];
		live->current_slot->count++;
		if (live->histogram && live->histogram->row != EXIT_TRACE_ROW_NONE)
			live->histogram->row = slot * EXIT_TRACE_ROW;
	}
	preempt_enable();
}
EXPORT_SYMBOL_GPL(__exit_trace_recount);

/*
 * Snapshots
 */

/* List the slots of a vCPU that have exits.  Returns their number. */
static int exit_trace_used(u8 used[EXIT_TRACE_SLOTS],
			   const struct exit_trace_vcpu *trace)
{
	int i, nr = 0;

	for (i = 0; i < EXIT_TRACE_SLOTS; i++)
		if (READ_ONCE(trace->slot[i].count))
			used[nr++] = i;
	return nr;
}

/*
 * An exit counts in its slot first, and then in the total.  So if slots are
 * read after the total and add up to it, they are those of the moment when it
 * was read.  Only the slots in use are read, which takes less time than an
 * exit.
 */
bool exit_trace_copy(struct exit_trace_counts *to,
		     const struct exit_trace_vcpu *trace)
{
	u8 used[EXIT_TRACE_SLOTS];
	int tries, nr, i, j;
	u64 total;

	for (tries = 0; tries < EXIT_TRACE_LATCH_TRIES; tries++) {
		memset(to, 0, sizeof(*to));
		total = exit_trace_total(trace);
		smp_rmb(); /* pairs with the order in exit_trace_count() */
		nr = exit_trace_used(used, trace); /* after the total, or it may miss a slot */

		for (i = 0; i < nr; i++) {
			const struct exit_trace_slot *from = &trace->slot[used[i]];
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

static struct exit_trace_slot *exit_trace_latch_slot(struct exit_trace_latch *latch, u8 nr)
{
	u32 i;

again:
	i = latch->len;
	while (i && latch->nr[i - 1] > nr)
		i--;
	if (i && latch->nr[i - 1] == nr)
		return &latch->slot[i - 1];
	/* The last place is kept for SLOT_OTHER. */
	if (latch->len >= EXIT_TRACE_LATCH_SLOTS - 1 && nr != KVM_EXIT_TRACE_SLOT_OTHER) {
		nr = KVM_EXIT_TRACE_SLOT_OTHER;
		goto again;
	}

	memmove(&latch->nr[i + 1], &latch->nr[i], latch->len - i);
	memmove(&latch->slot[i + 1], &latch->slot[i], (latch->len - i) * sizeof(latch->slot[0]));
	latch->nr[i] = nr;
	memset(&latch->slot[i], 0, sizeof(latch->slot[0]));
	latch->len++;
	return &latch->slot[i];
}

bool exit_trace_latch(struct exit_trace_latch *to, struct exit_trace_vm *vm,
		      const struct exit_trace_vcpu *only)
{
	const struct exit_trace_counts *counts = &vm->scratch;
	const struct exit_trace_vcpu *trace;
	bool whole = true;
	u32 i;

	memset(to, 0, offsetof(struct exit_trace_latch, nr));
	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		if (only && trace != only)
			continue;
		whole &= exit_trace_copy(&vm->scratch, trace);
		exit_trace_add(&to->sum, &counts->sum);
		for (i = 0; i < EXIT_TRACE_SLOTS; i++)
			if (counts->slot[i].count)
				exit_trace_add(exit_trace_latch_slot(to, i), &counts->slot[i]);
		cond_resched(); /* a VM may have 1,024 */
	}
	return whole;
}

/*
 * The phase log
 */

/* Store those of a vCPU's slots that changed up to mark @entry.  False: there is no room. */
static bool exit_trace_log_store(struct exit_trace_log *log, u32 entry,
				 const struct exit_trace_counts *counts)
{
	u32 i, begin = entry ? log->end[entry - 1] : 0, end = begin;
	const struct exit_trace_slot *last;

	for (i = 0; i < EXIT_TRACE_SLOTS; i++) {
		if (!counts->slot[i].count)
			continue;
		last = exit_trace_log_find(log, begin, i);
		if (last && !memcmp(last, &counts->slot[i], sizeof(*last)))
			continue;
		if (end >= EXIT_TRACE_LOG_SLOTS)
			return false;
		log->nr[end] = i;
		log->slot[end++] = counts->slot[i];
	}
	log->end[entry] = end;
	log->guest[entry] = counts->sum.cycles[KVM_EXIT_TRACE_CLOCK_GUEST];
	log->elapsed[entry] = counts->sum.cycles[KVM_EXIT_TRACE_CLOCK_ELAPSED];
	return true;
}

/* A mark that does not fit leaves @log_len as it is: what it stored is part of no mark. */
struct exit_trace_mark *exit_trace_mark(struct exit_trace_vm *vm, struct kvm_vcpu *vcpu,
					u32 vcpu_idx, u8 phase)
{
	struct exit_trace_mark *mark = &vm->log[vm->log_len];
	struct exit_trace_vcpu *trace;
	/* If one mark did not fit, no later one will: no slot changes back. */
	bool room = !vm->log_dropped && vm->log_len < EXIT_TRACE_LOG_CAPACITY;
	u64 total = 0;

	for (trace = READ_ONCE(vm->vcpus); trace && room; trace = READ_ONCE(trace->next)) {
		/* pairs with exit_trace_induced_add() */
		struct exit_trace_induced *induced = smp_load_acquire(&trace->induced);

		if (induced)
			induced->log[vm->log_len] = READ_ONCE(induced->count);
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
	mark->vcpu_idx = vcpu_idx;
	mark->guest_tsc = kvm_read_l1_tsc(vcpu, rdtsc());
	mark->total = total;
	vm->log_len++;
	return mark;
}

bool __exit_trace_port(struct kvm_vcpu *vcpu, u8 phase)
{
	struct exit_trace_vm *vm = vcpu->kvm->arch.exit_trace;

	if (!exit_trace_answers(vcpu))
		return false;
	mutex_lock(&vm->lock);
	exit_trace_mark(vm, vcpu, vcpu->vcpu_idx, phase);
	mutex_unlock(&vm->lock);
	return true;
}
