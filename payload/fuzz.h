/* SPDX-License-Identifier: GPL-2.0-only */
/* What the fuzzer's files share: one fuzzer a vCPU, and what each kind of operation does. */
#ifndef FUZZ_H
#define FUZZ_H

#include "leaves.h"
#include "page.h"
#include "types.h"

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
	u64 bad;		/* after which something was not as docs/abi.md has it */
};

/* What a finding is made of: its meaning is that of its kind, see docs/abi.md. */
struct fuzz_finding {
	enum fuzz_kind kind;
	u32 a, b;
	struct regs got;
};

struct fuzzer {
	u32 vcpu, random, kind;
	volatile u64 done;	/* operations, of all kinds; the others watch it */
	u64 operations;		/* to do */
	volatile bool running, ended;
	struct fuzz_tally tally[FUZZ_KINDS];
	u64 found;
	struct fuzz_finding first;	/* of these */
	u64 total;		/* of the VM, when last read */
	u64 counts[KVM_EXIT_TRACE_NR_SLOTS];	/* of our own vCPU, when last read */
	u64 cycles[KVM_EXIT_TRACE_CLOCK_ELAPSED + 1];
	u64 page;		/* what KVM_EXIT_TRACE_MSR_PAGE has to be */
	u64 page_exits;		/* when last read in our own page */
	u32 digest;		/* of all answers of FUZZ_LEAF */
};

/* The next number, never 0 */
u32 fuzz_random(struct fuzzer *f);

/* Counts a finding of the operation that is under way, and keeps the first. */
void fuzz_broken(struct fuzzer *f, u32 a, u32 b, const struct regs *got);

/* fuzz_leaves.c: any leaf and index; a counter of our own that only grows; a latch's sum. */
void fuzz_leaf(struct fuzzer *f);
void fuzz_counter(struct fuzzer *f);
void fuzz_snapshot(struct fuzzer *f);

/* fuzz_ports.c: any port read; the mark's and its neighbours written. */
void fuzz_port(struct fuzzer *f);

/* fuzz_pages.c: any MSR read, the page's and its neighbours written; the page itself. */
void fuzz_msr(struct fuzzer *f);
void fuzz_page_set(struct fuzzer *f);
void fuzz_page_read(struct fuzzer *f);

/* On its vCPU, when it starts, and again when it has been reset; and when all is done. */
void fuzz_page_begin(struct fuzzer *f);
void fuzz_page_end(struct fuzzer *f);

#endif
