// SPDX-License-Identifier: GPL-2.0-only
/*
 * Count VM exits, and answer the guest's questions about them.
 *
 * A VM's counters are allocated when tracing is switched on or when its first
 * vCPU is created while it is on, never on request of a guest, and live as
 * long as the VM.
 */
#include <linux/bits.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <kvm/iodev.h>
#include <asm/tsc.h>
#include <asm/vmx.h>

#include "x86.h"
#include "trace.h"

#define EXIT_TRACE_LATCH_TRIES	16
#define EXIT_TRACE_ANY		(~0u)	/* vCPU */

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
 * @epoch: the time that this VM's counters were set to zero last
 * @flags: KVM_EXIT_TRACE_FLAG_*
 * @port: the mark port on the VM's I/O bus
 * @lock: protects what follows, and the vCPUs' latches and logs
 * @scratch: one vCPU's part of a snapshot of them all
 * @log_len: marks stored
 * @log_dropped: marks that found the log full
 * @log: the phase log
 */
struct exit_trace_vm {
	struct exit_trace_vcpu *vcpus;
	u32 nr_vcpus;
	u32 vendor;
	u32 epoch;
	u32 flags;
	struct kvm_io_device port;

	struct mutex lock; /* see above */
	struct exit_trace_counts scratch;
	u32 log_len;
	u32 log_dropped;
	struct exit_trace_mark log[EXIT_TRACE_LOG_CAPACITY];
};

DEFINE_STATIC_KEY_FALSE(exit_trace_key);
EXPORT_SYMBOL_GPL(exit_trace_key);

/* Serializes switching with the attaching of VMs; outside of all KVM locks. */
static DEFINE_MUTEX(exit_trace_lock);
static bool exit_trace_on;
static u32 exit_trace_epoch;

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
	if (trace && trace->current_slot && trace->clock == from) {
		now = rdtsc();
		exit_trace_charge(trace, from, now);
		trace->since = now;
		trace->clock = to;
	}
	preempt_enable();
}

/*
 * Snapshots
 */

static void exit_trace_add(struct exit_trace_slot *to,
			   const struct exit_trace_slot *from)
{
	int i;

	to->count += from->count;
	for (i = 0; i < KVM_EXIT_TRACE_NR_CLOCKS; i++)
		to->cycles[i] += from->cycles[i];
}

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
 * Copy a vCPU's counters as of one moment between two of its exits.  A slot is
 * counted before the total is, so slots that were read after the total and
 * add up to it are those of the moment when it was read.  Only the slots in
 * use are read in between, which takes less time than an exit.  Returns false
 * if the vCPU still exited too fast: the sum is then that of the slots as read.
 */
static bool exit_trace_copy(struct exit_trace_counts *to,
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
		if (to->sum.count == total)
			return true;
	}
	return false;
}

/* The same for all vCPUs together; the caller holds vm->lock. */
static bool exit_trace_copy_all(struct exit_trace_counts *to,
				struct exit_trace_vm *vm)
{
	struct exit_trace_vcpu *trace;
	bool whole = true;
	int i;

	memset(to, 0, sizeof(*to));
	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		whole &= exit_trace_copy(&vm->scratch, trace);
		exit_trace_add(&to->sum, &vm->scratch.sum);
		for (i = 0; i < KVM_EXIT_TRACE_NR_SLOTS; i++)
			if (vm->scratch.slot[i].count)
				exit_trace_add(&to->slot[i], &vm->scratch.slot[i]);
	}
	return whole;
}

/*
 * The phase log
 */

/* Where mark @entry begins in a vCPU's log; a later vCPU has nothing of it. */
static u32 exit_trace_log_begin(const struct exit_trace_log *log, u32 entry)
{
	return entry ? log->end[entry - 1] : 0;
}

/* Store a vCPU's slots in use as mark @entry; false if there's no room. */
static bool exit_trace_log_store(struct exit_trace_log *log, u32 entry,
				 const struct exit_trace_counts *counts)
{
	u32 i, end = exit_trace_log_begin(log, entry);

	for (i = 0; i < KVM_EXIT_TRACE_NR_SLOTS; i++) {
		if (!counts->slot[i].count)
			continue;
		if (end >= EXIT_TRACE_LOG_SLOTS)
			return false;
		log->slot[end].nr = i;
		log->slot[end++].counts = counts->slot[i];
	}
	log->end[entry] = end;
	return true;
}

