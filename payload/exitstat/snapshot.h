/* SPDX-License-Identifier: GPL-2.0-only */
/* All counters of the VM as of one moment, read from user space. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include "payload/lib/leaves.h"

struct slot_counts {
	u64 count;
	u64 cycles[KVM_EXIT_TRACE_NR_CLOCKS];
};

struct snapshot {
	u64 tsc;		/* right after the latch */
	u64 own;		/* CPUIDs of this process, the latch's included */
	bool whole;		/* the counters of each vCPU are of one moment */
	struct slot_counts sum;
	struct slot_counts slot[KVM_EXIT_TRACE_NR_SLOTS];
};

/*
 * Takes a snapshot of all vCPUs.  The latch belongs to the vCPU, so the process stays on its
 * vCPU meanwhile.  Other processes may use the same latch.  If one overwrites it, this tries
 * again.  Returns false if that happens each time.
 */
bool snapshot_take(struct snapshot *snapshot);

/* Computes what was added between two snapshots.  own is then what reading them has cost. */
void snapshot_subtract(struct snapshot *difference, const struct snapshot *from,
		       const struct snapshot *to);

/* Returns the slot that counts CPUIDs.  All of own is there. */
u32 snapshot_cpuid_slot(void);

/* Returns the exits of a slot, or of SLOT_SUM, without our own. */
u64 snapshot_net(const struct snapshot *difference, u32 slot);

/* Returns a slot's name, in the kernel's words for the tracer's vendor. */
const char *snapshot_slot_name(u32 slot);

#endif
