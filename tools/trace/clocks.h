/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether the clocks of a run tell all of its time, and its latencies no more than there was. */
#ifndef BOOTEXITS_CLOCKS_H
#define BOOTEXITS_CLOCKS_H

#include "phases.h"

/**
 * clocks_check() - add the defects of a run's guest and elapsed clocks
 *
 * in_guest + kvm + user + idle + preempted == elapsed for the vCPU that made a
 * mark, as docs/abi.md has it, and the vCPUs' times give those of the mark.
 */
void clocks_check(struct run *run);

/** latencies_check() - add the defects of a run's latencies */
void latencies_check(struct run *run);

/**
 * latencies_sum() - how many of a slot's exits took 2^bucket ticks and more
 * @view: of these vCPUs
 *
 * Return: whether the run has any of it.
 */
bool latencies_sum(const struct run *run, struct phases_view view, __u64 slot,
		   __u64 buckets[LOG_BUCKETS]);

#endif /* BOOTEXITS_CLOCKS_H */