/* What mark @entry has of a slot, or of all, summed over it */
static struct exit_trace_slot exit_trace_log_sum(const struct exit_trace_log *log,
						 u32 entry, u32 slot)
{
	struct exit_trace_slot sum = { };
	u32 i;

	for (i = exit_trace_log_begin(log, entry); i < log->end[entry]; i++)
		if (slot == KVM_EXIT_TRACE_SLOT_SUM || slot == log->slot[i].nr)
			exit_trace_add(&sum, &log->slot[i].counts);
	return sum;
}

/*
 * Returns the new mark, or NULL if the log, or a vCPU's part of it, is full:
 * what was stored of it then is written over by the next.  The caller holds
 * vm->lock.
 */
static struct exit_trace_mark *exit_trace_mark(struct kvm_vcpu *vcpu,
					       struct exit_trace_vm *vm, u8 phase)
{
	struct exit_trace_mark *mark = &vm->log[vm->log_len];
	struct exit_trace_vcpu *trace;
	bool room = vm->log_len < EXIT_TRACE_LOG_CAPACITY;
	u64 total = 0;

	for (trace = READ_ONCE(vm->vcpus); trace && room; trace = READ_ONCE(trace->next)) {
		exit_trace_copy(&vm->scratch, trace);
		total += vm->scratch.sum.count;
		room = exit_trace_log_store(&trace->log, vm->log_len, &vm->scratch);
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

static int exit_trace_port_write(struct kvm_vcpu *vcpu,
				 struct kvm_io_device *port, gpa_t addr,
				 int len, const void *val)
{
	struct exit_trace_vm *vm = container_of(port, struct exit_trace_vm, port);

	if (!exit_trace_enabled() || len != 1)
		return -EOPNOTSUPP;

	mutex_lock(&vm->lock);
	exit_trace_mark(vcpu, vm, *(const u8 *)val);
	mutex_unlock(&vm->lock);
	return 0;
}

static const struct kvm_io_device_ops exit_trace_port_ops = {
	.write = exit_trace_port_write,
};

/*
 * Answers: docs/abi.md, section 3
 */

static struct cpuid_regs exit_trace_undefined(void)
{
	return (struct cpuid_regs) { .edx = KVM_EXIT_TRACE_UNDEFINED };
}

static struct cpuid_regs exit_trace_pair(u64 count, u64 cycles)
{
	return (struct cpuid_regs) {
		.eax = lower_32_bits(count),
		.ebx = upper_32_bits(count),
		.ecx = lower_32_bits(cycles),
		.edx = upper_32_bits(cycles),
	};
}

/*
 * The slot of an exit reason which the vendor's manual defines, or NR_SLOTS.
 * SDM vol. 3, table C-1; APM vol. 2, table C-1.
 */
static u32 exit_trace_reason_slot(const struct exit_trace_vm *vm, u32 reason)
{
	static const u64 vmx_defined[] = {
		~(BIT_ULL(35) | BIT_ULL(38) | BIT_ULL(42)),
		GENMASK_ULL(81 - 64, 0) & ~BIT_ULL(71 - 64),
	};

	if (vm->vendor == KVM_EXIT_TRACE_VENDOR_SVM) {
		if (reason <= 0xa6 || (reason >= SVM_EXIT_NPF &&
				       reason <= SVM_EXIT_VMGEXIT) ||
		    reason == (u32)SVM_EXIT_ERR)
			return exit_trace_svm_slot(reason);
		return KVM_EXIT_TRACE_NR_SLOTS;
	}

	if (reason >= KVM_EXIT_TRACE_VMX_DIRECT)
		return KVM_EXIT_TRACE_NR_SLOTS;
	reason = array_index_nospec(reason, KVM_EXIT_TRACE_VMX_DIRECT);
	if (!(vmx_defined[reason / 64] & BIT_ULL(reason % 64)))
		return KVM_EXIT_TRACE_NR_SLOTS;
	return reason;
}

static struct cpuid_regs exit_trace_leaf_reason(const struct exit_trace_vm *vm,
						u32 reason)
{
	u32 slot = exit_trace_reason_slot(vm, reason);
	const struct exit_trace_vcpu *trace;
	u64 count = 0;

	if (slot >= KVM_EXIT_TRACE_NR_SLOTS)
		return exit_trace_undefined();

	slot = array_index_nospec(slot, KVM_EXIT_TRACE_NR_SLOTS);
	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next))
		count += READ_ONCE(trace->counts.slot[slot].count);
	return exit_trace_pair(count, 0);
}

