// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which VMs are traced: kvm.ko's parameters, and each VM's own switch.
 */
#include <linux/module.h>

#include "x86.h"
#include "exit_trace_vm.h"

/* Serializes switching and attaching.  Take it before any lock of KVM's. */
static DEFINE_MUTEX(exit_trace_lock);
static bool exit_trace_on;
bool exit_trace_histogram_on;
bool exit_trace_sites_on;
bool exit_trace_induced_on;
static bool exit_trace_page_on;
static bool exit_trace_cpl0_on;
static bool exit_trace_replaced; /* calls to the vendor's module lead to the tracer */
static u32 exit_trace_epoch;

/* The parameter and each traced VM hold a count on this key. */
DEFINE_STATIC_KEY_FALSE(exit_trace_key);
EXPORT_SYMBOL_GPL(exit_trace_key);

DEFINE_STATIC_KEY_FALSE(exit_trace_more_key);
EXPORT_SYMBOL_GPL(exit_trace_more_key);
DEFINE_STATIC_KEY_FALSE(exit_trace_site_key);
EXPORT_SYMBOL_GPL(exit_trace_site_key);
DEFINE_STATIC_KEY_FALSE(exit_trace_page_key);
DEFINE_STATIC_KEY_FALSE(exit_trace_cpl0_key);

/*
 * exit_trace_vcpu_load() runs in place of the vendor's vcpu_load() while
 * tracing is on.  It charges the time that the vCPU was away from KVM.
 * kvm_arch_vcpu_put() has dated the beginning of that time.  This way needs no
 * hook, and costs nothing while tracing is off.  Preemption is off.
 */
DEFINE_STATIC_CALL_NULL(exit_trace_stock_load, *kvm_x86_ops.vcpu_load);
DEFINE_STATIC_CALL_NULL(exit_trace_stock_run, *kvm_x86_ops.vcpu_run);

static noinline notrace void exit_trace_vcpu_load_back(struct kvm_vcpu *vcpu, int cpu)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;

	__exit_trace_back(live, rdtsc(), live->guest);
	static_call(exit_trace_stock_load)(vcpu, cpu);
}

static notrace void exit_trace_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	struct exit_trace_live *live = &vcpu->arch.exit_trace_live;
	struct exit_trace_slot *slot = READ_ONCE(live->current_slot);
	u64 put = vcpu->arch.last_host_tsc, now = rdtsc();

	/* If KVM sees that the TSC went back, it sets @put back: kvm_arch_hardware_enable(). */
	if (unlikely(now < put || put < live->since)) {
		exit_trace_vcpu_load_back(vcpu, cpu); /* a tail call, so no register is saved */
		return;
	}
	live->since += now - put;
	slot->cycles[KVM_EXIT_TRACE_CLOCK_USER] += now - put;
	static_call(exit_trace_stock_load)(vcpu, cpu);
}

/* The functions below run under exit_trace_lock or take it, except exit_trace_page_offered(). */

/* Take the vendor's functions anew each time: another module may have been loaded since. */
static void exit_trace_replace_calls(bool load, bool run)
{
	exit_trace_replaced = load;
	static_call_update(exit_trace_stock_load, kvm_x86_ops.vcpu_load);
	static_call_update(exit_trace_stock_run, kvm_x86_ops.vcpu_run);
	static_call_update(kvm_x86_vcpu_load,
			   load ? exit_trace_vcpu_load : kvm_x86_ops.vcpu_load);
	static_call_update(kvm_x86_vcpu_run, run ? exit_trace_vcpu_run : kvm_x86_ops.vcpu_run);
}

/* Call the vendor's module directly again, if nothing is traced. */
static void exit_trace_restore_calls(void)
{
	if (exit_trace_replaced && !static_key_enabled(&exit_trace_key))
		exit_trace_replace_calls(false, false);
}

/* Has no vCPU of the VM run yet?  KVM sets @pid before a vCPU's first run. */
static bool exit_trace_is_new(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	smp_mb(); /* read @pid after the counters are there for a vCPU to find */
	kvm_for_each_vcpu(i, vcpu, kvm)
		if (rcu_access_pointer(vcpu->pid))
			return false;
	return true;
}

