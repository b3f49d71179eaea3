/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tracer's own files share: a VM's data, and how to read its counters.
 */
#ifndef __KVM_X86_EXIT_TRACE_VM_H
#define __KVM_X86_EXIT_TRACE_VM_H

#include <linux/mutex.h>

#include "exit_trace.h"

#define EXIT_TRACE_LATCH_TRIES	16

/* The vCPUs' own logs have their counts at this mark. */
struct exit_trace_mark {
	u32 phase;
	u32 vcpu_idx;
	u64 guest_tsc;
	u64 total;
};

/**
 * struct exit_trace_vm - one VM's tracer
 * @vcpus: list of the vCPUs' counters; it only grows
 * @nr_vcpus: its length
 * @vendor: KVM_EXIT_TRACE_VENDOR_*
 * @epoch: how often the host had switched tracing on when these counters began
 * @began: when these counters began, in nanoseconds since 1970
 * @flags: KVM_EXIT_TRACE_FLAG_*
 * @on: the VM is traced
 * @observer: the vCPU that read its own exits last, leaf 0x4FFFFF0C
 * @induced: the exits that @observer causes to others are known from @began on
 * @probing: these exits are being counted now
 * @lock: protects the members below, and the vCPUs' latches and logs
 * @scratch: one vCPU's part of a snapshot
 * @log_len: marks stored
 * @log_dropped: marks for which the log had no room
 * @log: the phase log
 */
struct exit_trace_vm {
	struct exit_trace_vcpu *vcpus;
	u32 nr_vcpus;
	u32 vendor;
	u32 epoch;
	u64 began;
	u32 flags;
	bool on;
	struct kvm_vcpu *observer;
	bool induced;
	bool probing;

	struct mutex lock; /* see above */
	struct exit_trace_counts scratch;
	u32 log_len;
	u32 log_dropped;
	struct exit_trace_mark log[EXIT_TRACE_LOG_CAPACITY];
};

/* Add a slot, or a sum of slots, to another, with the clocks that both have. */
#define exit_trace_add(to, from)					\
do {									\
	typeof(to) __to = (to);						\
	typeof(from) __from = (from);					\
	int __i;							\
									\
	__to->count += __from->count;					\
	for (__i = 0; __i < min(ARRAY_SIZE(__to->cycles),		\
				ARRAY_SIZE(__from->cycles)); __i++)	\
		__to->cycles[__i] += __from->cycles[__i];		\
} while (0)

/**
 * exit_trace_copy - copy a vCPU's counters as of one moment between two of its exits
 * @to: the copy
 * @trace: the vCPU's counters; the vCPU may go on running
 *
 * Return: false if the vCPU exited too fast for that.  The sum is then that of
 * the slots as they were read.
 */
bool exit_trace_copy(struct exit_trace_counts *to, const struct exit_trace_vcpu *trace);

/**
 * exit_trace_latch - take a snapshot of one vCPU, or of all together
 * @to: the snapshot; slots for which it has no room are added to
 *	KVM_EXIT_TRACE_SLOT_OTHER
 * @vm: the VM, whose lock the caller holds
 * @only: the vCPU; NULL: all of them
 *
 * Return: false if a vCPU exited too fast, as in exit_trace_copy().
 */
bool exit_trace_latch(struct exit_trace_latch *to, struct exit_trace_vm *vm,
		      const struct exit_trace_vcpu *only);

static __always_inline const struct exit_trace_live *
exit_trace_live(const struct exit_trace_vcpu *trace)
{
	return &trace->vcpu->arch.exit_trace_live;
}

/* How many exits of a slot took 2^@bucket to 2^(@bucket + 1) - 1 cycles */
static inline u32 exit_trace_bucket(const struct exit_trace_histogram *histogram, u32 slot,
				    u32 bucket)
{
	return READ_ONCE(histogram->bucket[slot * EXIT_TRACE_ROW + bucket]);
}

/* A vCPU's exits up to now */
static __always_inline u64 exit_trace_total(const struct exit_trace_vcpu *trace)
{
	return READ_ONCE(exit_trace_live(trace)->exits);
}

/* The TSC up to which the clocks have been charged, less their cycles before the first exit */
static inline u64 exit_trace_charged(const struct exit_trace_live *live)
{
	u64 charged = READ_ONCE(live->since);
	int i;

	for (i = 0; i < KVM_EXIT_TRACE_NR_CLOCKS; i++)
		charged -= READ_ONCE(live->before.cycles[i]);
	return charged;
}

/*
 * A live vCPU's two clocks without slots, in cycles, up to the moment to which
 * its other clocks are charged.  If the vCPU is in the guest, that is now.
 */
static inline void exit_trace_times(const struct exit_trace_vcpu *trace, u64 *guest, u64 *elapsed)
{
	const struct exit_trace_live *live = exit_trace_live(trace);
	int tries = EXIT_TRACE_LATCH_TRIES;
	u64 since, guest_before, now;

	do {	/* until no exit comes in between, and no repair after the TSC went back */
		since = READ_ONCE(live->since);
		smp_rmb(); /* pairs with __exit_trace_back(), as does the next one */
		*elapsed = exit_trace_charged(live);
		*guest = READ_ONCE(live->guest);
		guest_before = READ_ONCE(live->guest_before);
		smp_rmb(); /* see above */
	} while ((since == EXIT_TRACE_TSC_BACK || since != READ_ONCE(live->since)) && --tries);

	if ((s64)*guest < 0) {
		/* The TSC of this CPU may be behind that of the vCPU's CPU. */
		now = max(rdtsc(), since);
		*elapsed += now - since;
		*guest += now;
	}
	*guest += guest_before;
	*elapsed -= live->origin;
}