static struct cpuid_regs exit_trace_leaf_slot(const struct exit_trace_vm *vm,
					      u32 slot)
{
	bool svm = vm->vendor == KVM_EXIT_TRACE_VENDOR_SVM;
	u32 direct = svm ? KVM_EXIT_TRACE_SVM_DIRECT : KVM_EXIT_TRACE_VMX_DIRECT;
	u32 high = slot - KVM_EXIT_TRACE_SVM_DIRECT;
	struct cpuid_regs regs = { };

	if (slot >= KVM_EXIT_TRACE_NR_SLOTS)
		return exit_trace_undefined();

	if (slot < direct) {
		regs.eax = slot;
		regs.ebx = KVM_EXIT_TRACE_KIND_HARDWARE;
	} else if (svm && high < KVM_EXIT_TRACE_SVM_HIGH_COUNT) {
		regs.eax = KVM_EXIT_TRACE_SVM_HIGH_BASE + high;
		regs.ebx = KVM_EXIT_TRACE_KIND_HARDWARE;
	} else if (svm && slot == KVM_EXIT_TRACE_SLOT_INVALID) {
		regs.eax = SVM_EXIT_ERR;
		regs.ebx = KVM_EXIT_TRACE_KIND_HARDWARE;
	} else if (!svm && (slot == KVM_EXIT_TRACE_SLOT_EMULATION ||
			    slot == KVM_EXIT_TRACE_SLOT_VMFAIL)) {
		regs.ebx = KVM_EXIT_TRACE_KIND_SYNTHETIC;
	} else if (slot == KVM_EXIT_TRACE_SLOT_OTHER) {
		regs.ebx = KVM_EXIT_TRACE_KIND_OTHER;
	}
	return regs;
}

static struct exit_trace_vcpu *exit_trace_find(const struct exit_trace_vm *vm,
					       u32 idx)
{
	struct exit_trace_vcpu *trace = READ_ONCE(vm->vcpus);

	while (trace && idx--)
		trace = READ_ONCE(trace->next);
	return trace;
}

static struct cpuid_regs exit_trace_leaf_vcpu(struct kvm_vcpu *vcpu,
					      const struct exit_trace_vm *vm,
					      u32 idx)
{
	const struct exit_trace_vcpu *trace = exit_trace_find(vm, idx);

	if (!trace)
		return exit_trace_undefined();
	return (struct cpuid_regs) {
		.eax = trace->vcpu->vcpu_id,
		.ebx = trace->vcpu == vcpu,
	};
}

/*
 * Which slot, or SLOT_SUM, and which clock bits 11:0 of @index ask for; false
 * if there is no such.
 */
static bool exit_trace_parse(u32 index, u32 *slot, u32 *clock)
{
	*clock = (index & KVM_EXIT_TRACE_INDEX_CLOCK) >> KVM_EXIT_TRACE_CLOCK_SHIFT;
	*slot = index & KVM_EXIT_TRACE_INDEX_SLOT;
	if (*clock >= KVM_EXIT_TRACE_NR_CLOCKS)
		return false;
	*clock = array_index_nospec(*clock, KVM_EXIT_TRACE_NR_CLOCKS);

	if (*slot == KVM_EXIT_TRACE_SLOT_SUM)
		return true;
	if (*slot >= KVM_EXIT_TRACE_NR_SLOTS)
		return false;
	*slot = array_index_nospec(*slot, KVM_EXIT_TRACE_NR_SLOTS);
	return true;
}

static const struct exit_trace_slot *
exit_trace_slot_of(const struct exit_trace_counts *counts, u32 slot)
{
	return slot == KVM_EXIT_TRACE_SLOT_SUM ? &counts->sum : &counts->slot[slot];
}

