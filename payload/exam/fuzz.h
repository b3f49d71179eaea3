/* SPDX-License-Identifier: GPL-2.0-only */
/* What the fuzzer's files share: one fuzzer for each vCPU, and its kinds of operations. */
#ifndef FUZZ_H
#define FUZZ_H

#include "payload/lib/leaves.h"
#include "payload/page.h"
#include "payload/lib/types.h"

/* In the order of fuzz.c's table */
enum fuzz_kind {
	FUZZ_LEAF,
	FUZZ_COUNTER,
	FUZZ_PORT,
	FUZZ_MSR,
	FUZZ_PAGE_SET,
	FUZZ_PAGE_READ,
	FUZZ_SNAPSHOT,
	FUZZ_RESTART,
	FUZZ_KINDS,
};

struct fuzz_tally {
	u64 n;			/* operations */
	u64 refused;		/* by #GP */
	u64 bad;		/* operations after which docs/abi.md did not hold */
};

/* A finding.  Its numbers mean what docs/abi.md says for its kind. */
struct fuzz_finding {
	enum fuzz_kind kind;
	u32 a, b;
	struct regs got;
};

struct fuzzer {
	u32 vcpu, random, kind;
	volatile u64 done;	/* operations of all kinds; the other vCPUs watch it */
	u64 operations;		/* how many to do */
	volatile bool running, ended;
	struct fuzz_tally tally[FUZZ_KINDS];
	u64 found;		/* findings */
	struct fuzz_finding first;	/* the first of them */
	u64 total;		/* the VM's, when last read */
	u64 counts[KVM_EXIT_TRACE_NR_SLOTS];	/* our own vCPU's, when last read */
	u64 cycles[KVM_EXIT_TRACE_CLOCK_ELAPSED + 1];
	u64 page;		/* the value that KVM_EXIT_TRACE_MSR_PAGE must have */
	u64 page_exits;		/* of our own page, when last read */
	u32 digest;		/* over all answers of FUZZ_LEAF */
};

/* Returns the next random number, never 0. */
u32 fuzz_random(struct fuzzer *f);

/* Counts a finding of the current operation, and keeps the first one. */
void fuzz_broken(struct fuzzer *f, u32 a, u32 b, const struct regs *got);

/* fuzz_leaves.c: any leaf and index; a counter of our own, which must not shrink; a latch's sum. */
void fuzz_leaf(struct fuzzer *f);
void fuzz_counter(struct fuzzer *f);
void fuzz_snapshot(struct fuzzer *f);

/* fuzz_ports.c: reads any port, and writes the mark's port and those near it. */
void fuzz_port(struct fuzzer *f);

/* fuzz_pages.c: reads any MSR, writes the page's MSR and those near it, and reads the page. */
void fuzz_msr(struct fuzzer *f);
void fuzz_page_set(struct fuzzer *f);
void fuzz_page_read(struct fuzzer *f);

/* Each vCPU calls the first one when it starts, also after a reset, and the second one last. */
void fuzz_page_begin(struct fuzzer *f);
void fuzz_page_end(struct fuzzer *f);

#endif
