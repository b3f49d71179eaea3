// SPDX-License-Identifier: GPL-2.0-only
/*
 * The timer's interrupt polls into a ring.  All other work is done between interrupts,
 * so that printing, which is slow, delays no poll.  Between two polls the vCPU is in
 * HLT.
 */
#include "payload/machine/apic.h"
#include "payload/lib/cpu.h"
#include "payload/machine/cpus.h"
#include "payload/lib/describe.h"
#include "payload/lib/leaves.h"
#include "payload/linux/observer.h"
#include "payload/options.h"
#include "payload/page.h"
#include "payload/machine/panic.h"
#include "payload/payload.h"
#include "payload/lib/records.h"
#include "payload/lib/serial.h"

#define RING		4096	/* samples */
#define RECORD_SAMPLES	24	/* in one record, which must fit into a line */
#define LOOK_EVERY	16	/* polls between two looks at the phase log */
#define INTERVAL_US	1000	/* unless the user wants another one */
#define APIC_TICKS_US	1000	/* KVM's APIC timer counts nanoseconds */
#define LINGER_MS	1000
#define BYTES_MS	16	/* printed in each ms: each is an exit to the VMM, and takes time */

#define VECTOR_NMI	2
#define VECTOR_FIRST	32
#define VECTOR_TIMER	0x40
#define VECTOR_SPURIOUS	0xff
#define VECTORS		256

struct sample {
	u64 tsc, own, others;
	u64 gap;		/* longest time between two polls since the last sample */
};

/* The interrupt writes all counters, and the ring at head.  The loop reads the ring at tail. */
static struct {
	struct sample ring[RING];
	volatile u32 head, tail;
	volatile u32 polls;
	u64 dropped;
	u64 last_tsc, last_others;
	u64 gap, longest;	/* between two polls: since the last sample, and ever */
	u64 kept;		/* samples in records */
	u64 interval_us;
	u32 apic_id;
	volatile u32 *eoi;
	volatile bool running;
} observer;

static u8 stack[CPU_STACK] __attribute__((aligned(16)));

static u64 longer(u64 a, u64 b)
{
	return a > b ? a : b;
}

/* With two vCPUs each has a page.  With more, only the leaf has the total of the others. */
static struct own counts(void)
{
	struct page_totals own, others;

	if (tracer.vcpus == 2 && page_read(PAGE_OBSERVER, &own) && page_read(PAGE_BOOT, &others))
		return (struct own){ own.exits, others.exits };
	return own_read();
}

static void poll(void)
{
	struct own now = counts();
	u64 tsc = rdtsc();

	if (observer.polls)
		observer.gap = longer(observer.gap, tsc - observer.last_tsc);
	observer.longest = longer(observer.longest, observer.gap);
	observer.last_tsc = tsc;
	observer.polls++;
	if (now.others == observer.last_others)
		return;
	observer.last_others = now.others;
	if (observer.head - observer.tail == RING) {
		observer.dropped++;
		return;
	}
	observer.ring[observer.head % RING] = (struct sample){ tsc, now.own, now.others,
								     observer.gap };
	observer.gap = 0;
	observer.head++;
}

static void end_of_interrupt(void)
{
	*observer.eoi = 0;
}

__attribute__((interrupt)) static void on_timer(void *frame)
{
	(void)frame;
	poll();
	end_of_interrupt();
}

/* Linux may send an interrupt to all CPUs but its own.  We ignore it. */
__attribute__((interrupt)) static void on_stray(void *frame)
{
	(void)frame;
	end_of_interrupt();
}

__attribute__((interrupt)) static void on_nothing(void *frame)
{
	(void)frame;
}

/* This vector is in service only if another CPU sent it. */
__attribute__((interrupt)) static void on_spurious(void *frame)
{
	(void)frame;
	if (*apic_register(APIC_ISR_LAST) & 1u << (VECTOR_SPURIOUS & 31))
		end_of_interrupt();
}

static void set_gates(void)
{
	panic_set_gate(VECTOR_NMI, (void (*)(void))on_nothing);
	for (u32 vector = VECTOR_FIRST; vector < VECTORS; vector++)
		panic_set_gate(vector, (void (*)(void))on_stray);
	panic_set_gate(VECTOR_TIMER, (void (*)(void))on_timer);
	panic_set_gate(VECTOR_SPURIOUS, (void (*)(void))on_spurious);
}

static void interrupts(bool on)
{
	if (on)
		asm volatile("sti" : : : "memory");
	else
		asm volatile("cli" : : : "memory");
}

static void start_timer(void)
{
	apic_enable();
	observer.eoi = apic_register(APIC_EOI);
	if (!observer.interval_us)
		return;
	*apic_register(APIC_TIMER_DIV) = APIC_DIV_BY_1;
	*apic_register(APIC_LVT_TIMER) = APIC_PERIODIC | VECTOR_TIMER;
	*apic_register(APIC_TIMER_INIT) = observer.interval_us * APIC_TICKS_US;
	interrupts(true);
}

