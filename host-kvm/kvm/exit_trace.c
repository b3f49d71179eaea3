// SPDX-License-Identifier: GPL-2.0-only
/*
 * Count VM exits per vCPU, and keep a log of phases.
 *
 * A VM's counters are allocated when tracing is switched on or when its first
 * vCPU is created while it is on, never on request of a guest, and live as
 * long as the VM.
 */
#include <linux/module.h>

#include "x86.h"
#include "exit_trace_vm.h"

#define EXIT_TRACE_LATCH_TRIES	16

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
		if (to->sum.count == total)
			return true;
	}
	return false;
}

/* The same for all vCPUs together; the caller holds vm->lock. */
bool exit_trace_copy_all(struct exit_trace_counts *to,
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

/*
 * Returns the new mark, or NULL if the log, or a vCPU's part of it, is full:
 * what was stored of it then is written over by the next.  The caller holds
 * vm->lock.
 */
struct exit_trace_mark *exit_trace_mark(struct kvm_vcpu *vcpu,
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
	exit_trace_debugfs_init(kvm);
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
