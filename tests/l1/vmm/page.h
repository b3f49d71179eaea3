/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM with a slot for the mirrored page.
 */
#ifndef PAGE_H
#define PAGE_H

#include "vmm.h"

#define MIRROR_SLOT	1
#define MIRROR_SIZE	(4 * PAGE)
#define MIRROR_GPA	0x100000
#define MIRROR_AT	0x1840	/* in it: neither a page's begin nor its end */
#define MIRROR_MSR	(MIRROR_GPA + MIRROR_AT + KVM_EXIT_TRACE_PAGE_ENABLED)

#define PATTERN		0xa5

/**
 * struct mirror
 * @memory: of the slot, full of PATTERN
 * @old: a copy of it, see mirror_freeze()
 */
struct mirror {
	struct vm vm;
	struct vcpu vcpu;
	unsigned char *memory;
	unsigned char old[MIRROR_SIZE];
};

void mirror_new(struct mirror *m);
/* The same, registered */
void mirror_live(struct mirror *m);
void mirror_free(struct mirror *m);
/* Runs it, and waits until its page has been written. */
void mirror_start(struct mirror *m);

/* One of its numbers, by KVM_EXIT_TRACE_PAGE_* */
uint32_t mirror32(const void *memory, unsigned int what);
uint64_t mirror64(const void *memory, unsigned int what);
bool mirror_is_live(const void *memory);
/* The MSR, as the host reads it; 1 where it does not */
uint64_t mirror_msr(struct mirror *m);
/* The pattern around it, again */
void mirror_fill(struct mirror *m);

/* Is it as after the vCPU's last exit, in @memory? */
void expect_right(const char *name, struct mirror *m, const void *memory);

/* Remember what stands in memory; and is it still so, when the guest has exited many times? */
void mirror_freeze(struct mirror *m, const void *memory);
/* The same while the guest runs: it goes round first, and then many times. */
void expect_frozen_running(const char *name, struct mirror *m, const void *memory);
void expect_frozen(const char *name, struct mirror *m, const void *memory);

#endif /* PAGE_H */
