// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest may register a page for each vCPU.  KVM writes the vCPU's totals to it
 * at each entry, so that reading them costs no exit.  As with KVM's steal time,
 * KVM reaches guest memory through the VMM's mapping, and pins nothing.  If an
 * entry finds the page away, the vCPU exits at once, and KVM writes the page
 * where it may sleep.
 */
#include <linux/uaccess.h>
#include <trace/events/ipi.h>

#include "x86.h"
#include "exit_trace_vm.h"

struct exit_trace_mirror {
	u32 version;
	u32 flags;
	u64 exits;
	u64 cycles[KVM_EXIT_TRACE_CLOCK_ELAPSED + 1];
};

static_assert(sizeof(struct exit_trace_mirror) == KVM_EXIT_TRACE_PAGE_SIZE);
static_assert(offsetof(struct exit_trace_mirror, flags) == KVM_EXIT_TRACE_PAGE_FLAGS);
static_assert(offsetof(struct exit_trace_mirror, exits) == KVM_EXIT_TRACE_PAGE_EXITS);
static_assert(offsetof(struct exit_trace_mirror, cycles) == KVM_EXIT_TRACE_PAGE_CLOCKS);
static_assert(offsetof(struct exit_trace_mirror, cycles[KVM_EXIT_TRACE_CLOCK_GUEST]) ==
	      KVM_EXIT_TRACE_PAGE_GUEST);
static_assert(offsetof(struct exit_trace_mirror, cycles[KVM_EXIT_TRACE_CLOCK_ELAPSED]) ==
	      KVM_EXIT_TRACE_PAGE_ELAPSED);

static bool exit_trace_page_find(struct exit_trace_vcpu *trace)
{
	gpa_t gpa = trace->page.msr & ~(u64)(KVM_EXIT_TRACE_PAGE_SIZE - 1);
	struct gfn_to_hva_cache *cache = &trace->page.cache;
	struct kvm *kvm = trace->vcpu->kvm;

	if (READ_ONCE(kvm_memslots(kvm)->generation) == cache->generation && gpa == cache->gpa &&
	    !kvm_is_error_hva(cache->hva) && cache->memslot)
		return true;
	if (kvm_gfn_to_hva_cache_init(kvm, cache, gpa, KVM_EXIT_TRACE_PAGE_SIZE))
		return false;
	/* KVM has memslots of its own, such as that of the APIC's page: refuse these. */
	if (!kvm_is_visible_memslot(cache->memslot))
		cache->memslot = NULL;
	return cache->memslot;
}

/*
 * Each write takes an entry of the vCPU's dirty ring, if the VM has rings.
 * vcpu_enter_guest() checks whether the ring gets full.  VMX's fast path enters
 * the guest again without this check.
 */
static bool exit_trace_page_has_room(const struct kvm_vcpu *vcpu)
{
	const struct kvm_dirty_ring *ring = &vcpu->dirty_ring;

	return !vcpu->kvm->dirty_ring_size ||
	       ring->dirty_index - READ_ONCE(ring->reset_index) < ring->soft_limit;
}

/* Runs in the vCPU's own thread, so nothing but the time moves. */
static void exit_trace_page_sum(const struct exit_trace_vcpu *trace,
				u64 sum[KVM_EXIT_TRACE_CLOCK_ELAPSED + 1])
{
	const struct exit_trace_live *live = exit_trace_live(trace);
	u64 running = 0;

	/* KVM's time since the last charge, if a counted exit is being processed */
	if ((s64)live->guest >= 0 && live->current_slot != &live->before)
		running = max(rdtsc(), live->since) - live->since;
	exit_trace_times(trace, &sum[KVM_EXIT_TRACE_CLOCK_GUEST],
			 &sum[KVM_EXIT_TRACE_CLOCK_ELAPSED]);
	sum[KVM_EXIT_TRACE_CLOCK_ELAPSED] += running;
	sum[KVM_EXIT_TRACE_CLOCK_KVM] = exit_trace_cycles(trace, KVM_EXIT_TRACE_CLOCK_KVM) +
					running;
	sum[KVM_EXIT_TRACE_CLOCK_IDLE] = live->asleep[0];
	sum[KVM_EXIT_TRACE_CLOCK_PREEMPTED] = live->asleep[1];
	sum[KVM_EXIT_TRACE_CLOCK_USER] = sum[KVM_EXIT_TRACE_CLOCK_ELAPSED] -
					 sum[KVM_EXIT_TRACE_CLOCK_GUEST] -
					 sum[KVM_EXIT_TRACE_CLOCK_KVM] -
					 live->asleep[0] - live->asleep[1];
}

