/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs share: their state, and how a vCPU's row is counted in. */
#ifndef COUNTERS_BPF_H
#define COUNTERS_BPF_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

#include "host-bpf/exits.h"

/* A field of a kernel structure.  The verifier knows its type, and that the offset is constant. */
#define FIELD(type, of, field)	(*(type *)((void *)(of) + setup.at.field))

/* The same of a structure whose type the verifier does not know.  It is 0 where nothing can be read. */
#define READ(type, of, field) ({					\
	type _value = 0;						\
	bpf_probe_read_kernel(&_value, sizeof(_value), (void *)(of) + setup.at.field);	\
	_value;								\
})

struct kvm_vcpu;

const volatile struct exits_setup setup;

__u64 vm;	/* the struct kvm of the VM that is counted; 0: not there yet */
__u32 nr_vcpus;
__u32 nr_gone;	/* how many of them are destroyed */
__u32 nr_marks;	/* lost marks included */
__u32 marking;	/* a mark is being made */
__u32 marked;	/* the guest itself has marked a phase */
__u32 sought;	/* the boundaries that are looked for: bits of enum exits_boundary */
__u64 lost_marks;
__u64 uncounted;	/* how often a vCPU above EXITS_VCPUS ran */
__u64 other;	/* the last VM found that is not the process group's, or not its first */
__u64 other_vms;	/* how often another VM of the process group was found */
__u64 found;	/* the process's first VM, when the loader looked for it */
__u32 ran;	/* one of that VM's vCPUs has had an exit already */
__u32 files;	/* how many files of that VM's vCPUs were found */
__u32 end_status;	/* of the process that ended with its VM, in wait()'s form */
__u64 firmware_clock;	/* the address of vCPU 0's clock, before long mode */
__u64 synthetic;	/* exits that KVM counted, but no tracepoint reported */
__u64 unexplained;	/* exits that we counted, but KVM did not */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, EXITS_VCPUS);
	__type(key, __u32);
	__type(value, struct exits_vcpu);
} vcpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, EXITS_RING);
} ring SEC(".maps");

/* Returns the counters of our VM's vCPU, or NULL.  6.12's verifier wants the check of vcpu. */
static __always_inline struct exits_vcpu *find(struct kvm_vcpu *vcpu)
{
	__u32 index;

	if (!vcpu || FIELD(__u64, vcpu, kvm) != vm)
		return NULL;
	index = FIELD(__u32, vcpu, index);
	return bpf_map_lookup_elem(&vcpus, &index);
}

static __always_inline void charge(struct exits_vcpu *trace, __u32 clock, __u64 now)
{
	__u32 slot = trace->slot;

	if (slot < EXITS_SLOTS && clock < KVM_EXIT_TRACE_NR_CLOCKS)
		trace->slots[slot].clocks[clock] += now - trace->since;
	trace->since = now;
}

/* Counts in the slot first: a reader trusts a copy if its sum equals the total. */
static __always_inline void count(struct exits_vcpu *trace, __u32 slot, __u64 exits)
{
	if (slot >= EXITS_BEFORE)
		return;
	trace->slots[slot].count += exits;
	barrier();
	trace->exits += exits;
}

/*
 * KVM's own count decides.  If KVM has more, those exits came without an exit of the CPU.
 * Either a VMLAUNCH failed, and then vmx->fail is still set.  Or instructions were emulated
 * because the CPU would refuse the state.
 */
static __always_inline void settle(struct exits_vcpu *trace, __u64 stat)
{
	__u64 more = stat - trace->unseen - trace->exits;
	bool fail;

	if (!more)
		return;
	if ((__s64)more < 0) {
		__sync_fetch_and_add(&unexplained, 1);
		return;
	}
	__sync_fetch_and_add(&synthetic, more);
	fail = setup.vmx && READ(__u8, trace->address, fail);
	if (fail) {
		count(trace, KVM_EXIT_TRACE_SLOT_VMFAIL, 1);
		more--;
	}
	if (more)
		count(trace, setup.vmx ? KVM_EXIT_TRACE_SLOT_EMULATION : KVM_EXIT_TRACE_SLOT_OTHER, more);
}

#endif
