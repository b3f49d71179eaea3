// SPDX-License-Identifier: GPL-2.0-only
/* What operations that exit cost: TSC ticks of the whole round trip, as the guest sees it. */
#include "payload/machine/apic.h"
#include "payload/lib/leaves.h"
#include "payload/lib/lib.h"
#include "payload/exam/operations.h"
#include "payload/payload.h"
#include "payload/lib/records.h"

#define BATCHES		32
#define OPERATIONS	64
#define SLEEP_APIC_TICKS 1000000 /* 1 ms: longer than KVM polls before it sleeps */
#define PAGE_BYTES	4096
#define FRESH_START	0x1000000 /* RAM of any VM with 24 MiB; nobody uses it while we run alone */
#define KVM_LEAF	0x40000000
#define KVM_EBX		0x4b4d564b /* "KVMK", part of KVM's signature */

#define READ_ALL (KVM_EXIT_TRACE_ALL_VCPUS << KVM_EXIT_TRACE_OWNER_SHIFT | KVM_EXIT_TRACE_SLOT_SUM)

/* All leaves that don't change the phase log, and two that every CPU has */
static const struct {
	u32 leaf, index;
} leaves[] = {
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
 * Each operation is five instructions, its CPUID included.  In the lab a tick is an
 * instruction, so what is printed there is the exit's cost plus 5.
 */
static void run_leaf(u32 leaf, u32 index)
{
	u32 left = OPERATIONS;

	asm volatile("1:	movl	%[leaf], %%eax\n"
		     "	movl	%[index], %%ecx\n"
		     "	cpuid\n"
		     "	decl	%[left]\n"
		     "	jnz	1b"
		     : [left] "+r"(left)
		     : [leaf] "r"(leaf), [index] "r"(index)
		     : "eax", "ebx", "ecx", "edx", "cc");
	self_exits += OPERATIONS;
}

static void touch_page(void)
{
	static volatile u8 *fresh = (u8 *)FRESH_START;

	*fresh = 1;
	fresh += PAGE_BYTES;
}

static void prepare_sleep(void)
{
	prepare_wake();
	prepare_timer();
}

static void sleep(void)
{
	do_sleep(SLEEP_APIC_TICKS);
}

/* On other hypervisors a hypercall is an undefined instruction. */
static bool has_hypercall(void)
{
	return leaf_read(KVM_LEAF, 0).ebx == KVM_EBX;
}

/* The other operations.  Each is a function.  Its call and the loop add a dozen instructions. */
static const struct {
	const char *name;
	void (*run)(void);
	void (*prepare)(void);
	bool (*possible)(void);
} operations[] = {
	{ "vmcall",	 do_hypercall,	 NULL,		has_hypercall },
	{ "msr",	 do_msr_read,	 NULL,		NULL },
	{ "port-kernel", do_port_kernel, NULL,		NULL },
	{ "port-user",	 do_port_user,	 NULL,		NULL },
	{ "port-write",	 do_port_write,	 NULL,		NULL },
	{ "fault-mmio",	 do_mmio_read,	 do_mmio_read,	NULL },
	{ "fault-ram",	 touch_page,	 NULL,		NULL },
	/* both include sending the interrupt and acknowledging it */
	{ "hlt",	 do_hlt,	 prepare_wake,	NULL },
	{ "hlt-timer",	 sleep,		 prepare_sleep,	NULL },
};

#define NR_ALL (ARRAY_SIZE(leaves) + ARRAY_SIZE(operations))

static void name_of(u32 which, char name[16])
{
	if (which < ARRAY_SIZE(leaves)) {
		memcpy(name, "cpuid-", 6);
		str_hex(name + 6, leaves[which].leaf);
	} else {
		const char *from = operations[which - ARRAY_SIZE(leaves)].name;

		memcpy(name, from, str_length(from) + 1);
	}
}

static void run_batch(u32 which)
{
	if (which < ARRAY_SIZE(leaves)) {
		run_leaf(leaves[which].leaf, leaves[which].index);
		return;
	}
	which -= ARRAY_SIZE(leaves);
	for (u32 i = 0; i < OPERATIONS; i++)
		operations[which].run();
}

/* Returns the ticks or exits of one operation, rounded to the nearest integer. */
static u64 per_operation(u64 of_batch)
{
	of_batch += OPERATIONS / 2;
	u64_divide(&of_batch, OPERATIONS);
	return of_batch;
}

static void insert_sorted(u64 *sorted, u32 count, u64 value)
{
	for (; count && sorted[count - 1] > value; count--)
		sorted[count] = sorted[count - 1];
	sorted[count] = value;
}

static void print_bench(u32 which)
{
	u64 ticks[BATCHES], exits[BATCHES];
	char name[16];

	for (u32 i = 0; i < BATCHES; i++) {
		u64 before = tracer.present ? own_read().own : 0;
		u64 start = rdtsc();

		run_batch(which);
		insert_sorted(ticks, i, per_operation(rdtsc() - start));
		if (tracer.present)
			insert_sorted(exits, i, per_operation(own_read().own - 1 - before));
	}
	name_of(which, name);
	record_begin("bench");
	record_word("name", name);
	record_number("n", BATCHES);
	record_number("min", ticks[0]);
	record_number("median", ticks[BATCHES / 2]);
	if (tracer.present)
		record_number("exits", exits[BATCHES / 2]);
	record_end();
}

static void bench_one(u32 which)
{
	if (which >= ARRAY_SIZE(leaves)) {
		u32 i = which - ARRAY_SIZE(leaves);

		if (operations[i].possible && !operations[i].possible())
			return;
		if (operations[i].prepare)
			operations[i].prepare();
	}
	print_bench(which);
}

u32 bench_find(const char *name)
{
	char known[16];

	if (!*name)
		return BENCH_ALL;
	for (u32 i = 0; i < NR_ALL; i++) {
		name_of(i, known);
		if (str_equal(known, name))
			return i + 1;
	}
	return 0;
}

/* Masks the PICs, because an exit with an interrupt pending takes another way through KVM. */
void bench(u32 which)
{
	pic_mask();
	if (which != BENCH_ALL) {
		bench_one(which - 1);
		return;
	}
	for (u32 i = 0; i < NR_ALL; i++)
		bench_one(i);
}