/* While access to user memory is open, no function may be called, not even UBSAN's. */
static __no_sanitize_undefined bool
exit_trace_page_put(struct exit_trace_mirror __user *to, u32 flags, struct exit_trace_vcpu *trace)
{
	u64 sum[KVM_EXIT_TRACE_CLOCK_ELAPSED + 1];
	u32 *version = &trace->page.version;
	u32 i;

	exit_trace_page_sum(trace, sum);
	if (!user_access_begin(to, sizeof(*to)))
		return false;
	unsafe_put_user(*version + 1, &to->version, fault);
	smp_wmb(); /* the odd version before the rest */
	unsafe_put_user(flags, &to->flags, fault);
	unsafe_put_user(exit_trace_total(trace), &to->exits, fault);
	for (i = 0; i < ARRAY_SIZE(sum); i++)
		unsafe_put_user(sum[i], &to->cycles[i], fault);
	smp_wmb(); /* the rest before the even version */
	unsafe_put_user(*version + 2, &to->version, fault);
	user_access_end();
	*version += 2;
	return true;
fault:
	user_access_end();
	return false;
}

/* Returns false if the page can't be reached, or not without sleeping. */
static bool exit_trace_page_write(struct exit_trace_vcpu *trace, u32 flags)
{
	struct gfn_to_hva_cache *cache = &trace->page.cache;
	struct kvm *kvm = trace->vcpu->kvm;
	bool written = false;
	int idx;

	idx = srcu_read_lock(&kvm->srcu);
	if (exit_trace_page_find(trace)) {
		written = exit_trace_page_put((void __user *)cache->hva, flags, trace);
		if (written)
			mark_page_dirty_in_slot(kvm, cache->memslot, gpa_to_gfn(cache->gpa));
	}
	srcu_read_unlock(&kvm->srcu, idx);
	return written;
}

/*
 * Runs in place of the vendor's vcpu_run() while exit_trace_page is on.
 * Interrupts are off, and the PKRU is still the host's.
 */
enum exit_fastpath_completion exit_trace_vcpu_run(struct kvm_vcpu *vcpu, u64 run_flags)
{
	struct exit_trace_vcpu *trace = vcpu->arch.exit_trace;
	bool written = true;

	if (exit_trace_enabled() && exit_trace_is_on(vcpu) && trace->page.msr) {
		pagefault_disable();
		written = exit_trace_page_has_room(vcpu) &&
			  exit_trace_page_write(trace, KVM_EXIT_TRACE_PAGE_LIVE);
		pagefault_enable();
	}
	if (!written) {
		kvm_make_request(KVM_REQ_STEAL_UPDATE, vcpu);
		smp_send_reschedule(vcpu->cpu);
	}
	return static_call(exit_trace_stock_run)(vcpu, run_flags);
}

/**
 * exit_trace_page_drop - stop writing to a vCPU's page, and say so there; may sleep
 * @vcpu: the vCPU
 */
void exit_trace_page_drop(struct kvm_vcpu *vcpu)
{
	struct exit_trace_vcpu *trace = vcpu->arch.exit_trace;

	if (!trace || !trace->page.msr)
		return;
	exit_trace_page_write(trace, 0);
	trace->page.msr = 0;
}

/* Runs where KVM may sleep, on request of exit_trace_vcpu_run() or exit_trace_leave_guest(). */
void __exit_trace_page_sync(struct kvm_vcpu *vcpu)
{
	struct exit_trace_vcpu *trace = vcpu->arch.exit_trace;

	if (!trace || !trace->page.msr)
		return;
	if (!exit_trace_page_offered(vcpu) ||
	    !exit_trace_page_write(trace, KVM_EXIT_TRACE_PAGE_LIVE))
		exit_trace_page_drop(vcpu);
}

/** exit_trace_page_get - read KVM_EXIT_TRACE_MSR_PAGE; never fails */
int exit_trace_page_get(struct kvm_vcpu *vcpu, u64 *data)
{
	*data = vcpu->arch.exit_trace->page.msr;
	return 0;
}

/**
 * exit_trace_page_set - write KVM_EXIT_TRACE_MSR_PAGE
 * @vcpu: the vCPU whose MSR it is
 * @data: the value
 *
 * Return: 0, or 1 for #GP: a reserved bit is set, or KVM can't write that memory.
 */
int exit_trace_page_set(struct kvm_vcpu *vcpu, u64 data)
{
	struct exit_trace_vcpu *trace = vcpu->arch.exit_trace;
	u64 reserved = (KVM_EXIT_TRACE_PAGE_SIZE - 1) & ~KVM_EXIT_TRACE_PAGE_ENABLED;

	if (data & (reserved | vcpu->arch.reserved_gpa_bits))
		return 1;

	exit_trace_page_drop(vcpu);
	if (!(data & KVM_EXIT_TRACE_PAGE_ENABLED))
		return 0;

	trace->page.msr = data;
	if (exit_trace_page_write(trace, KVM_EXIT_TRACE_PAGE_LIVE))
		return 0;
	trace->page.msr = 0;
	return 1;
}
