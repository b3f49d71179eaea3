// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lets the host compare its counts.  Marks the payload's end.  One exit later, QEMU's pvpanic
 * device pauses the VM.  docs/abi.md says which counts must be equal.
 */
#include "payload/lib/describe.h"
#include "payload/lib/leaves.h"
#include "payload/options.h"
#include "payload/payload.h"
#include "payload/lib/qemu.h"
#include "payload/lib/records.h"

#define TRIES		4
#define PAUSE_MS	100	/* the most from a mark of Linux's to the mark of the pause */

static struct {
	u32 entry;
	u64 after;
} tries[TRIES];

static void print_absent(void)
{
	record_begin("usage");
	record_text("option", "sync");
	record_text("msg", "needs QEMU's -device pvpanic -action panic=pause");
	record_end();
	verdict_worsen(VERDICT_FAIL);
}

/* Returns whether only the write and the read came after the mark. */
static bool try_once(u32 i)
{
	u64 marked;

	tries[i].entry = mark(KVM_EXIT_TRACE_PHASE_PAYLOAD);
	self_outb(QEMU_PVPANIC_PORT, QEMU_PVPANIC_PANICKED);
	tries[i].after = total_read();
	if (tries[i].entry == MARK_DROPPED)
		return true;
	marked = log_counter(tries[i].entry, KVM_EXIT_TRACE_SLOT_SUM,
			     KVM_EXIT_TRACE_CLOCK_KVM).count;
	return tries[i].after == marked + 2;
}

void sync_mark(void)
{
	u32 n = 0;

	if (!qemu_is_pvpanic(self_inb(QEMU_PVPANIC_PORT))) {
		mark(KVM_EXIT_TRACE_PHASE_PAYLOAD);
		print_absent();
		return;
	}
	while (n < TRIES && !try_once(n++))
		;
	for (u32 i = 0; i < n; i++)
		if (tries[i].entry != MARK_DROPPED)
			describe_sync(i, tries[i].entry, tries[i].after);
}

void sync_mark_blindly(void)
{
	bool pauses = options.sync && qemu_is_pvpanic(self_inb(QEMU_PVPANIC_PORT));

	mark(KVM_EXIT_TRACE_PHASE_PAYLOAD);
	if (!pauses)
		return;
	self_outb(QEMU_PVPANIC_PORT, QEMU_PVPANIC_PANICKED);
	mark(KVM_EXIT_TRACE_PHASE_PAUSED);
}

/*
 * A mark of userspace alone is not enough: the program that made it may have no ports, or may
 * not know of the pause.  Returns why there was no pause, or NULL.
 */
static const char *unpaused(u32 entry, void (*next)(void))
{
	u64 until = rdtsc() + (u64)tracer.tsc_khz * PAUSE_MS;

	if (!qemu_is_pvpanic(self_inb(QEMU_PVPANIC_PORT)))
		return "no -device pvpanic: the VM was not paused at the last mark";
	while (log_find(KVM_EXIT_TRACE_PHASE_PAUSED, entry + 1) == MARK_DROPPED) {
		if (rdtsc() > until)
			return "the program that made the last mark did not pause the VM after it";
		next();
	}
	return NULL;
}

void sync_print(u32 entry, void (*next)(void))
{
	const char *why = unpaused(entry, next);

	if (why)
		expect_none("sync", why);
	else
		describe_sync(0, entry, total_read());
}