/* Trace those vCPUs of a VM that have counters from now on. */
static void exit_trace_start(struct kvm *kvm)
{
	struct exit_trace_vm *vm = kvm->arch.exit_trace;
	bool was_on = vm->on, ran = false;
	struct exit_trace_vcpu *trace;
	u32 flags;

	if (!was_on) {
		WRITE_ONCE(vm->epoch, exit_trace_epoch);
		WRITE_ONCE(vm->began, ktime_get_real_ns());
		exit_trace_induced_begin(vm);
		WRITE_ONCE(vm->on, true);
		static_branch_inc(&exit_trace_key);
	}
	for (trace = vm->vcpus; trace; trace = trace->next) {
		if (exit_trace_is_on(trace->vcpu))
			continue;
		exit_trace_induced_add(vm, trace);
		/* The vCPUs' hooks run without a lock. */
		smp_store_release(&trace->vcpu->arch.exit_trace_live.on, true);
		smp_mb(); /* as in exit_trace_is_new() */
		ran |= !!rcu_access_pointer(trace->vcpu->pid);
	}
	flags = vm->flags;
	if (!was_on && exit_trace_is_new(kvm))
		flags |= KVM_EXIT_TRACE_FLAG_FROM_START;
	if (ran)	/* a vCPU ran without counters while others had some */
		flags &= ~KVM_EXIT_TRACE_FLAG_FROM_START;
	WRITE_ONCE(vm->flags, flags);
}

/*
 * Get all vCPUs out of the guest, because RCU does not wait for these.  If a
 * vCPU's page ends, the request makes it say so there before the next entry.
 */
static void exit_trace_leave_guest(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	kvm_for_each_vcpu(i, vcpu, kvm)
		kvm_make_request(KVM_REQ_STEAL_UPDATE, vcpu);
	kvm_make_all_cpus_request(kvm, KVM_REQ_OUTSIDE_GUEST_MODE);
}

/*
 * Stop tracing a VM.  When @on is false, no vCPU begins a hook.  One that is in
 * the guest still comes out and counts.  Hooks run with preemption off, so
 * after synchronize_rcu() none is half way.  Whatever a vCPU that is away from
 * KVM is charged with later goes to no slot.
 */
static void exit_trace_stop(struct kvm *kvm)
{
	struct exit_trace_vm *vm = kvm->arch.exit_trace;
	struct exit_trace_vcpu *trace;

	for (trace = vm->vcpus; trace; trace = trace->next)
		WRITE_ONCE(trace->vcpu->arch.exit_trace_live.on, false);
	WRITE_ONCE(vm->on, false);
	exit_trace_leave_guest(kvm);
	synchronize_rcu();
	for (trace = vm->vcpus; trace; trace = trace->next)
		exit_trace_vcpu_init(trace->vcpu);
	synchronize_rcu(); /* now none charges a slot, and slots may be set to zero */
	exit_trace_induced_end(vm);
	static_branch_dec(&exit_trace_key);
	exit_trace_restore_calls();
}

static bool exit_trace_vm_on(const struct kvm *kvm)
{
	return kvm->arch.exit_trace && kvm->arch.exit_trace->on;
}

static int exit_trace_switch_on(struct kvm *kvm)
{
	int r;

	exit_trace_replace_calls(true, exit_trace_page_on);
	r = exit_trace_attach(kvm);
	if (r) {
		exit_trace_restore_calls();
		return r;
	}
	exit_trace_reset(kvm->arch.exit_trace);
	exit_trace_start(kvm);
	return 0;
}

/**
 * exit_trace_vcpu_created - give counters to a new vCPU if its VM is traced
 * @vcpu: the vCPU, which kvm_for_each_vcpu() already finds
 *
 * Called from kvm_arch_vcpu_postcreate(), which can't fail.  If memory is
 * short, the vCPU is not counted, and its VM has the flag INCOMPLETE.
 */
void exit_trace_vcpu_created(struct kvm_vcpu *vcpu)
{
	struct kvm *kvm = vcpu->kvm;

	mutex_lock(&exit_trace_lock);
	exit_trace_restore_calls(); /* the last traced VM may have gone */
	if (!vcpu->vcpu_idx)
		exit_trace_debugfs_switch(kvm);
	if (kvm->arch.exit_trace ? kvm->arch.exit_trace->on : exit_trace_on) {
		exit_trace_replace_calls(true, exit_trace_page_on);
		exit_trace_attach(kvm);
		if (kvm->arch.exit_trace)
			exit_trace_start(kvm);
	}
	mutex_unlock(&exit_trace_lock);
}

