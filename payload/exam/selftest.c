// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations that exit exactly once each.  The test checks what they add to the count of
 * their reason on our own vCPU.  Other reasons may grow meanwhile.  Some operations exit
 * only on some hosts.  One operation shows whether they do.  If not, the record says so.
 * Then come the clocks: the time of the VMM, and time spent waiting, is not on KVM's clock.
 */
#include <asm/kvm.h>
#include <asm/svm.h>
#include <asm/vmx.h>

#include "payload/machine/apic.h"
#include "payload/lib/leaves.h"
#include "payload/exam/operations.h"
#include "payload/page.h"
#include "payload/payload.h"
#include "payload/lib/records.h"

#define OPERATIONS	1000
#define USER_TICKS	100	/* less than any trip to a VMM and back */
#define SLEEP_APIC_TICKS 10000000 /* 10 ms */

#define MSR_TSC_DEADLINE 0x6e0
#define MSECS_DIVISOR	25	/* 1/25 ms is 40 us: longer than any way to arm a timer takes */

#define SVM_NPF (KVM_EXIT_TRACE_SVM_DIRECT + SVM_EXIT_NPF - KVM_EXIT_TRACE_SVM_HIGH_BASE)
#define SVM_PAGE_FAULT (SVM_EXIT_EXCP_BASE + 14)
#define NO_SLOT	KVM_EXIT_TRACE_NR_SLOTS

struct test {
	const char *name;
	u32 vmx, svm;		/* slot: the exit reason, except for SVM's NPF */
	u32 overhead;		/* our own exits of that reason between the two latches */
	void (*operation)(void);
	void (*prepare)(void);
	const char *without;	/* why it may add nothing; NULL if it must add */
};

/* Waits twice as long as the timer, so that the interrupt comes.  The wait itself has no exit. */
static void do_deadline(void)
{
	u64 ticks = tracer.tsc_khz / MSECS_DIVISOR;
	u64 deadline = rdtsc() + ticks;

	wrmsr(MSR_TSC_DEADLINE, deadline);
	asm volatile("sti" : : : "memory");
	wait_until(deadline + ticks);
	asm volatile("cli" : : : "memory");
}

static void prepare_deadline(void)
{
	*apic_register(APIC_LVT_TIMER) = APIC_TSC_DEADLINE | VECTOR_WAKE;
}

static const struct test tests[] = {
	/* overhead: the first read of the frozen count, and the second latch itself */
	{ "cpuid", EXIT_REASON_CPUID, SVM_EXIT_CPUID, 2, do_cpuid, NULL, NULL },
	{ "port_read", EXIT_REASON_IO_INSTRUCTION, SVM_EXIT_IOIO, 0, do_port_user, NULL, NULL },
	{ "msr_read", EXIT_REASON_MSR_READ, SVM_EXIT_MSR, 0, do_msr_read, NULL, NULL },
	{ "msr_write", EXIT_REASON_MSR_WRITE, SVM_EXIT_MSR, 0, do_msr_write, NULL, NULL },
	{ "hlt", EXIT_REASON_HLT, SVM_EXIT_HLT, 0, do_hlt, prepare_wake, NULL },
	{ "hypercall", EXIT_REASON_VMCALL, SVM_EXIT_VMMCALL, 0, do_hypercall, NULL, NULL },
	/* one read prepares: it is another exit, because the page is not known yet */
	{ "mmio_read", EXIT_REASON_EPT_MISCONFIG, SVM_NPF, 0, do_mmio_read, do_mmio_read,
	  "shadow paging" },
	{ "mmio_read_shadow", EXIT_REASON_EXCEPTION_NMI, SVM_PAGE_FAULT, 0, do_mmio_read, NULL,
	  "no shadow paging" },
	{ "interrupt_window", EXIT_REASON_INTERRUPT_WINDOW, SVM_EXIT_VINTR, 0, do_window, NULL,
	  "the CPU delivers by itself" },
	{ "deadline_timer", EXIT_REASON_PREEMPTION_TIMER, NO_SLOT, 0, do_deadline,
	  prepare_deadline, "no preemption timer" },
};

static u32 slot_of(u32 vmx, u32 svm)
{
	return tracer.vendor == KVM_EXIT_TRACE_VENDOR_VMX ? vmx : svm;
}

/* Returns what so many operations added to their slot. */
static u64 added(const struct test *test, u32 slot, u32 operations)
{
	u64 before;

	latch();
	before = latched_count(slot);
	for (u32 i = 0; i < operations; i++)
		test->operation();
	latch();
	return latched_count(slot) - before - test->overhead;
}

static void run(const struct test *test)
{
	u32 slot = slot_of(test->vmx, test->svm);
	u64 got;

	if (slot != NO_SLOT && test->prepare)
		test->prepare();
	if (slot == NO_SLOT || (test->without && !added(test, slot, 1))) {
		expect_none(test->name, test->without);
		return;
	}
	got = added(test, slot, OPERATIONS);
	expect(test->name, OPERATIONS, OPERATIONS, got, got == OPERATIONS);
}

/* The VMM answers a port read.  The time that this takes is on its own clock. */
static void run_clock_user(void)
{
	u32 slot = slot_of(EXIT_REASON_IO_INSTRUCTION, SVM_EXIT_IOIO);
	u64 before, got;

	latch();
	before = latched_cycles(slot, KVM_EXIT_TRACE_CLOCK_USER);
	for (u32 i = 0; i < OPERATIONS; i++)
		do_port_user();
	latch();
	got = latched_cycles(slot, KVM_EXIT_TRACE_CLOCK_USER) - before;
	expect("clock_user", OPERATIONS, OPERATIONS * USER_TICKS, got,
	       got >= OPERATIONS * USER_TICKS);
}

/* If a HLT waits for the timer, nearly all of that time is idle, and not KVM's work. */
static void run_clock_idle(void)
{
	u32 slot = slot_of(EXIT_REASON_HLT, SVM_EXIT_HLT);
	u64 start, slept, idle, kvm;

	latch();
	idle = latched_cycles(slot, KVM_EXIT_TRACE_CLOCK_IDLE);
	kvm = latched_cycles(slot, KVM_EXIT_TRACE_CLOCK_KVM);
	prepare_timer();
	start = rdtsc();
	do_sleep(SLEEP_APIC_TICKS);
	slept = rdtsc() - start;
	latch();
	idle = latched_cycles(slot, KVM_EXIT_TRACE_CLOCK_IDLE) - idle;
	kvm = latched_cycles(slot, KVM_EXIT_TRACE_CLOCK_KVM) - kvm;
	expect("clock_idle", slept, slept - (slept >> 3), idle, idle >= slept - (slept >> 3) &&
	       idle <= slept);
	expect("clock_kvm", slept, slept >> 3, kvm, kvm <= slept >> 3);
}

/* A write of one byte marks.  A write of four bytes does not concern the tracer. */
static void run_mark_port(void)
{
	u32 before = log_entries();
	u32 got;

	outb(KVM_EXIT_TRACE_PORT, KVM_EXIT_TRACE_PHASE_CUSTOM);
	outl(KVM_EXIT_TRACE_PORT, KVM_EXIT_TRACE_PHASE_CUSTOM);
	got = log_entries() - before;
	expect("mark_port", 1, 1, got, got == 1);
}

void selftest(void)
{
	for (u32 i = 0; i < ARRAY_SIZE(tests); i++)
		run(&tests[i]);
	run_clock_user();
	run_clock_idle();
	clocks_test();
	page_test();
	run_mark_port();
	if (tracer.vcpus > 1)
		storm();
}