/* Waits for the next poll.  Without an interval, it polls itself. */
static void next_poll(void)
{
	u32 before = observer.polls;

	if (!observer.interval_us) {
		poll();
		return;
	}
	interrupts(false);
	while (observer.polls == before)	/* STI takes effect only after HLT has begun */
		asm volatile("sti; hlt; cli" : : : "memory");
	interrupts(true);
}

static u32 waiting(void)
{
	return observer.head - observer.tail;
}

/* Returns the longest gap of the next n samples. */
static u64 longest_gap(u32 n)
{
	u64 gap = 0;

	for (u32 i = 0; i < n; i++)
		gap = longer(gap, observer.ring[(observer.tail + i) % RING].gap);
	return gap;
}

/* Prints one record, with as many samples as fit into it. */
static void print_some(void)
{
	u32 n = waiting() < RECORD_SAMPLES ? waiting() : RECORD_SAMPLES;
	struct sample last = observer.ring[observer.tail % RING];

	record_begin("samples");
	record_number("n", observer.kept);
	record_number("tsc", last.tsc);
	record_number("others", last.others);
	record_number("own", last.own);
	record_number("gap", longest_gap(n));
	for (u32 i = 1; i < n; i++) {
		struct sample s = observer.ring[(observer.tail + i) % RING];

		record_pair(i == 1 ? "d" : NULL, s.tsc - last.tsc, s.others - last.others);
		last = s;
	}
	record_end();
	observer.tail += n;
	observer.kept += n;
}

/* Prints all samples that wait now.  Samples that come meanwhile are for the next time. */
static void print_samples(void)
{
	u32 end = observer.head;

	while ((int)(end - observer.tail) > 0)
		print_some();
}

static void print_observer(void)
{
	record_begin("observer");
	record_number("vcpu", tracer.vcpus - 1);
	record_number("interval", observer.interval_us);
	record_end();
}

static void print_observed(void)
{
	print_samples();
	record_begin("observed");
	record_number("polls", observer.polls);
	record_number("kept", observer.kept);
	record_number("gap", observer.longest);
	record_end();
	describe_restart();
	describe_dropped(observer.dropped);
}

/*
 * Prints new marks, up to the boot's last one.  Returns how many log entries are printed after
 * that.
 */
static u32 print_marks(u32 printed, bool *complete)
{
	u32 last = log_find(KVM_EXIT_TRACE_PHASE_USERSPACE, printed);
	u32 entries = last == MARK_DROPPED ? log_entries() : last + 1;

	print_samples();
	phases_print(printed, entries);
	*complete = last != MARK_DROPPED;
	return entries;
}

/* Prints what there is, and waits for the next poll, until the boot is complete. */
static void observe(void)
{
	u32 printed = 0, looked = 0;
	bool complete = false;

	while (!complete) {
		next_poll();
		if (waiting() >= RECORD_SAMPLES)
			print_some();
		if (observer.polls - looked < LOOK_EVERY)
			continue;
		looked = observer.polls;
		if (log_entries() > printed)
			printed = print_marks(printed, &complete);
	}
	if (options.sync)
		sync_print(printed - 1, next_poll);
	details_print(printed);
}

/* A getty announces a login shortly before it prints its prompt.  This waits for the prompt. */
static void linger(void)
{
	u64 until = rdtsc() + (u64)tracer.tsc_khz * LINGER_MS;

	do
		next_poll();
	while (rdtsc() < until);
}

static void observer_main(void)
{
	observer.running = true;
	if (tracer.vcpus == 2)
		page_register(PAGE_OBSERVER);
	own_read();	/* even if there are pages: by this leaf KVM knows which vCPU observes */
	start_timer();
	poll();
	serial_pace(observer.interval_us < 1000 ? BYTES_MS :
		    BYTES_MS * (u32)observer.interval_us / 1000, next_poll);
	opening();
	print_observer();
	observe();
	print_observed();
	verdict_print();
	if (options.stay)
		halt_forever();
	linger();
	stop();
}

const char *observer_start(void)
{
	if (tracer.vcpus < 2)
		return "one vCPU: no observer, marks only";
	if (!options.observer)
		return "observer=0: no observer, marks only";
	if (!(tracer.revision & 0xffff))
		return "the tracer's ABI is 1.0: no observer, marks only";
	if (!serial_find(options.observer))
		return "nothing to print to at the observer's port: no observer, marks only";
	observer.interval_us = options.interval_us == INTERVAL_UNSAID ? INTERVAL_US :
			       options.interval_us;
	observer.apic_id = vcpu_apic_id(tracer.vcpus - 1);
	set_gates();
	if (tracer.vcpus == 2)
		page_register(PAGE_BOOT);
	if (cpu_start(observer.apic_id, observer_main, stack + sizeof(stack), &observer.running))
		return NULL;
	serial_init(options.serial);
	return "its vCPU does not start: no observer, marks only";
}

void observer_stop(void)
{
	if (!observer.running || is_observer())
		return;
	cpu_stop(observer.apic_id);
	observer.running = false;
	serial_write("\r\n", 2);
}