int exit_trace_set_vm(struct kvm *kvm, bool on)
{
	int r = 0;

	mutex_lock(&exit_trace_lock);
	if (on && !exit_trace_vm_on(kvm)) {
		exit_trace_epoch++;
		r = exit_trace_switch_on(kvm);
	} else if (!on && exit_trace_vm_on(kvm)) {
		exit_trace_stop(kvm);
	}
	mutex_unlock(&exit_trace_lock);
	return r;
}

/*
 * Find a VM that is still to be switched, and take a reference; NULL: there is
 * none.  exit_trace_vcpu_created() switches a VM that has no vCPU yet.
 */
static struct kvm *exit_trace_next_vm(bool on)
{
	struct kvm *kvm, *found = NULL;

	mutex_lock(&kvm_lock);
	list_for_each_entry(kvm, &vm_list, vm_list) {
		if (exit_trace_vm_on(kvm) == on || !atomic_read(&kvm->online_vcpus))
			continue;
		if (kvm_get_kvm_safe(kvm)) {
			found = kvm;
			break;
		}
	}
	mutex_unlock(&kvm_lock);
	return found;
}

/* If memory is short for one VM, those before it stay traced. */
static int exit_trace_enable(void)
{
	struct kvm *kvm;
	int r = 0;

	exit_trace_epoch++;
	while (!r && (kvm = exit_trace_next_vm(true))) {
		r = exit_trace_switch_on(kvm);
		kvm_put_kvm(kvm);
	}
	if (!r && !exit_trace_on) {
		exit_trace_on = true;
		static_branch_inc(&exit_trace_key);
	}
	return r;
}

static void exit_trace_disable(void)
{
	struct kvm *kvm;

	while ((kvm = exit_trace_next_vm(false))) {
		exit_trace_stop(kvm);
		kvm_put_kvm(kvm);
	}
	if (exit_trace_on) {
		exit_trace_on = false;
		static_branch_dec(&exit_trace_key);
		exit_trace_restore_calls();
	}
}

static void exit_trace_leave_guests(void)
{
	struct kvm *kvm;

	mutex_lock(&kvm_lock);
	list_for_each_entry(kvm, &vm_list, vm_list)
		exit_trace_leave_guest(kvm);
	mutex_unlock(&kvm_lock);
}

bool exit_trace_page_offered(struct kvm_vcpu *vcpu)
{
	return READ_ONCE(exit_trace_page_on) && exit_trace_is_on(vcpu);
}

static void exit_trace_set_key(struct static_key_false *key, bool on)
{
	if (on)
		static_branch_enable(key);
	else
		static_branch_disable(key);
}

/* Histograms were not counted for a while: no vCPU's last exit was seen. */
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

/* A parameter other than exit_trace has been written: set the keys and calls. */
static void exit_trace_set_options(void)
{
	if (!exit_trace_more_enabled())
		exit_trace_forget_rows();
	exit_trace_set_key(&exit_trace_cpl0_key, exit_trace_cpl0_on);
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
	if (on)
		r = exit_trace_enable();
	else
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
MODULE_PARM_DESC(exit_trace, "Count the exits of all VMs, and let guests read the counters");
module_param_cb(exit_trace_histogram, &exit_trace_option_ops, &exit_trace_histogram_on, 0644);
MODULE_PARM_DESC(exit_trace_histogram, "Also count how long exits take (set before tracing)");
module_param_cb(exit_trace_sites, &exit_trace_option_ops, &exit_trace_sites_on, 0644);
MODULE_PARM_DESC(exit_trace_sites, "Also count what exits are for (set before tracing)");
module_param_cb(exit_trace_induced, &exit_trace_option_ops, &exit_trace_induced_on, 0644);
MODULE_PARM_DESC(exit_trace_induced,
		 "Also count exits that the observer causes (set before tracing)");
module_param_cb(exit_trace_page, &exit_trace_option_ops, &exit_trace_page_on, 0644);
MODULE_PARM_DESC(exit_trace_page, "Let a guest register pages to which KVM writes totals");
module_param_cb(exit_trace_cpl0, &exit_trace_option_ops, &exit_trace_cpl0_on, 0644);
MODULE_PARM_DESC(exit_trace_cpl0, "Let only guest code at CPL 0 read the counters and mark phases");