static struct cpuid_regs exit_trace_leaf_read(const struct exit_trace_vm *vm,
					      u32 index)
{
	u32 owner = index >> KVM_EXIT_TRACE_OWNER_SHIFT;
	const struct exit_trace_vcpu *trace;
	const struct exit_trace_slot *from;
	u64 count = 0, cycles = 0;
	bool found = false;
	u32 slot, clock, idx = 0;

	if (index & KVM_EXIT_TRACE_INDEX_RESERVED ||
	    !exit_trace_parse(index, &slot, &clock))
		return exit_trace_undefined();

	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		if (owner != KVM_EXIT_TRACE_ALL_VCPUS && owner != idx++)
			continue;
		from = exit_trace_slot_of(&trace->counts, slot);
		count += READ_ONCE(from->count);
		cycles += READ_ONCE(from->cycles[clock]);
		found = true;
	}
	return found ? exit_trace_pair(count, cycles) : exit_trace_undefined();
}

static struct cpuid_regs exit_trace_leaf_own(const struct exit_trace_vcpu *self,
					     const struct exit_trace_vm *vm)
{
	const struct exit_trace_vcpu *trace;
	u64 others = 0;

	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next))
		if (trace != self)
			others += READ_ONCE(trace->counts.sum.count);
	return exit_trace_pair(self->counts.sum.count, others);
}

static struct cpuid_regs exit_trace_leaf_latch(struct exit_trace_vcpu *self,
					       struct exit_trace_vm *vm, u32 owner)
{
	const struct exit_trace_vcpu *trace;
	struct cpuid_regs regs;
	bool whole;

	if (owner == KVM_EXIT_TRACE_ALL_VCPUS) {
		whole = exit_trace_copy_all(&self->latch, vm);
	} else {
		trace = exit_trace_find(vm, owner);
		if (!trace)
			return exit_trace_undefined();
		whole = exit_trace_copy(&self->latch, trace);
	}

	regs = exit_trace_pair(self->latch.sum.count, 0);
	regs.ecx = whole ? 0 : KVM_EXIT_TRACE_LATCH_TORN;
	return regs;
}

static struct cpuid_regs exit_trace_leaf_mark(struct kvm_vcpu *vcpu,
					      struct exit_trace_vm *vm, u32 phase)
{
	struct exit_trace_mark *mark;

	if (phase > U8_MAX)
		return exit_trace_undefined();

	mark = exit_trace_mark(vcpu, vm, phase);
	if (!mark)
		return exit_trace_undefined();
	return (struct cpuid_regs) {
		.eax = mark - vm->log,
		.ebx = lower_32_bits(mark->total),
		.ecx = upper_32_bits(mark->total),
	};
}

static struct cpuid_regs exit_trace_leaf_log_entry(const struct exit_trace_vm *vm,
						   u32 entry)
{
	const struct exit_trace_mark *mark;

	if (entry >= vm->log_len)
		return exit_trace_undefined();

	mark = &vm->log[array_index_nospec(entry, EXIT_TRACE_LOG_CAPACITY)];
	return (struct cpuid_regs) {
		.eax = mark->phase,
		.ebx = mark->vcpu_idx,
		.ecx = lower_32_bits(mark->guest_tsc),
		.edx = upper_32_bits(mark->guest_tsc),
	};
}

static struct cpuid_regs exit_trace_leaf_read_latch(const struct exit_trace_vcpu *self,
						    u32 index)
{
	const struct exit_trace_slot *from;
	u32 slot, clock;

	if (index >> KVM_EXIT_TRACE_OWNER_SHIFT ||
	    index & KVM_EXIT_TRACE_INDEX_RESERVED ||
	    !exit_trace_parse(index, &slot, &clock))
		return exit_trace_undefined();
	from = exit_trace_slot_of(&self->latch, slot);
	return exit_trace_pair(from->count, from->cycles[clock]);
}

/* @idx: one vCPU's part of the mark, or EXIT_TRACE_ANY */
static struct cpuid_regs exit_trace_leaf_read_log(const struct exit_trace_vm *vm,
						  u32 entry, u32 idx, u32 index)
{
	const struct exit_trace_vcpu *trace;
	struct exit_trace_slot sum = { }, part;
	u32 slot, clock, i = 0;
	bool found = false;

	if (entry >= vm->log_len || !exit_trace_parse(index, &slot, &clock))
		return exit_trace_undefined();
	entry = array_index_nospec(entry, EXIT_TRACE_LOG_CAPACITY);

	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		if (idx != EXIT_TRACE_ANY && idx != i++)
			continue;
		part = exit_trace_log_sum(&trace->log, entry, slot);
		exit_trace_add(&sum, &part);
		found = true;
	}
	return found ? exit_trace_pair(sum.count, sum.cycles[clock]) :
		       exit_trace_undefined();
}

