// SPDX-License-Identifier: GPL-2.0-only
/*
 * Switching, and giving counters to VMs.
 *
 * A VM's counters are allocated when tracing is switched on or when its first
 * vCPU is created while it is on, never on request of a guest, and live as
 * long as the VM.
 */
#include <linux/module.h>

#include "x86.h"
#include "exit_trace_vm.h"

/* Serializes switching with the attaching of VMs; outside of all KVM locks. */
static DEFINE_MUTEX(exit_trace_lock);
static bool exit_trace_on;
static bool exit_trace_histogram_on;
static bool exit_trace_sites_on;
static bool exit_trace_page_on;
static bool exit_trace_replaced; /* calls of the vendor's module */
static u32 exit_trace_epoch;

DEFINE_STATIC_KEY_FALSE(exit_trace_key);
EXPORT_SYMBOL_GPL(exit_trace_key);

DEFINE_STATIC_KEY_FALSE(exit_trace_more_key);
EXPORT_SYMBOL_GPL(exit_trace_more_key);
DEFINE_STATIC_KEY_FALSE(exit_trace_site_key);
EXPORT_SYMBOL_GPL(exit_trace_site_key);
DEFINE_STATIC_KEY_FALSE(exit_trace_page_key);

/*
 * In place of the vendor's vcpu_load() while tracing is on: charge the time
 * that the vCPU was away from KVM, which kvm_arch_vcpu_put() has dated.  Here
 * it costs nothing while tracing is off, and needs no hook.  Preemption is off.
 */
DEFINE_STATIC_CALL_NULL(exit_trace_stock_load, *kvm_x86_ops.vcpu_load);
DEFINE_STATIC_CALL_NULL(exit_trace_stock_run, *kvm_x86_ops.vcpu_run);

static notrace void exit_trace_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;
	struct exit_trace_slot *slot = READ_ONCE(live->current_slot);
	u64 away = rdtsc();

	asm("" : "+d" (away)); /* where it is, or the compiler copies it first */
	away -= vcpu->arch.last_host_tsc;
	live->since += away;
	slot->cycles[KVM_EXIT_TRACE_CLOCK_USER] += away;
	static_call(exit_trace_stock_load)(vcpu, cpu);
}

/* All that follows is under exit_trace_lock. */

/* The vendor's module is that of the last VM, which may not be that of the one before. */
static void exit_trace_replace_calls(bool load, bool run)
{
	exit_trace_replaced = load;
	static_call_update(exit_trace_stock_load, kvm_x86_ops.vcpu_load);
	static_call_update(exit_trace_stock_run, kvm_x86_ops.vcpu_run);
	static_call_update(kvm_x86_vcpu_load,
			   load ? exit_trace_vcpu_load : kvm_x86_ops.vcpu_load);
	static_call_update(kvm_x86_vcpu_run, run ? exit_trace_vcpu_run : kvm_x86_ops.vcpu_run);
}

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
 * The vCPU is in no hook.  But exit_trace_vcpu_load() may run, which moves
 * @since and @before by the same: they stay what they are, and the difference
 * is taken when both stand still.
 */
static void exit_trace_begin(struct kvm_vcpu *vcpu)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;
	u64 charged;

	live->saved_slot = &live->before;
	live->current_slot = &live->before;
	live->exits = 0;
	live->guest = 0;
	memset(live->asleep, 0, sizeof(live->asleep));
	live->kvm = live->before.cycles[KVM_EXIT_TRACE_CLOCK_KVM];
	do {
		charged = exit_trace_charged(live);
		live->origin = exit_trace_charged(live);
	} while (live->origin != charged);
}

/* Set to zero, while tracing is off and no vCPU is in a hook. */
static void exit_trace_reset(struct exit_trace_vm *vm)
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
	vm->log_len = 0;
	vm->log_dropped = 0;
	vm->flags = 0; /* all vCPUs have counters now */
	vm->epoch = exit_trace_epoch;
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
	vm->epoch = exit_trace_epoch;
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
			trace = alloc_pages_exact(sizeof(*trace), GFP_KERNEL_ACCOUNT | __GFP_ZERO);
			if (!trace) {
				vm->flags |= KVM_EXIT_TRACE_FLAG_INCOMPLETE;
				return -ENOMEM;
			}
			trace->vcpu = vcpu;
			vcpu->arch.exit_trace_live.slots = trace->slot;
			exit_trace_begin(vcpu);
			exit_trace_alloc_options(trace);
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

	exit_trace_replace_calls(true, exit_trace_page_on);
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
	live->current_slot = &live->before;
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
		/* Where there was no memory for an earlier vCPU's, that one runs uncounted. */
		first = !kvm->arch.exit_trace && !vcpu->vcpu_idx;
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
		kvfree(trace->histogram);
		kvfree(trace->sites);
		free_pages_exact(trace, sizeof(*trace));
	}
	free_pages_exact(vm, sizeof(*vm));
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

