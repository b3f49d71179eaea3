/* SPDX-License-Identifier: GPL-2.0-only */
/* All counters of the VM as of one moment, read from user space. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include "leaves.h"

struct slot_counts {
	u64 count;
	u64 cycles[KVM_EXIT_TRACE_NR_CLOCKS];
};

struct snapshot {
	u64 tsc;		/* right after the latch */
	u64 own;		/* CPUIDs of this process, the latch's included */
	bool whole;		/* no vCPU was too busy to be caught at one moment */
	struct slot_counts sum;
	struct slot_counts slot[KVM_EXIT_TRACE_NR_SLOTS];
};

/*
 * Takes a snapshot of all vCPUs.  The latch belongs to the vCPU, so we stay on ours meanwhile;
 * it is shared with everybody who reads there, so a latch that another process has
 * overwritten is taken again.  Returns false if that happens each time.
 */
bool snapshot_take(struct snapshot *snapshot);

/* What was added between two snapshots; own is then what reading them has cost. */
void snapshot_subtract(struct snapshot *difference, const struct snapshot *from,
		       const struct snapshot *to);

/* The slot that CPUIDs are counted in: all of own is there. */
u32 snapshot_cpuid_slot(void);

/* Exits of a slot, or SLOT_SUM, that are not our own. */
u64 snapshot_net(const struct snapshot *difference, u32 slot);

/* A slot's name in the kernel's words; of the tracer's vendor. */
const char *snapshot_slot_name(u32 slot);

#endif
