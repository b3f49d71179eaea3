/* SPDX-License-Identifier: GPL-2.0-only */
/* A vCPU's totals, which KVM mirrors into our memory.  Reading them there is no exit. */
#ifndef PAGE_H
#define PAGE_H

#include "include/kvm_exit_trace.h"
#include "payload/lib/types.h"

enum page_owner {
	PAGE_BOOT,		/* vCPU 0 */
	PAGE_OBSERVER,
	PAGES,
};

/* Totals as of the vCPU's last entry */
struct page_totals {
	u64 exits;
	u64 cycles[KVM_EXIT_TRACE_NR_CLOCKS];
	u64 guest, elapsed;
};

/*
 * Tells KVM to write the page of the calling vCPU until that vCPU is reset.  This is one exit.
 * If KVM offers no such page, it does nothing.
 */
void page_register(enum page_owner owner);

/*
 * Both read a page of any vCPU, by its owner or by its address.  They return false if KVM
 * does not keep the page up to date.
 */
bool page_read(enum page_owner owner, struct page_totals *totals);
bool page_read_at(const volatile void *address, struct page_totals *totals);

/* Prints whether reading the page costs no exit. */
void page_calibrate(void);

/* Tests whether the page says the same as the leaves. */
void page_test(void);

#endif
