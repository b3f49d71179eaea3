/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM with a memslot for the mirrored page.
 */
#ifndef PAGE_H
#define PAGE_H

#include "tests/l1/vmm/vmm.h"

#define MIRROR_SLOT	1
#define MIRROR_SIZE	(4 * PAGE)
#define MIRROR_GPA	0x100000
#define MIRROR_AT	0x1840	/* offset in the memslot, inside of a page */
#define MIRROR_MSR	(MIRROR_GPA + MIRROR_AT + KVM_EXIT_TRACE_PAGE_ENABLED)

#define PATTERN		0xa5

/**
 * struct mirror - a VM with a vCPU and its mirrored page
 * @memory: the memory of the memslot, full of PATTERN
 * @old: a copy of @memory, see mirror_freeze()
 */
struct mirror {
	struct vm vm;
	struct vcpu vcpu;
	unsigned char *memory;
	unsigned char old[MIRROR_SIZE];
};

void mirror_new(struct mirror *m);
/* The same, with the page registered */
void mirror_live(struct mirror *m);
void mirror_free(struct mirror *m);
/* Start the vCPU, and wait until KVM has written its page. */
void mirror_start(struct mirror *m);

/* One of the page's numbers, by KVM_EXIT_TRACE_PAGE_* */
uint32_t mirror32(const void *memory, unsigned int what);
uint64_t mirror64(const void *memory, unsigned int what);
bool mirror_is_live(const void *memory);
/* The MSR as the host reads it; 1 if it can't */
uint64_t mirror_msr(struct mirror *m);
/* Fill the memory around the page with the pattern again. */
void mirror_fill(struct mirror *m);

/* Expect that the page in @memory is as after the vCPU's last exit. */
void expect_right(const char *name, struct mirror *m, const void *memory);

/* Keep a copy of @memory. The functions below expect it unchanged after many exits of the guest. */
void mirror_freeze(struct mirror *m, const void *memory);
/* This one is for a running guest: it keeps the copy itself, after a round of the guest. */
void expect_frozen_running(const char *name, struct mirror *m, const void *memory);
void expect_frozen(const char *name, struct mirror *m, const void *memory);

#endif /* PAGE_H */
