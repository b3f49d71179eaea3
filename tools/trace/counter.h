/* SPDX-License-Identifier: GPL-2.0-only */
/* Exits, and the time that they took from exit to entry: of a slot, or of all. */
#ifndef BOOTEXITS_COUNTER_H
#define BOOTEXITS_COUNTER_H

#include <stdbool.h>
#include <linux/types.h>

#include "include/kvm_exit_trace.h"

struct counter {
	__u64 exits;
	__u64 cycles[KVM_EXIT_TRACE_NR_CLOCKS];
};

extern const char *const counter_clocks[KVM_EXIT_TRACE_NR_CLOCKS];

/** counter_add() - add all numbers of @more; a sum above 64 bits wraps */
void counter_add(struct counter *counter, const struct counter *more);

/** counter_below() - whether any number is less than that of @other */
bool counter_below(const struct counter *counter, const struct counter *other);

/** counter_sum() - add two numbers of ticks; at most 2^64 - 1: only damaged counters give more */
static inline __u64 counter_sum(__u64 one, __u64 other)
{
	return one > -1ULL - other ? -1ULL : one + other;
}

/**
 * counter_cost() - the host's work for exits, in ticks: KVM's clock and the VMM's
 *
 * The clock idle is waiting, and preempted is work for others.
 */
static inline __u64 counter_cost(const struct counter *counter)
{
	return counter_sum(counter->cycles[KVM_EXIT_TRACE_CLOCK_KVM],
			   counter->cycles[KVM_EXIT_TRACE_CLOCK_USER]);
}

#endif /* BOOTEXITS_COUNTER_H */
