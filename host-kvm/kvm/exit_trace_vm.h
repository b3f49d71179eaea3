/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the tracer's own files: what a VM has, and how its counters are read.
 */
#ifndef __KVM_X86_EXIT_TRACE_VM_H
#define __KVM_X86_EXIT_TRACE_VM_H

#include <linux/mutex.h>

#include "exit_trace.h"

#define EXIT_TRACE_LATCH_TRIES	16

/* What the vCPUs had counted then is in their own logs. */
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
 * @epoch: how often tracing had been switched on when this VM's counters began
 * @began: when that was, in nanoseconds since 1970
 * @flags: KVM_EXIT_TRACE_FLAG_*
 * @on: it is traced
 * @observer: the vCPU that has asked for its own exits last, leaf 0x4FFFFF0C
 * @induced: what it brings to the others has been counted since @began
 * @probing: and goes on being counted
 * @lock: protects what follows, and the vCPUs' latches and logs
 * @scratch: one vCPU's part of a snapshot
 * @log_len: marks stored
 * @log_dropped: marks that found the log full
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

/* Add a slot, or a sum of them, to another; of the clocks those that both have. */
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
 * @to: filled in
 * @trace: the vCPU's; it may go on running
 *
 * Return: false if the vCPU exited too fast for that: the sum is then that of
 * the slots as they were read.
 */
bool exit_trace_copy(struct exit_trace_counts *to, const struct exit_trace_vcpu *trace);

/**
 * exit_trace_latch - a snapshot of one vCPU, or of all together
 * @to: filled in; a slot that finds no room is added to KVM_EXIT_TRACE_SLOT_OTHER
 * @vm: the VM, whose lock the caller holds
 * @only: of which vCPU; NULL: of all
 *
 * Return: false if a vCPU exited too fast, as exit_trace_copy().
 */
bool exit_trace_latch(struct exit_trace_latch *to, struct exit_trace_vm *vm,
		      const struct exit_trace_vcpu *only);

static __always_inline const struct exit_trace_live *
exit_trace_live(const struct exit_trace_vcpu *trace)
{
	return &trace->vcpu->arch.exit_trace_live;
}

/* How many exits of a slot took 2^@bucket cycles and more */
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

/* Up to when the clocks have been charged, less what they had before the first exit */
static inline u64 exit_trace_charged(const struct exit_trace_live *live)
{
	u64 charged = READ_ONCE(live->since);
	int i;

	for (i = 0; i < KVM_EXIT_TRACE_NR_CLOCKS; i++)
		charged -= READ_ONCE(live->before.cycles[i]);
	return charged;
}

/*
 * A live vCPU's clocks that have no slot, up to when the others are charged: to
 * now if it is in the guest.
 */
static inline void exit_trace_times(const struct exit_trace_vcpu *trace, u64 *guest, u64 *elapsed)
{
	const struct exit_trace_live *live = exit_trace_live(trace);
	int tries = EXIT_TRACE_LATCH_TRIES;
	u64 since, guest_before, now;

	do {	/* not from before and after an exit, nor while it is seen that the TSC went back */
		since = READ_ONCE(live->since);
		smp_rmb(); /* pairs with __exit_trace_back(), as below */
		*elapsed = exit_trace_charged(live);
		*guest = READ_ONCE(live->guest);
		guest_before = READ_ONCE(live->guest_before);
		smp_rmb(); /* see above */
	} while ((since == EXIT_TRACE_TSC_BACK || since != READ_ONCE(live->since)) && --tries);

	if ((s64)*guest < 0) {
		/* The TSC here may be behind the vCPU's. */
		now = max(rdtsc(), since);
		*elapsed += now - since;
		*guest += now;
	}
	*guest += guest_before;
	*elapsed -= live->origin;
}

/* One of a live vCPU's clocks over all its slots */
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
 * @vcpu: by whose TSC the mark is dated
 * @vcpu_idx: the index of the one that marks, or KVM_EXIT_TRACE_MARK_HOST
 * @phase: the phase that ends
 *
 * Return: the new mark, or NULL if the log, or a vCPU's part of it, is full.
 */
struct exit_trace_mark *exit_trace_mark(struct exit_trace_vm *vm, struct kvm_vcpu *vcpu,
					u32 vcpu_idx, u8 phase);

/* What a vCPU's log had of a slot at place @end, or NULL */
static inline const struct exit_trace_slot *exit_trace_log_find(const struct exit_trace_log *log,
								u32 end, u32 slot)
{
	while (end--)
		if (log->nr[end] == slot)
			return &log->slot[end];
	return NULL;
}

/**
 * exit_trace_slot_name - what the uapi headers call the reason that a slot counts
 * @svm: of SVM, or else of VMX
 * @slot: the slot, below KVM_EXIT_TRACE_NR_SLOTS
 *
 * Return: the name, or NULL if they have none.
 */
const char *exit_trace_slot_name(bool svm, u32 slot);

/* What runs in place of KVM's own while exit_trace_page is on: exit_trace_page.c */
enum exit_fastpath_completion exit_trace_vcpu_run(struct kvm_vcpu *vcpu, u64 run_flags);
DECLARE_STATIC_CALL(exit_trace_stock_run, exit_trace_vcpu_run); /* KVM's own */

/** exit_trace_debugfs_switch - make a VM's directory, with its switch, unless it has one */
void exit_trace_debugfs_switch(struct kvm *kvm);

/** exit_trace_debugfs_init - make the other files, too, of a VM that has counters now */
void exit_trace_debugfs_init(struct kvm *kvm);

/** exit_trace_stats_init - find out, once, which slots have statistics of their own */
void exit_trace_stats_init(void);

/* Parameters: what a vCPU that begins to be traced gets beside its counters */
extern bool exit_trace_histogram_on;
extern bool exit_trace_sites_on;
extern bool exit_trace_induced_on; /* so does a VM */

/** exit_trace_induced_begin - a VM is switched on: count what its observer brings, if wanted */
void exit_trace_induced_begin(struct exit_trace_vm *vm);

/** exit_trace_induced_add - count it for a vCPU, too, which is off yet */
void exit_trace_induced_add(struct exit_trace_vm *vm, struct exit_trace_vcpu *trace);

/** exit_trace_induced_end - a VM is switched off, or goes; may sleep */
void exit_trace_induced_end(struct exit_trace_vm *vm);

/* What a vCPU's file says of it; false: it is not known */
static inline bool exit_trace_has_induced(const struct exit_trace_vm *vm,
					  const struct exit_trace_vcpu *trace)
{
	return READ_ONCE(vm->induced) && smp_load_acquire(&trace->induced);
}

/**
 * exit_trace_attach - give counters to a VM, and to those vCPUs of it that have none
 * @kvm: the VM
 *
 * Return: 0, or -ENOMEM, and then the first of its vCPUs may have some.
 */
int exit_trace_attach(struct kvm *kvm);

/** exit_trace_reset - set a VM to zero that is off, and of which no vCPU is in a hook */
void exit_trace_reset(struct exit_trace_vm *vm);

/**
 * exit_trace_set_vm - switch tracing of one VM
 * @kvm: the VM, of which the caller has a reference
 * @on: or off
 *
 * Return: 0, or -ENOMEM.
 */
int exit_trace_set_vm(struct kvm *kvm, bool on);

#endif /* __KVM_X86_EXIT_TRACE_VM_H */
