// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM writes a page while its vCPU is not in the guest, so a page never changes while
 * its own vCPU reads it.  Another vCPU sees by the version whether it changed.
 */
#include <asm/svm.h>
#include <asm/vmx.h>

#include "payload/lib/leaves.h"
#include "payload/page.h"
#include "payload/lib/records.h"

#define POLLS		100000
#define TRIES		100

struct page {
	u32 version, flags;
	struct page_totals totals;
} __attribute__((aligned(KVM_EXIT_TRACE_PAGE_SIZE)));

#define AT(member) offsetof(struct page, member)
_Static_assert(sizeof(struct page) == KVM_EXIT_TRACE_PAGE_SIZE, "the contract's page");
_Static_assert(AT(totals.exits) == KVM_EXIT_TRACE_PAGE_EXITS, "the contract's exits");
_Static_assert(AT(totals.cycles) == KVM_EXIT_TRACE_PAGE_CLOCKS, "the contract's clocks");
_Static_assert(AT(totals.guest) == KVM_EXIT_TRACE_PAGE_GUEST, "the contract's guest");
_Static_assert(AT(totals.elapsed) == KVM_EXIT_TRACE_PAGE_ELAPSED, "the contract's elapsed");

static volatile struct page pages[PAGES];

void page_register(enum page_owner owner)
{
	if (tracer_has(KVM_EXIT_TRACE_FEATURE_PAGE))
		self_wrmsr(KVM_EXIT_TRACE_MSR_PAGE,
			   (u32)&pages[owner] | KVM_EXIT_TRACE_PAGE_ENABLED);
}

bool page_read_at(const volatile void *address, struct page_totals *totals)
{
	const volatile struct page *page = address;
	u32 version;

	do {
		version = page->version;
		if (!(page->flags & KVM_EXIT_TRACE_PAGE_LIVE))
			return false;
		*totals = page->totals;
	} while (version & 1 || version != page->version);
	return true;
}

bool page_read(enum page_owner owner, struct page_totals *totals)
{
	return page_read_at(&pages[owner], totals);
}

/* Returns the exits of our vCPU that the host's own interrupts caused. */
static u64 latched_interrupts(void)
{
	static const u8 vmx[] = { EXIT_REASON_EXCEPTION_NMI, EXIT_REASON_EXTERNAL_INTERRUPT,
				  EXIT_REASON_PREEMPTION_TIMER };
	static const u8 svm[] = { SVM_EXIT_INTR, SVM_EXIT_NMI, SVM_EXIT_SMI };
	const u8 *slots = tracer.vendor == KVM_EXIT_TRACE_VENDOR_VMX ? vmx : svm;
	u64 sum = 0;

	for (u32 i = 0; i < ARRAY_SIZE(svm); i++)
		sum += latched_count(slots[i]);
	return sum;
}

/* `self` counts our own reads between the two latches.  The exits that remain come from polling. */
void page_calibrate(void)
{
	struct page_totals totals;
	u64 exits, self;

	if (!page_read(PAGE_BOOT, &totals))
		return;
	latch();
	self = self_exits;
	exits = latched_count(KVM_EXIT_TRACE_SLOT_SUM) - latched_interrupts();
	for (u32 i = 0; i < POLLS; i++)
		page_read(PAGE_BOOT, &totals);
	latch();
	self = self_exits - self;
	exits = latched_count(KVM_EXIT_TRACE_SLOT_SUM) - latched_interrupts() - exits - self;
	record_begin("calibrate");
	record_word("what", "page");
	record_number("n", POLLS);
	record_number("exits", exits);
	record_end();
	if (exits)
		expect("calibrate_page", POLLS, 0, exits, false);
}

/* A latch right after a read is one more exit.  If the host interrupts, it tries again. */
void page_test(void)
{
	struct page_totals totals;
	u64 sum, exits = 0;

	if (!page_read(PAGE_BOOT, &totals))
		return;
	for (u32 i = 0; exits != 1 && i < TRIES; i++) {
		page_read(PAGE_BOOT, &totals);
		latch();
		exits = latched_count(KVM_EXIT_TRACE_SLOT_SUM) - totals.exits;
	}
	expect("page_exits", 1, 1, exits, exits == 1);
	sum = totals.guest;
	for (u32 i = 0; i < KVM_EXIT_TRACE_NR_CLOCKS; i++)
		sum += totals.cycles[i];
	expect("page_sum", 1, totals.elapsed, sum, sum == totals.elapsed);
}