/* Leaves that read or write what vm->lock protects */
static struct cpuid_regs exit_trace_locked(struct kvm_vcpu *vcpu,
					   struct exit_trace_vcpu *self,
					   struct exit_trace_vm *vm,
					   u32 leaf, u32 index)
{
	switch (leaf) {
	case KVM_EXIT_TRACE_LEAF_LATCH:
		return exit_trace_leaf_latch(self, vm, index);
	case KVM_EXIT_TRACE_LEAF_READ_LATCH:
		return exit_trace_leaf_read_latch(self, index);
	case KVM_EXIT_TRACE_LEAF_MARK:
		return exit_trace_leaf_mark(vcpu, vm, index);
	case KVM_EXIT_TRACE_LEAF_LOG:
		return (struct cpuid_regs) { vm->log_len, EXIT_TRACE_LOG_CAPACITY,
					     vm->log_dropped, 0 };
	case KVM_EXIT_TRACE_LEAF_LOG_ENTRY:
		return exit_trace_leaf_log_entry(vm, index);
	case KVM_EXIT_TRACE_LEAF_READ_LOG:
		if (index & KVM_EXIT_TRACE_INDEX_RESERVED)
			return exit_trace_undefined();
		return exit_trace_leaf_read_log(vm, index >> KVM_EXIT_TRACE_OWNER_SHIFT,
						EXIT_TRACE_ANY, index);
	case KVM_EXIT_TRACE_LEAF_READ_LOG_VCPU:
		return exit_trace_leaf_read_log(vm, index >> KVM_EXIT_TRACE_ENTRY_SHIFT,
						(index & KVM_EXIT_TRACE_INDEX_VCPU) >>
						KVM_EXIT_TRACE_VCPU_SHIFT, index);
	default:
		return exit_trace_undefined();
	}
}

static noinline struct cpuid_regs
exit_trace_class(struct kvm_vcpu *vcpu, struct exit_trace_vcpu *self,
		 struct exit_trace_vm *vm, u32 leaf, u32 index)
{
	struct cpuid_regs regs;

	switch (leaf) {
	case KVM_EXIT_TRACE_LEAF_SIGNATURE:
		return (struct cpuid_regs) { KVM_EXIT_TRACE_LEAF_MAX,
					     KVM_EXIT_TRACE_SIGNATURE_EBX,
					     KVM_EXIT_TRACE_SIGNATURE_ECX,
					     KVM_EXIT_TRACE_SIGNATURE_EDX };
	case KVM_EXIT_TRACE_LEAF_ABI:
		return (struct cpuid_regs) { KVM_EXIT_TRACE_REVISION, vm->vendor,
					     KVM_EXIT_TRACE_FEATURE_LATCH |
					     KVM_EXIT_TRACE_FEATURE_LOG |
					     KVM_EXIT_TRACE_FEATURE_PORT |
					     KVM_EXIT_TRACE_FEATURE_SPLIT,
					     vm->flags };
	case KVM_EXIT_TRACE_LEAF_SIZE:
		return (struct cpuid_regs) { READ_ONCE(vm->nr_vcpus),
					     KVM_EXIT_TRACE_NR_SLOTS, vm->epoch,
					     tsc_khz };
	case KVM_EXIT_TRACE_LEAF_SLOT:
		return exit_trace_leaf_slot(vm, index);
	case KVM_EXIT_TRACE_LEAF_VCPU:
		return exit_trace_leaf_vcpu(vcpu, vm, index);
	case KVM_EXIT_TRACE_LEAF_READ:
		return exit_trace_leaf_read(vm, index);
	case KVM_EXIT_TRACE_LEAF_OWN:
		return exit_trace_leaf_own(self, vm);
	default:
		mutex_lock(&vm->lock);
		regs = exit_trace_locked(vcpu, self, vm, leaf, index);
		mutex_unlock(&vm->lock);
		return regs;
	}
}

