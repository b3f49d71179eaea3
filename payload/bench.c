// SPDX-License-Identifier: GPL-2.0-only
/* What a CPUID costs: TSC ticks from the guest's view, the round trip. */
#include "apic.h"
#include "leaves.h"
#include "lib.h"
#include "payload.h"
#include "record.h"

#define BATCHES		32
#define OPERATIONS	64

#define READ_ALL (KVM_EXIT_TRACE_ALL_VCPUS << KVM_EXIT_TRACE_OWNER_SHIFT | KVM_EXIT_TRACE_SLOT_SUM)

/* All that don't change the phase log, and two that every CPU has */
static const struct {
	u32 leaf, index;
} table[] = {
	{ 0, 0 },
	{ 1, 0 },
	{ KVM_EXIT_TRACE_LEAF_TOTAL, 0 },
	{ KVM_EXIT_TRACE_LEAF_CYCLES, 0 },
	{ KVM_EXIT_TRACE_LEAF_REASON, 0 },
	{ KVM_EXIT_TRACE_LEAF_BOTH, 0 },
	{ KVM_EXIT_TRACE_LEAF_SIGNATURE, 0 },
	{ KVM_EXIT_TRACE_LEAF_ABI, 0 },
	{ KVM_EXIT_TRACE_LEAF_SIZE, 0 },
	{ KVM_EXIT_TRACE_LEAF_SLOT, 0 },
	{ KVM_EXIT_TRACE_LEAF_VCPU, 0 },
	{ KVM_EXIT_TRACE_LEAF_READ, READ_ALL },
	{ KVM_EXIT_TRACE_LEAF_LATCH, KVM_EXIT_TRACE_ALL_VCPUS },
	{ KVM_EXIT_TRACE_LEAF_READ_LATCH, KVM_EXIT_TRACE_SLOT_SUM },
	{ KVM_EXIT_TRACE_LEAF_LOG, 0 },
	{ KVM_EXIT_TRACE_LEAF_LOG_ENTRY, 0 },
	{ KVM_EXIT_TRACE_LEAF_READ_LOG, KVM_EXIT_TRACE_SLOT_SUM },
	{ KVM_EXIT_TRACE_LEAF_OWN, 0 },
	{ KVM_EXIT_TRACE_LEAF_READ_LOG_VCPU, KVM_EXIT_TRACE_SLOT_SUM },
};

/*
 * Five instructions for each operation, the CPUID among them: in the lab,
 * where a tick is an instruction, what is printed is the exit's cost plus 5.
 */
static u64 batch_ticks(u32 leaf, u32 index)
{
	u32 left = OPERATIONS;
	u64 start = rdtsc();
	u64 ticks;

	asm volatile("1:	movl	%[leaf], %%eax\n"
		     "	movl	%[index], %%ecx\n"
		     "	cpuid\n"
		     "	decl	%[left]\n"
		     "	jnz	1b"
		     : [left] "+r"(left)
		     : [leaf] "r"(leaf), [index] "r"(index)
		     : "eax", "ebx", "ecx", "edx", "cc");
	ticks = rdtsc() - start;
	self_exits += OPERATIONS;
	return ticks;
}

static void insert_sorted(u64 *sorted, u32 count, u64 value)
{
	for (; count && sorted[count - 1] > value; count--)
		sorted[count] = sorted[count - 1];
	sorted[count] = value;
}

static void print_bench(u32 leaf, u32 index)
{
	char name[] = "cpuid-xxxxxxxx";
	u64 ticks[BATCHES];

	for (u32 i = 0; i < BATCHES; i++) {
		u64 value = batch_ticks(leaf, index) + OPERATIONS / 2;

		u64_divide(&value, OPERATIONS);	/* to the nearest */
		insert_sorted(ticks, i, value);
	}
	str_hex(name + 6, leaf);
	record_begin("bench");
	record_word("name", name);
	record_number("n", BATCHES);
	record_number("min", ticks[0]);
	record_number("median", ticks[BATCHES / 2]);
	record_end();
}

/* An exit with an interrupt pending takes another way through KVM. */
void bench(void)
{
	pic_mask();
	for (u32 i = 0; i < ARRAY_SIZE(table); i++)
		print_bench(table[i].leaf, table[i].index);
}