/*
 * Get all vCPUs out of their guests, which RCU does not wait for.  Before the
 * next entry they say in the pages that they have mirrored to that it is over.
 */
static void exit_trace_leave_guests(void)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;
	struct kvm *kvm;

	mutex_lock(&kvm_lock);
	list_for_each_entry(kvm, &vm_list, vm_list) {
		kvm_for_each_vcpu(i, vcpu, kvm)
			kvm_make_request(KVM_REQ_STEAL_UPDATE, vcpu);
		kvm_make_all_cpus_request(kvm, KVM_REQ_OUTSIDE_GUEST_MODE);
	}
	mutex_unlock(&kvm_lock);
}

static void exit_trace_disable(void)
{
	static_branch_disable(&exit_trace_key);
	exit_trace_on = false;
	if (exit_trace_replaced)
		exit_trace_replace_calls(false, false);

	/* Hooks run with preemption off: after both, none is half way. */
	exit_trace_leave_guests();
	synchronize_rcu();
}

bool exit_trace_page_offered(struct kvm_vcpu *vcpu)
{
	return READ_ONCE(exit_trace_on) && READ_ONCE(exit_trace_page_on) &&
	       vcpu->arch.exit_trace;
}

static void exit_trace_set_key(struct static_key_false *key, bool on)
{
	if (on)
		static_branch_enable(key);
	else
		static_branch_disable(key);
}

/* No vCPU's last exit has been seen: histograms have not been counted for a while. */
static void exit_trace_forget_rows(void)
{
	struct exit_trace_vcpu *trace;
	struct kvm *kvm;

	synchronize_rcu();
	mutex_lock(&kvm_lock);
	list_for_each_entry(kvm, &vm_list, vm_list) {
		trace = kvm->arch.exit_trace ? kvm->arch.exit_trace->vcpus : NULL;
		for (; trace; trace = trace->next)
			if (trace->histogram)
				trace->histogram->row = EXIT_TRACE_ROW_NONE;
	}
	mutex_unlock(&kvm_lock);
}

/* One of what is counted beside has been switched. */
static void exit_trace_set_options(void)
{
	if (!exit_trace_more_enabled())
		exit_trace_forget_rows();
	exit_trace_set_key(&exit_trace_site_key, exit_trace_sites_on);
	exit_trace_set_key(&exit_trace_more_key, exit_trace_histogram_on || exit_trace_sites_on);
	if (exit_trace_replaced)
		exit_trace_replace_calls(true, exit_trace_page_on);
	if (exit_trace_page_on)
		static_branch_enable(&exit_trace_page_key);
	else if (exit_trace_page_enabled())
		exit_trace_leave_guests();
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

static int exit_trace_option_set(const char *val, const struct kernel_param *kp)
{
	int r;

	mutex_lock(&exit_trace_lock);
	r = param_set_bool(val, kp);
	if (!r)
		exit_trace_set_options();
	mutex_unlock(&exit_trace_lock);
	return r;
}

static const struct kernel_param_ops exit_trace_param_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = exit_trace_param_set,
	.get = param_get_bool,
};

static const struct kernel_param_ops exit_trace_option_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = exit_trace_option_set,
	.get = param_get_bool,
};

module_param_cb(exit_trace, &exit_trace_param_ops, &exit_trace_on, 0644);
MODULE_PARM_DESC(exit_trace, "Count VM exits and let guests read the counters");
module_param_cb(exit_trace_histogram, &exit_trace_option_ops, &exit_trace_histogram_on, 0644);
MODULE_PARM_DESC(exit_trace_histogram, "Count exits by latency, too, for vCPUs that begin to be traced");
module_param_cb(exit_trace_sites, &exit_trace_option_ops, &exit_trace_sites_on, 0644);
MODULE_PARM_DESC(exit_trace_sites, "Count exits by what they are for, too, for vCPUs that begin to be traced");
module_param_cb(exit_trace_page, &exit_trace_option_ops, &exit_trace_page_on, 0644);
MODULE_PARM_DESC(exit_trace_page, "Let guests register a page into which their counters are mirrored");
