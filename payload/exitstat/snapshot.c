// SPDX-License-Identifier: GPL-2.0-only
#include <asm/kvm.h>
#include <asm/svm.h>
#include <asm/vmx.h>
#include <errno.h>
#include <error.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "payload/lib/names.h"
#include "payload/exitstat/snapshot.h"

#define TRIES		16
#define MAX_CPUS	8192	/* the largest NR_CPUS of an x86 kernel */

static cpu_set_t *cpus_alloc(void)
{
	cpu_set_t *cpus = CPU_ALLOC(MAX_CPUS);

	if (!cpus)
		error(3, errno, "CPU set");
	CPU_ZERO_S(CPU_ALLOC_SIZE(MAX_CPUS), cpus);
	return cpus;
}

/*
 * Stays on this CPU.  Returns the CPUs that were allowed before.  If the kernel refuses, that
 * is no error, because a latch of another vCPU is noticed.
 */
static cpu_set_t *pin(void)
{
	cpu_set_t *before = cpus_alloc();
	cpu_set_t *one = cpus_alloc();

	sched_getaffinity(0, CPU_ALLOC_SIZE(MAX_CPUS), before);
	CPU_SET_S(sched_getcpu(), CPU_ALLOC_SIZE(MAX_CPUS), one);
	sched_setaffinity(0, CPU_ALLOC_SIZE(MAX_CPUS), one);
	CPU_FREE(one);
	return before;
}

static void unpin(cpu_set_t *before)
{
	sched_setaffinity(0, CPU_ALLOC_SIZE(MAX_CPUS), before);
	CPU_FREE(before);
}

static void read_slot(struct slot_counts *to, u32 slot)
{
	to->count = latched_count(slot);
	for (u32 clock = 0; to->count && clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++)
		to->cycles[clock] = latched_cycles(slot, clock);
}

/* Returns whether the counters that it read are the latched ones. */
static bool take_once(struct snapshot *s)
{
	u64 total, exits = 0;

	memset(s, 0, sizeof(*s));
	total = latch_all(&s->whole);
	s->tsc = rdtsc();
	s->own = self_exits;
	for (u32 slot = 0; slot < tracer.slots; slot++) {
		read_slot(&s->slot[slot], slot);
		exits += s->slot[slot].count;
	}
	read_slot(&s->sum, KVM_EXIT_TRACE_SLOT_SUM);
	return exits == total && s->sum.count == total;
}

bool snapshot_take(struct snapshot *snapshot)
{
	cpu_set_t *before = pin();
	bool taken = false;

	for (int i = 0; !taken && i < TRIES; i++)
		taken = take_once(snapshot);
	unpin(before);
	return taken;
}

static void subtract(struct slot_counts *difference, const struct slot_counts *from,
		     const struct slot_counts *to)
{
	difference->count = to->count - from->count;
	for (u32 clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++)
		difference->cycles[clock] = to->cycles[clock] - from->cycles[clock];
}

void snapshot_subtract(struct snapshot *difference, const struct snapshot *from,
		       const struct snapshot *to)
{
	difference->tsc = to->tsc - from->tsc;
	difference->own = to->own - from->own;
	difference->whole = from->whole && to->whole;
	subtract(&difference->sum, &from->sum, &to->sum);
	for (u32 slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		subtract(&difference->slot[slot], &from->slot[slot], &to->slot[slot]);
}

u32 snapshot_cpuid_slot(void)
{
	return tracer.vendor == KVM_EXIT_TRACE_VENDOR_VMX ? EXIT_REASON_CPUID : SVM_EXIT_CPUID;
}

u64 snapshot_net(const struct snapshot *difference, u32 slot)
{
	if (slot == KVM_EXIT_TRACE_SLOT_SUM)
		return difference->sum.count - difference->own;
	if (slot == snapshot_cpuid_slot())
		return difference->slot[slot].count - difference->own;
	return difference->slot[slot].count;
}

const char *snapshot_slot_name(u32 slot)
{
	return name_of_slot(tracer.vendor, slot, slot_code(slot));
}
