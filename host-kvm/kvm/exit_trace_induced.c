// SPDX-License-Identifier: GPL-2.0-only
/*
 * Count the exits that the observer causes to other vCPUs.  If the observer's
 * vCPU has no CPU of its own, its APIC timer can expire while another vCPU is
 * in the guest.  The kernel's tracepoint for timers tells which timer it was.
 * So nothing of this is on an exit's path.
 */
#include <linux/hrtimer.h>
#include <linux/tracepoint.h>
#include <asm/vmx.h>

#include "lapic.h"
#include "x86.h"
#include "exit_trace_vm.h"

/*
 * exit_trace_lock can't protect these: exit_trace_enable() holds it while it
 * puts a VM, and if that was the last reference, the VM goes and unprobes.
 */
static DEFINE_MUTEX(exit_trace_probe_lock);
static struct tracepoint *exit_trace_probed;
static unsigned int exit_trace_probes; /* VMs */

/* Is it the timer of the vCPU that observes this one? */
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
 * A timer expires, in interrupt context.  KVM lets in the interrupt that caused
 * an exit at one place, while @handling_intr_from_guest is set.  Later
 * interrupts find the vCPU out of the guest, and caused no exit.  An exit
 * counts when the observer's timer expires there.  If another timer expires
 * there, too, it no longer counts.
 */
static void exit_trace_expire(void *unused, struct hrtimer *timer, ktime_t *now)
{
	struct kvm_vcpu *vcpu = kvm_get_running_vcpu();
	struct exit_trace_induced *induced;
	bool observers;

	if (!vcpu || vcpu->arch.handling_intr_from_guest != KVM_HANDLING_IRQ)
		return;
	/* pairs with exit_trace_start(), which sets @induced before @on */
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

/* Probe for one VM more.  False: the kernel has no such tracepoint, or no memory. */
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

/* A VM keeps kvm.ko loaded, so the last VM's probe is gone before the module goes. */
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
		/* The log needs no reset: each mark writes its own entry. */
		trace->induced->exit = 0;
		trace->induced->only = false;
		WRITE_ONCE(trace->induced->count, 0);
	} else {
		/* pairs with exit_trace_mark() and exit_trace_has_induced() */
		smp_store_release(&trace->induced,
				  kzalloc(sizeof(*trace->induced), GFP_KERNEL_ACCOUNT));
	}
	if (!trace->induced)
		WRITE_ONCE(vm->induced, false); /* some vCPUs would have no number */
}

void exit_trace_induced_end(struct exit_trace_vm *vm)
{
	if (vm->probing)
		exit_trace_unprobe();
	vm->probing = false;
}