static struct cpuid_regs exit_trace_leaf(struct kvm_vcpu *vcpu,
					 struct exit_trace_vcpu *self,
					 struct exit_trace_vm *vm,
					 u32 leaf, u32 index)
{
	const struct exit_trace_vcpu *trace;
	u64 total = 0, cycles = 0;

	if (leaf < KVM_EXIT_TRACE_LEAF_TOTAL)
		return exit_trace_class(vcpu, self, vm, leaf, index);
	if (leaf == KVM_EXIT_TRACE_LEAF_REASON)
		return exit_trace_leaf_reason(vm, index);

	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		total += READ_ONCE(trace->counts.sum.count);
		cycles += READ_ONCE(trace->counts.sum.cycles[KVM_EXIT_TRACE_CLOCK_KVM]);
	}

	if (leaf == KVM_EXIT_TRACE_LEAF_TOTAL)
		return exit_trace_pair(total, 0);
	if (leaf == KVM_EXIT_TRACE_LEAF_CYCLES)
		total = 0;
	return (struct cpuid_regs) {
		.eax = lower_32_bits(total),
		.ebx = upper_32_bits(cycles),
		.ecx = lower_32_bits(cycles),
		.edx = upper_32_bits(total),
	};
}

bool __exit_trace_cpuid(struct kvm_vcpu *vcpu, u32 *eax, u32 *ebx, u32 *ecx,
			u32 *edx)
{
	struct exit_trace_vcpu *self = vcpu->arch.exit_trace;
	u32 leaf = *eax, index = *ecx;
	struct cpuid_regs regs;

	if (unlikely(!self))
		return false;

	regs = exit_trace_leaf(vcpu, self, vcpu->kvm->arch.exit_trace, leaf, index);
	*eax = regs.eax;
	*ebx = regs.ebx;
	*ecx = regs.ecx;
	*edx = regs.edx;
	trace_kvm_cpuid(leaf, index, *eax, *ebx, *ecx, *edx, true, false);
	return true;
}

/*
 * Attaching and switching: under exit_trace_lock
 */

/* Set to zero, while tracing is off and no vCPU is in a hook. */
static void exit_trace_reset(struct exit_trace_vm *vm)
{
	struct exit_trace_vcpu *trace;

	mutex_lock(&vm->lock);
	for (trace = vm->vcpus; trace; trace = trace->next) {
		trace->current_slot = NULL;
		trace->clock = KVM_EXIT_TRACE_CLOCK_KVM;
		memset(&trace->counts, 0, sizeof(trace->counts));
		memset(&trace->latch, 0, sizeof(trace->latch));
		memset(&trace->log, 0, sizeof(trace->log));
	}
	vm->log_len = 0;
	vm->log_dropped = 0;
	vm->flags &= ~KVM_EXIT_TRACE_FLAG_FROM_START;
	vm->epoch = exit_trace_epoch;
	mutex_unlock(&vm->lock);
}

static int exit_trace_attach_vm(struct kvm *kvm)
{
	struct exit_trace_vm *vm;
	int r;

	vm = kvzalloc(sizeof(*vm), GFP_KERNEL_ACCOUNT);
	if (!vm)
		return -ENOMEM;

	mutex_init(&vm->lock);
	vm->vendor = boot_cpu_has(X86_FEATURE_SVM) ? KVM_EXIT_TRACE_VENDOR_SVM :
						     KVM_EXIT_TRACE_VENDOR_VMX;
	vm->epoch = exit_trace_epoch;
	kvm_iodevice_init(&vm->port, &exit_trace_port_ops);

	mutex_lock(&kvm->slots_lock);
	r = kvm_io_bus_register_dev(kvm, KVM_PIO_BUS, KVM_EXIT_TRACE_PORT, 1,
				    &vm->port);
	mutex_unlock(&kvm->slots_lock);
	if (r) {
		kvfree(vm);
		return r;
	}
	kvm->arch.exit_trace = vm;
	return 0;
}

/* Give counters to the vCPUs that have none, in order of creation. */
static int exit_trace_attach_vcpus(struct kvm *kvm)
{
	struct exit_trace_vm *vm = kvm->arch.exit_trace;
	struct exit_trace_vcpu *trace, **tail = &vm->vcpus;
	struct kvm_vcpu *vcpu;
	unsigned long i;

	kvm_for_each_vcpu(i, vcpu, kvm) {
		trace = vcpu->arch.exit_trace;
		if (!trace) {
			trace = kvzalloc(sizeof(*trace), GFP_KERNEL_ACCOUNT);
			if (!trace) {
				vm->flags |= KVM_EXIT_TRACE_FLAG_INCOMPLETE;
				return -ENOMEM;
			}
			trace->vcpu = vcpu;
			WRITE_ONCE(vm->nr_vcpus, vm->nr_vcpus + 1);
			/* Readers walk the list without a lock ... */
			smp_store_release(tail, trace);
			/* ... and the vCPU's hooks run without one. */
			smp_store_release(&vcpu->arch.exit_trace, trace);
		}
		tail = &trace->next;
	}
	return 0;
}