/* A live vCPU's cycles on one clock, over all its slots */
static inline u64 exit_trace_cycles(const struct exit_trace_vcpu *trace, u32 clock)
{
	const struct exit_trace_live *live = exit_trace_live(trace);
	u64 guest, elapsed, sum = 0;
	int i;

	if (clock == KVM_EXIT_TRACE_CLOCK_KVM)
		return READ_ONCE(live->kvm) - READ_ONCE(live->before.cycles[clock]);
	if (clock < KVM_EXIT_TRACE_NR_CLOCKS) {
		for (i = 0; i < EXIT_TRACE_SLOTS; i++)
			sum += READ_ONCE(trace->slot[i].cycles[clock]);
		return sum;
	}

	exit_trace_times(trace, &guest, &elapsed);
	return clock == KVM_EXIT_TRACE_CLOCK_GUEST ? guest : elapsed;
}

/**
 * exit_trace_mark - end a phase
 * @vm: the VM, whose lock the caller holds
 * @vcpu: the vCPU whose TSC dates the mark
 * @vcpu_idx: the index of the vCPU that marks, or KVM_EXIT_TRACE_MARK_HOST
 * @phase: the phase that ends
 *
 * Return: the new mark, or NULL if the log, or a vCPU's part of it, is full.
 */
struct exit_trace_mark *exit_trace_mark(struct exit_trace_vm *vm, struct kvm_vcpu *vcpu,
					u32 vcpu_idx, u8 phase);

/* The last entry that a vCPU's log has for a slot before place @end, or NULL */
static inline const struct exit_trace_slot *exit_trace_log_find(const struct exit_trace_log *log,
								u32 end, u32 slot)
{
	while (end--)
		if (log->nr[end] == slot)
			return &log->slot[end];
	return NULL;
}

/**
 * exit_trace_slot_name - name a slot's exit reason as the uapi headers do
 * @svm: true for SVM, false for VMX
 * @slot: the slot, below KVM_EXIT_TRACE_NR_SLOTS
 *
 * Return: the name, or NULL if the headers have none.
 */
const char *exit_trace_slot_name(bool svm, u32 slot);

/* Runs in place of the vendor's vcpu_run() while exit_trace_page is on: exit_trace_page.c */
enum exit_fastpath_completion exit_trace_vcpu_run(struct kvm_vcpu *vcpu, u64 run_flags);
DECLARE_STATIC_CALL(exit_trace_stock_run, exit_trace_vcpu_run); /* the vendor's vcpu_run() */

/** exit_trace_debugfs_switch - make a VM's directory, with its switch, unless it has one */
void exit_trace_debugfs_switch(struct kvm *kvm);

/** exit_trace_debugfs_init - make the other files of a VM, which has counters now */
void exit_trace_debugfs_init(struct kvm *kvm);

/** exit_trace_stats_init - find out, once, which slots have statistics of their own */
void exit_trace_stats_init(void);

/* Parameters: the optional counts that a vCPU gets when it begins to be traced */
extern bool exit_trace_histogram_on;
extern bool exit_trace_sites_on;
extern bool exit_trace_induced_on; /* for a whole VM, when it is switched on */

/** exit_trace_induced_begin - count the exits that a VM's observer causes, if wanted */
void exit_trace_induced_begin(struct exit_trace_vm *vm);

/** exit_trace_induced_add - count these exits for one vCPU, which is not traced yet */
void exit_trace_induced_add(struct exit_trace_vm *vm, struct exit_trace_vcpu *trace);

/** exit_trace_induced_end - stop counting for a VM that is switched off, or goes; may sleep */
void exit_trace_induced_end(struct exit_trace_vm *vm);

/* Is a vCPU's number of induced exits known?  Its file leaves it out if not. */
static inline bool exit_trace_has_induced(const struct exit_trace_vm *vm,
					  const struct exit_trace_vcpu *trace)
{
	/* pairs with exit_trace_induced_add() */
	return READ_ONCE(vm->induced) && smp_load_acquire(&trace->induced);
}

/**
 * exit_trace_attach - give counters to a VM, and to those of its vCPUs that have none
 * @kvm: the VM
 *
 * Return: 0, or -ENOMEM.  After -ENOMEM, the first few vCPUs may have counters.
 */
int exit_trace_attach(struct kvm *kvm);

/** exit_trace_reset - zero a VM's counters; it must be off, with none of its vCPUs in a hook */
void exit_trace_reset(struct exit_trace_vm *vm);

/**
 * exit_trace_set_vm - switch tracing of one VM
 * @kvm: the VM, to which the caller has a reference
 * @on: true to trace it, false to stop
 *
 * Return: 0, or -ENOMEM.
 */
int exit_trace_set_vm(struct kvm *kvm, bool on);

#endif /* __KVM_X86_EXIT_TRACE_VM_H */
