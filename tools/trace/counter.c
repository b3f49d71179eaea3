// SPDX-License-Identifier: GPL-2.0-only
#include "tools/trace/counter.h"

const char *const counter_clocks[KVM_EXIT_TRACE_NR_CLOCKS] = {
	[KVM_EXIT_TRACE_CLOCK_KVM] = "kvm",
	[KVM_EXIT_TRACE_CLOCK_USER] = "user",
	[KVM_EXIT_TRACE_CLOCK_IDLE] = "idle",
	[KVM_EXIT_TRACE_CLOCK_PREEMPTED] = "preempted",
};

void counter_add(struct counter *counter, const struct counter *more)
{
	unsigned int clock;

	counter->exits += more->exits;
	for (clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++)
		counter->cycles[clock] += more->cycles[clock];
}

bool counter_below(const struct counter *counter, const struct counter *other)
{
	bool below = counter->exits < other->exits;
	unsigned int clock;

	for (clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++)
		below |= counter->cycles[clock] < other->cycles[clock];
	return below;
}