static int exit_trace_attach(struct kvm *kvm)
{
	int r = 0;

	if (!kvm->arch.exit_trace)
		r = exit_trace_attach_vm(kvm);
	return r ?: exit_trace_attach_vcpus(kvm);
}

/**
 * exit_trace_vcpu_created - give counters to a new vCPU if tracing is on
 * @vcpu: the vCPU, which kvm_for_each_vcpu() already finds
 *
 * Called from kvm_arch_vcpu_postcreate(), which can't fail: where memory is
 * short the vCPU goes uncounted, and its VM says so.
 */
void exit_trace_vcpu_created(struct kvm_vcpu *vcpu)
{
	struct kvm *kvm = vcpu->kvm;
	bool first;

	mutex_lock(&exit_trace_lock);
	if (exit_trace_on) {
		first = !kvm->arch.exit_trace;
		exit_trace_attach(kvm);
		if (first && kvm->arch.exit_trace)
			kvm->arch.exit_trace->flags |= KVM_EXIT_TRACE_FLAG_FROM_START;
	}
	mutex_unlock(&exit_trace_lock);
}

/**
 * exit_trace_destroy_vm - free a VM's counters
 * @kvm: the VM, whose vCPUs are gone
 */
void exit_trace_destroy_vm(struct kvm *kvm)
{
	struct exit_trace_vm *vm = kvm->arch.exit_trace;
	struct exit_trace_vcpu *trace, *next;

	if (!vm)
		return;
	for (trace = vm->vcpus; trace; trace = next) {
		next = trace->next;
		kvfree(trace);
	}
	kvfree(vm);
}

/*
 * A VM that has not heard of this epoch, with a reference, or NULL.  One with
 * no vCPU yet is left to exit_trace_vcpu_created().
 */
static struct kvm *exit_trace_next_vm(void)
{
	struct kvm *kvm, *found = NULL;

	mutex_lock(&kvm_lock);
	list_for_each_entry(kvm, &vm_list, vm_list) {
		struct exit_trace_vm *vm = kvm->arch.exit_trace;

		if (vm ? vm->epoch == exit_trace_epoch :
			 !atomic_read(&kvm->online_vcpus))
			continue;
		if (kvm_get_kvm_safe(kvm)) {
			found = kvm;
			break;
		}
	}
	mutex_unlock(&kvm_lock);
	return found;
}

static int exit_trace_enable(void)
{
	struct kvm *kvm;
	int r;

	exit_trace_epoch++;
	while ((kvm = exit_trace_next_vm())) {
		r = exit_trace_attach(kvm);
		if (!r)
			exit_trace_reset(kvm->arch.exit_trace);
		kvm_put_kvm(kvm);
		if (r)
			return r;
	}

	exit_trace_on = true;
	static_branch_enable(&exit_trace_key);
	return 0;
}

static void exit_trace_disable(void)
{
	static_branch_disable(&exit_trace_key);
	exit_trace_on = false;

	/* Hooks run with preemption off: after this, none is half way. */
	synchronize_rcu();
}

static int exit_trace_param_set(const char *val, const struct kernel_param *kp)
{
	bool on;
	int r;

	r = kstrtobool(val ?: "1", &on);
	if (r)
		return r;

	mutex_lock(&exit_trace_lock);
	if (on && !exit_trace_on)
		r = exit_trace_enable();
	else if (!on && exit_trace_on)
		exit_trace_disable();
	mutex_unlock(&exit_trace_lock);
	return r;
}

static const struct kernel_param_ops exit_trace_param_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = exit_trace_param_set,
	.get = param_get_bool,
};

module_param_cb(exit_trace, &exit_trace_param_ops, &exit_trace_on, 0644);
MODULE_PARM_DESC(exit_trace, "Count VM exits and let guests read the counters");
