// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations that exit exactly once each, and what they added to the count of
 * their reason on our own vCPU.  Other reasons may grow as they like.  Then, the
 * clocks: what the VMM and what waiting takes is not on KVM's.
 */
#include <asm/kvm.h>
#include <asm/svm.h>
#include <asm/vmx.h>

#include "apic.h"
#include "leaves.h"
#include "panic.h"
#include "payload.h"
#include "record.h"

#define OPERATIONS	1000
#define USER_TICKS	100	/* less than any way to a VMM and back */
#define SLEEP_APIC_TICKS 10000000 /* 10 ms: KVM's APIC timer counts nanoseconds */

#define PORT_POST	0x80	/* a port whose read has no effect on any PC */
#define NO_HYPERCALL	0xffffffff

#define VECTOR_WAKE	0x40

struct test {
	const char *name;
	u32 vmx, svm;		/* exit reason, which is the slot (docs/abi.md, leaf SLOT) */
	u32 overhead;		/* our own exits of that reason between the two latches */
	void (*operation)(void);
	void (*prepare)(void);
};

/* entry.asm's handler of the wake-up, and where it acknowledges */
extern void stub_wake(void);
extern volatile u32 *wake_eoi;

static volatile u32 *icr;

static void do_cpuid(void)
{
	leaf_read(0, 0);
}

static void do_port_read(void)
{
	inb(PORT_POST);
}

static void do_msr_read(void)
{
	rdmsr(MSR_APIC_BASE);
}

/* STI takes effect after the next instruction: HLT is reached, then woken. */
static void do_hlt(void)
{
	*icr = APIC_SELF_FIXED | VECTOR_WAKE;
	asm volatile("sti; hlt; cli" : : : "memory");
}

static void do_hypercall(void)
{
	u32 number = NO_HYPERCALL;

	if (tracer.vendor == KVM_EXIT_TRACE_VENDOR_VMX)
		asm volatile("vmcall" : "+a"(number) : : "memory");
	else
		asm volatile("vmmcall" : "+a"(number) : : "memory");
}

/* Our own interrupt must be the only one that can come. */
static void prepare_hlt(void)
{
	pic_mask();
	apic_enable();
	icr = apic_register(APIC_ICR_LOW);
	wake_eoi = apic_register(APIC_EOI);
	panic_set_gate(VECTOR_WAKE, stub_wake);
}

static const struct test tests[] = {
	/* the first read of the frozen count, and the second latch itself */
	{ "cpuid", EXIT_REASON_CPUID, SVM_EXIT_CPUID, 2, do_cpuid, NULL },
	{ "port_read", EXIT_REASON_IO_INSTRUCTION, SVM_EXIT_IOIO, 0, do_port_read, NULL },
	{ "msr_read", EXIT_REASON_MSR_READ, SVM_EXIT_MSR, 0, do_msr_read, NULL },
	{ "hlt", EXIT_REASON_HLT, SVM_EXIT_HLT, 0, do_hlt, prepare_hlt },
	{ "hypercall", EXIT_REASON_VMCALL, SVM_EXIT_VMMCALL, 0, do_hypercall, NULL },
};

static u32 slot_of(u32 vmx, u32 svm)
{
	return tracer.vendor == KVM_EXIT_TRACE_VENDOR_VMX ? vmx : svm;
}

static void run(const struct test *test)
{
	u32 slot = slot_of(test->vmx, test->svm);
	u64 before, got;

	if (test->prepare)
		test->prepare();
	latch();
	before = latched_count(slot);
	for (u32 i = 0; i < OPERATIONS; i++)
		test->operation();
	latch();
	got = latched_count(slot) - before - test->overhead;
	expect(test->name, OPERATIONS, OPERATIONS, got, got == OPERATIONS);
}

/* The VMM answers a port read: that takes it some time, on its own clock. */
static void run_clock_user(void)
{
	u32 slot = slot_of(EXIT_REASON_IO_INSTRUCTION, SVM_EXIT_IOIO);
	u64 before, got;

	latch();
	before = latched_cycles(slot, KVM_EXIT_TRACE_CLOCK_USER);
	for (u32 i = 0; i < OPERATIONS; i++)
		do_port_read();
	latch();
	got = latched_cycles(slot, KVM_EXIT_TRACE_CLOCK_USER) - before;
	expect("clock_user", OPERATIONS, OPERATIONS * USER_TICKS, got,
	       got >= OPERATIONS * USER_TICKS);
}

/* A HLT that waits for the timer is idle nearly all of that time, and not KVM's work. */
static void run_clock_idle(void)
{
	u32 slot = slot_of(EXIT_REASON_HLT, SVM_EXIT_HLT);
	u64 start, slept, idle, kvm;

	latch();
	idle = latched_cycles(slot, KVM_EXIT_TRACE_CLOCK_IDLE);
	kvm = latched_cycles(slot, KVM_EXIT_TRACE_CLOCK_KVM);
	*apic_register(APIC_LVT_TIMER) = VECTOR_WAKE;
	*apic_register(APIC_TIMER_DIV) = APIC_DIV_BY_1;
	start = rdtsc();
	*apic_register(APIC_TIMER_INIT) = SLEEP_APIC_TICKS;
	asm volatile("sti; hlt; cli" : : : "memory");
	slept = rdtsc() - start;
	latch();
	idle = latched_cycles(slot, KVM_EXIT_TRACE_CLOCK_IDLE) - idle;
	kvm = latched_cycles(slot, KVM_EXIT_TRACE_CLOCK_KVM) - kvm;
	expect("clock_idle", slept, slept - (slept >> 3), idle, idle >= slept - (slept >> 3) &&
	       idle <= slept);
	expect("clock_kvm", slept, slept >> 3, kvm, kvm <= slept >> 3);
}

/* One byte marks; four bytes are none of the tracer's. */
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
	run_mark_port();
	if (tracer.vcpus > 1)
		storm();
}
