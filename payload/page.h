/* SPDX-License-Identifier: GPL-2.0-only */
/* The totals of a vCPU that KVM mirrors into our memory: reading them is no exit. */
#ifndef PAGE_H
#define PAGE_H

#include "kvm_exit_trace.h"
#include "types.h"

enum page_owner {
	PAGE_BOOT,		/* vCPU 0 */
	PAGE_OBSERVER,
	PAGES,
};

/* As of the vCPU's last entry */
struct page_totals {
	u64 exits;
	u64 cycles[KVM_EXIT_TRACE_NR_CLOCKS];
	u64 guest, elapsed;
};

/*
 * Has KVM write the page of the vCPU that calls, until it is reset: one exit.
 * Does nothing where there is no such page.
 */
void page_register(enum page_owner owner);

/*
 * Reads a page, of whichever vCPU, by its owner or its address; returns false
 * if KVM does not keep it up.
 */
bool page_read(enum page_owner owner, struct page_totals *totals);
bool page_read_at(const volatile void *address, struct page_totals *totals);

/* Whether reading it costs no exit; prints that. */
void page_calibrate(void);

/* Whether it says what the leaves say. */
void page_test(void);

#endif
