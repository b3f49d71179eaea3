// SPDX-License-Identifier: GPL-2.0-only
/*
 * Give counters to VMs.
 *
 * A VM gets its counters when it is switched on, or when its first vCPU is
 * created while the parameter is on.  They live as long as the VM.  No
 * request of a guest allocates any.  Switching holds exit_trace_lock.
 */
#include "x86.h"
#include "exit_trace_vm.h"

/*
 * Allocate the optional counts, each only if its parameter is on.  If memory is
 * short, they are not counted, and the guest does not see the feature.
 */
static void exit_trace_alloc_options(struct exit_trace_vcpu *trace)
{
	if (exit_trace_histogram_on && !trace->histogram)
		trace->histogram = kvzalloc(sizeof(*trace->histogram), GFP_KERNEL_ACCOUNT);
	if (exit_trace_sites_on && !trace->sites)
		trace->sites = kvzalloc(sizeof(*trace->sites), GFP_KERNEL_ACCOUNT);
	if (trace->histogram)
		trace->histogram->row = EXIT_TRACE_ROW_NONE;
	trace->vcpu->arch.exit_trace_live.histogram = trace->histogram;
}

/*
 * Begin a vCPU's counters.  The vCPU is in no hook, but exit_trace_vcpu_load()
 * or exit_trace_ioctl_end() may run.  Both add the same to @since and to
 * @before.  So these two keep their values, and @origin is their difference,
 * taken while neither moves.
 */
static void exit_trace_begin(struct kvm_vcpu *vcpu)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;
	u64 charged;

	live->saved_slot = &live->before;
	live->current_slot = &live->before;
	live->exits = 0;
	live->guest = 0;
	live->guest_before = 0;
	memset(live->asleep, 0, sizeof(live->asleep));
	live->kvm = live->before.cycles[KVM_EXIT_TRACE_CLOCK_KVM];
	do {
		charged = exit_trace_charged(live);
		live->origin = exit_trace_charged(live);
	} while (live->origin != charged);
}

/* Is the vCPU's clock where it was when its counters began?  If not, begin them again. */
static bool exit_trace_stands_still(struct exit_trace_live *live)
{
	u64 charged = exit_trace_charged(live);
	/* The TSC may have gone back meanwhile, which puts the guest's time aside. */
	bool still = charged == live->origin && !READ_ONCE(live->guest) &&
		     !READ_ONCE(live->guest_before);

	if (still)
		return true;
	live->origin = charged;
	live->guest = 0;
	live->guest_before = 0;
	return false;
}

static bool exit_trace_all_stand_still(struct exit_trace_vm *vm)
{
	struct exit_trace_vcpu *trace;
	bool still = true;

	for (trace = vm->vcpus; trace; trace = trace->next)
		still &= exit_trace_stands_still(&trace->vcpu->arch.exit_trace_live);
	return still;
}

void exit_trace_reset(struct exit_trace_vm *vm)
{
	struct exit_trace_vcpu *trace;

	mutex_lock(&vm->lock);
	for (trace = vm->vcpus; trace; trace = trace->next) {
		exit_trace_begin(trace->vcpu);
		memset(trace->slot, 0, sizeof(trace->slot));
		memset(&trace->latch, 0, sizeof(trace->latch));
		memset(&trace->log, 0, sizeof(trace->log));
		if (trace->histogram)
			memset(trace->histogram, 0, sizeof(*trace->histogram));
		if (trace->sites)
			memset(trace->sites, 0, sizeof(*trace->sites));
		exit_trace_alloc_options(trace);
	}
	do {	/* until no vCPU is half way through exit_trace_vcpu_load() */
		synchronize_rcu();
	} while (!exit_trace_all_stand_still(vm));
	vm->log_len = 0;
	vm->log_dropped = 0;
	WRITE_ONCE(vm->flags, 0); /* all vCPUs have counters now */
	mutex_unlock(&vm->lock);
}

static int exit_trace_attach_vm(struct kvm *kvm)
{
	struct exit_trace_vm *vm;

	/* Whole pages.  With its files in debugfs, a VM of one vCPU takes less than 32 KiB. */
	BUILD_BUG_ON(!IS_ENABLED(CONFIG_DEBUG_MUTEXES) &&
		     (sizeof(*vm) > SZ_8K || sizeof(*vm->vcpus) > SZ_16K));
	vm = alloc_pages_exact(sizeof(*vm), GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!vm)
		return -ENOMEM;

	mutex_init(&vm->lock);
	vm->vendor = boot_cpu_has(X86_FEATURE_SVM) ? KVM_EXIT_TRACE_VENDOR_SVM :
						     KVM_EXIT_TRACE_VENDOR_VMX;
	exit_trace_stats_init();
	smp_store_release(&kvm->arch.exit_trace, vm); /* readers that see it see all of the above */
	exit_trace_debugfs_init(kvm);
	return 0;
}

/*
 * If the vCPU's file descriptor is in use already, the vCPU may be half way
 * through exit_trace_vcpu_load().  Then wait, as exit_trace_reset() does.
 */
static void exit_trace_begin_new(struct kvm_vcpu *vcpu)
{
	bool idle = mutex_trylock(&vcpu->mutex);

	exit_trace_begin(vcpu);
	if (idle) {
		mutex_unlock(&vcpu->mutex);
		return;
	}
	do {
		synchronize_rcu();
	} while (!exit_trace_stands_still(&vcpu->arch.exit_trace_live));
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
			trace = alloc_pages_exact(sizeof(*trace), GFP_KERNEL_ACCOUNT | __GFP_ZERO);
			if (!trace) {
				WRITE_ONCE(vm->flags, vm->flags | KVM_EXIT_TRACE_FLAG_INCOMPLETE);
				return -ENOMEM;
			}
			trace->vcpu = vcpu;
			vcpu->arch.exit_trace_live.slots = trace->slot;
			exit_trace_begin_new(vcpu);
			exit_trace_alloc_options(trace);
			vcpu->arch.exit_trace = trace;
			WRITE_ONCE(vm->nr_vcpus, vm->nr_vcpus + 1);
			/* Readers walk the list without a lock. */
			smp_store_release(tail, trace);
		}
		tail = &trace->next;
	}
	WRITE_ONCE(vm->flags, vm->flags & ~KVM_EXIT_TRACE_FLAG_INCOMPLETE);
	return 0;
}

int exit_trace_attach(struct kvm *kvm)
{
	int r = 0;

	if (!kvm->arch.exit_trace)
		r = exit_trace_attach_vm(kvm);
	return r ?: exit_trace_attach_vcpus(kvm);
}

/**
 * exit_trace_vcpu_init - let a vCPU's clocks run into no slot, whether tracing is on or not
 * @vcpu: the vCPU: a new one, or one whose VM is switched off
 */
void exit_trace_vcpu_init(struct kvm_vcpu *vcpu)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;

	live->saved_slot = &live->before;
	WRITE_ONCE(live->current_slot, &live->before); /* exit_trace_vcpu_load() may run */
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
	if (vm->on)
		static_branch_dec(&exit_trace_key);
	exit_trace_induced_end(vm);
	for (trace = vm->vcpus; trace; trace = next) {
		next = trace->next;
		kvfree(trace->histogram);
		kvfree(trace->sites);
		kfree(trace->induced);
		free_pages_exact(trace, sizeof(*trace));
	}
	free_pages_exact(vm, sizeof(*vm));
}
