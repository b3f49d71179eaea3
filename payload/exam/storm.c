// SPDX-License-Identifier: GPL-2.0-only
/*
 * Takes snapshots while all other vCPUs do nothing but exit.  Each must add up, and no count
 * may go back.
 */
#include "payload/machine/apic.h"
#include "payload/lib/cpu.h"
#include "payload/lib/leaves.h"
#include "payload/lib/lib.h"
#include "payload/payload.h"
#include "payload/lib/records.h"

#define SNAPSHOTS	100
#define FLIGHT_MS	100	/* the longest run of a vCPU's clock, even on a busy machine */
#define SETTLE_TICKS	1000000	/* for INIT, and for the others to start */

/* entry.asm: executes CPUID for ever, in real mode */
extern const char storm_code[], storm_code_end[];

/* Returns the sum of the slots.  Adds to @back how many slots are less than the last time. */
static u64 latched_sum(u64 *back)
{
	static u64 last[KVM_EXIT_TRACE_NR_SLOTS];
	u64 sum = 0;

	for (u32 slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		u64 count = latched_count(slot);

		*back += count < last[slot];
		last[slot] = count;
		sum += count;
	}
	return sum;
}

/* Returns how far the clocks of all vCPUs together are from their elapsed time. */
static u64 latched_gap(void)
{
	u64 elapsed = latched_elapsed(), sum = latched_clocks();

	return sum > elapsed ? sum - elapsed : elapsed - sum;
}

/* Returns the VM's exits so far that are not ours. */
static u64 others_total(void)
{
	latch();
	return total_read() - latched_count(KVM_EXIT_TRACE_SLOT_SUM);
}

/* Takes snapshots, and prints what was wrong with them. */
static void take_snapshots(void)
{
	u64 flight = (u64)tracer.tsc_khz * FLIGHT_MS * tracer.vcpus;
	bool clocks = tracer_has(KVM_EXIT_TRACE_FEATURE_GUEST);
	u64 wrong = 0, back = 0, torn = 0, gap, most = 0;

	for (u32 i = 0; i < SNAPSHOTS; i++) {
		bool whole;
		u64 total = latch_all(&whole);

		torn += !whole;
		wrong += latched_sum(&back) != total;
		gap = clocks ? latched_gap() : 0;
		most = gap > most ? gap : most;
	}
	expect("storm_torn", SNAPSHOTS, 0, torn, torn == 0);
	expect("storm_wrong", SNAPSHOTS, 0, wrong, wrong == 0);
	expect("storm_back", SNAPSHOTS, 0, back, back == 0);
	if (clocks)
		expect("storm_clocks", SNAPSHOTS, flight, most, most <= flight);
}

void storm(void)
{
	u32 bytes = storm_code_end - storm_code;
	char saved[64];
	u64 others;

	memcpy(saved, APIC_START_ADDRESS, bytes);
	memcpy(APIC_START_ADDRESS, storm_code, bytes);
	*apic_register(APIC_ICR_LOW) = APIC_OTHERS_INIT;
	wait_until(rdtsc() + SETTLE_TICKS);
	others = others_total();
	*apic_register(APIC_ICR_LOW) = APIC_OTHERS_SIPI | APIC_START_PAGE;
	wait_until(rdtsc() + SETTLE_TICKS);

	take_snapshots();

	*apic_register(APIC_ICR_LOW) = APIC_OTHERS_INIT;
	wait_until(rdtsc() + SETTLE_TICKS);
	others = others_total() - others;
	memcpy(APIC_START_ADDRESS, saved, bytes);
	expect("storm_exits", SNAPSHOTS, SNAPSHOTS, others, others >= SNAPSHOTS);
}
