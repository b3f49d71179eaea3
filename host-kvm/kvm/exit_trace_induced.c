// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exits that watching brings to those who are watched: where the observer's vCPU
 * has no CPU of its own, its APIC timer expires while another vCPU is in the
 * guest.  The kernel's tracepoint of timers tells which one it was, so that
 * nothing of this is on an exit's path.
 */
#include <linux/hrtimer.h>
#include <linux/tracepoint.h>
#include <asm/vmx.h>

#include "lapic.h"
#include "x86.h"
#include "exit_trace_vm.h"

/* Its own, for the last VM may go while its switch is held: exit_trace_enable(). */
static DEFINE_MUTEX(exit_trace_probe_lock);
static struct tracepoint *exit_trace_probed;
static unsigned int exit_trace_probes; /* VMs */

/* Is it the timer of who observes this vCPU? */
static bool exit_trace_is_observers(const struct kvm_vcpu *vcpu, const struct hrtimer *timer)
{
	struct kvm_vcpu *observer = READ_ONCE(vcpu->kvm->arch.exit_trace->observer);

	return observer && observer != vcpu && lapic_in_kernel(observer) &&
	       timer == &observer->arch.apic->lapic_timer.timer;
}

static bool exit_trace_is_interrupt(const struct kvm_vcpu *vcpu)
{
	const struct exit_trace_live *live = &vcpu->arch.exit_trace_live;
	bool svm = vcpu->kvm->arch.exit_trace->vendor == KVM_EXIT_TRACE_VENDOR_SVM;

	return live->current_slot ==
	       &live->slots[svm ? SVM_EXIT_INTR : EXIT_REASON_EXTERNAL_INTERRUPT];
}

/*
 * A timer expires, in its interrupt.  KVM lets the one that ended an exit in at
 * one place: those that come later find the vCPU out of the guest anyway.  An
 * exit counts as soon as the observer's timer is seen in it, and not any more if
 * another one is.
 */
static void exit_trace_expire(void *unused, struct hrtimer *timer, ktime_t *now)
{
	struct kvm_vcpu *vcpu = kvm_get_running_vcpu();
	struct exit_trace_induced *induced;
	bool observers;

	if (!vcpu || vcpu->arch.handling_intr_from_guest != KVM_HANDLING_IRQ)
		return;
	/* with what exit_trace_start() gave it before */
	if (!smp_load_acquire(&vcpu->arch.exit_trace_live.on) || !exit_trace_is_interrupt(vcpu))
		return;
	induced = vcpu->arch.exit_trace->induced;
	if (!induced)
		return;

	observers = exit_trace_is_observers(vcpu, timer);
	if (induced->exit != vcpu->arch.exit_trace_live.exits) {
		induced->exit = vcpu->arch.exit_trace_live.exits;
		induced->only = observers;
		WRITE_ONCE(induced->count, induced->count + observers);
	} else if (induced->only && !observers) {
		induced->only = false;
		WRITE_ONCE(induced->count, induced->count - 1);
	}
}

static void exit_trace_find(struct tracepoint *point, void *found)
{
	if (!strcmp(point->name, "hrtimer_expire_entry"))
		*(struct tracepoint **)found = point;
}

/* For one VM more; false: the kernel has no such tracepoint, or no memory */
static bool exit_trace_probe(void)
{
	struct tracepoint *point = NULL;

	if (!IS_ENABLED(CONFIG_TRACEPOINTS))
		return false;
	mutex_lock(&exit_trace_probe_lock);
	if (!exit_trace_probes) {
		for_each_kernel_tracepoint(exit_trace_find, &point);
		if (point && tracepoint_probe_register(point, exit_trace_expire, NULL))
			point = NULL;
		exit_trace_probed = point;
	}
	exit_trace_probes += !!exit_trace_probed;
	point = exit_trace_probed;
	mutex_unlock(&exit_trace_probe_lock);
	return point;
}

/* A VM keeps kvm.ko loaded: the probe is gone before. */
static void exit_trace_unprobe(void)
{
	mutex_lock(&exit_trace_probe_lock);
	if (!--exit_trace_probes) {
		tracepoint_probe_unregister(exit_trace_probed, exit_trace_expire, NULL);
		tracepoint_synchronize_unregister();
		exit_trace_probed = NULL;
	}
	mutex_unlock(&exit_trace_probe_lock);
}

void exit_trace_induced_begin(struct exit_trace_vm *vm)
{
	WRITE_ONCE(vm->observer, NULL);
	vm->probing = exit_trace_induced_on && exit_trace_probe();
	WRITE_ONCE(vm->induced, vm->probing);
}

void exit_trace_induced_add(struct exit_trace_vm *vm, struct exit_trace_vcpu *trace)
{
	if (!vm->induced)
		return;
	if (trace->induced) {
		/* The log is as long as the marks, each of which writes its entry. */
		trace->induced->exit = 0;
		trace->induced->only = false;
		WRITE_ONCE(trace->induced->count, 0);
	} else {
		/* pairs with exit_trace_mark() and exit_trace_has_induced() */
		smp_store_release(&trace->induced,
				  kzalloc(sizeof(*trace->induced), GFP_KERNEL_ACCOUNT));
	}
	if (!trace->induced)
		WRITE_ONCE(vm->induced, false); /* of some vCPUs it says nothing */
}

void exit_trace_induced_end(struct exit_trace_vm *vm)
{
	if (vm->probing)
		exit_trace_unprobe();
	vm->probing = false;
}
