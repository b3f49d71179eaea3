// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the clocks of our own vCPU.  The guest's clock has what we do without an exit.
 * All five clocks together are the time that has passed.
 */
#include "payload/lib/cpu.h"
#include "payload/lib/leaves.h"
#include "payload/payload.h"
#include "payload/lib/records.h"

#define SPIN_TICKS	100000
#define SPIN_TRIES	100	/* the host interrupts only few of them */
#define OWN_EXITS	3	/* from latch to latch around a spin: two reads, the second latch */
#define TRANSITIONS	10000	/* the most ticks in the guest around a spin */
#define ELAPSED_MS	10
#define ELAPSED_TRIES	10

static u64 latched_guest(void)
{
	return latched_cycles(KVM_EXIT_TRACE_SLOT_SUM, KVM_EXIT_TRACE_CLOCK_GUEST);
}

/* Spins between two latches.  Returns whether only our own exits happened meanwhile. */
static bool spin_once(u64 *spun, u64 *guest)
{
	u64 exits, start;

	latch();
	*guest = latched_guest();
	exits = latched_count(KVM_EXIT_TRACE_SLOT_SUM);
	start = rdtsc();
	wait_until(start + SPIN_TICKS);
	*spun = rdtsc() - start;
	latch();
	exits = latched_count(KVM_EXIT_TRACE_SLOT_SUM) - exits;
	*guest = latched_guest() - *guest;
	return exits == OWN_EXITS;
}

static void run_guest(void)
{
	u64 spun, guest;

	for (u32 i = 0; !spin_once(&spun, &guest) && i < SPIN_TRIES; i++)
		;
	expect("clock_guest", spun, spun + TRANSITIONS, guest,
	       guest >= spun && guest <= spun + TRANSITIONS);
}

static void run_identity(void)
{
	u64 sum, elapsed;

	latch();
	elapsed = latched_elapsed();
	sum = latched_clocks();
	expect("clock_sum", 1, elapsed, sum, sum == elapsed);
}

/*
 * Reads the TSC just before each latch.  The clock stops at the latch's exit, so both must
 * agree, unless the host interrupts.
 */
static bool elapse_once(u64 *ticks, u64 *elapsed)
{
	u64 start = rdtsc();

	latch();
	*elapsed = latched_elapsed();
	wait_until(start + (u64)tracer.tsc_khz * ELAPSED_MS);
	*ticks = rdtsc() - start;
	latch();
	*elapsed = latched_elapsed() - *elapsed;
	return *elapsed + TRANSITIONS >= *ticks && *elapsed <= *ticks + TRANSITIONS;
}

static void run_elapsed(void)
{
	u64 ticks, elapsed;
	bool ok = false;

	for (u32 i = 0; !ok && i < ELAPSED_TRIES; i++)
		ok = elapse_once(&ticks, &elapsed);
	expect("clock_elapsed", TRANSITIONS, ticks, elapsed, ok);
}

void clocks_test(void)
{
	if (!tracer_has(KVM_EXIT_TRACE_FEATURE_GUEST))
		return;
	run_guest();
	run_identity();
	run_elapsed();
}
