/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks that a run's clocks add up to its time, and that its latencies fit its exits. */
#ifndef BOOTEXITS_CLOCKS_H
#define BOOTEXITS_CLOCKS_H

#include "tools/trace/phases.h"

/**
 * clocks_check() - add the defects of a run's guest and elapsed clocks
 *
 * By docs/abi.md, in_guest + kvm + user + idle + preempted is elapsed, for the vCPU
 * that made a mark.  The times of all vCPUs add up to those of the mark.
 */
void clocks_check(struct run *run);

/**
 * clocks_split() - whether a run tells the clocks outside the guest apart
 *
 * A trace of `bootexits import' doesn't.  Its clock kvm has all the time from exit to entry.
 */
bool clocks_split(const struct run *run);

/** latencies_check() - add the defects of a run's latencies */
void latencies_check(struct run *run);

/**
 * latencies_sum() - count how many of a slot's exits took 2^bucket ticks and more
 * @view: count those of these vCPUs
 *
 * Return: whether the run has any latency of the slot.
 */
bool latencies_sum(const struct run *run, struct phases_view view, __u64 slot,
		   __u64 buckets[LOG_BUCKETS]);

#endif /* BOOTEXITS_CLOCKS_H */
