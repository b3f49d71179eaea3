// SPDX-License-Identifier: GPL-2.0-only
/*
 * Giving counters to VMs.
 *
 * They are allocated when the VM is switched on or when its first vCPU is
 * created while the parameter is on, never on request of a guest, and live as
 * long as the VM.  Who switches has the lock.
 */
#include "x86.h"
#include "exit_trace_vm.h"

/*
 * What is counted beside, each only if its parameter is on.  Where memory is
 * short it is not, and the guest does not find its feature.
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
 * The vCPU is in no hook.  But exit_trace_vcpu_load() may run, or
 * exit_trace_ioctl_end(), which move @since and @before by the same: they stay
 * what they are, and the difference is taken when both stand still.
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

/* Its clock stands where it stood when it began; if it has moved it begins once more. */
static bool exit_trace_stands_still(struct exit_trace_live *live)
{
	u64 charged = exit_trace_charged(live);
	/* The TSC's going back may have put the guest's time aside meanwhile. */
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
	do {	/* whoever was half way through exit_trace_vcpu_load() is not any more */
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

	/* To the page: with the files in debugfs a VM of one vCPU has less than 32 KiB. */
	BUILD_BUG_ON(!IS_ENABLED(CONFIG_DEBUG_MUTEXES) &&
		     (sizeof(*vm) > SZ_8K || sizeof(*vm->vcpus) > SZ_16K));
	vm = alloc_pages_exact(sizeof(*vm), GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!vm)
		return -ENOMEM;

	mutex_init(&vm->lock);
	vm->vendor = boot_cpu_has(X86_FEATURE_SVM) ? KVM_EXIT_TRACE_VENDOR_SVM :
						     KVM_EXIT_TRACE_VENDOR_VMX;
	exit_trace_stats_init();
	smp_store_release(&kvm->arch.exit_trace, vm); /* whoever sees it finds all of that */
	exit_trace_debugfs_init(kvm);
	return 0;
}

/* A vCPU's descriptor may be in use already: then it may be half way, as in exit_trace_reset(). */
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
 * exit_trace_vcpu_init - a new vCPU, which is not in its VM's list yet
 * @vcpu: the vCPU; whether tracing is on or not
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
