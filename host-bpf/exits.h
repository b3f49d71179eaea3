/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the BPF programs share with their loader.  All times are nanoseconds of
 * bpf_ktime_get_ns(); slots and clocks are those of kvm_exit_trace.h.
 */
#ifndef EXITS_H
#define EXITS_H

#include <linux/types.h>

#include "kvm_exit_trace.h"

#define EXITS_VCPUS	256	/* of the VM that are counted */
#define EXITS_RING	(4 << 20)	/* bytes: a snapshot of each of them, twice */
#define EXITS_MARKS	1024	/* of a VM; tools/trace reads no more */
#define EXITS_PHASE_END	0xff	/* the phase of a guest that marked none */
#define EXITS_TRIES	16	/* to copy a vCPU that runs */

/* Exit reasons from here on are looked up by hand: see struct exits_setup */
#define EXITS_CODES	(KVM_EXIT_TRACE_SVM_HIGH_BASE + KVM_EXIT_TRACE_SVM_HIGH_COUNT)

/* One more than the contract's: what the clocks have before the first exit */
#define EXITS_BEFORE	KVM_EXIT_TRACE_NR_SLOTS
#define EXITS_SLOTS	(EXITS_BEFORE + 1)

struct exits_slot {
	__u64 count;
	__u64 clocks[KVM_EXIT_TRACE_NR_CLOCKS];
};

/**
 * struct exits_vcpu - one vCPU's counters, written by its own thread
 * @vcpu: the kernel's struct kvm_vcpu; 0: not seen yet
 * @exits: in all slots
 * @stat: KVM's own count, when it was looked at last
 * @unseen: KVM's own count, when counting began
 * @origin: when it entered the guest first; 0: not yet
 * @since: up to when the clocks are charged
 * @guest: time in the guest, up to the last exit
 * @vmcb: SVM: where its own VMCB is; 0: not known yet
 * @thread: the thread that runs it
 * @id: KVM's vcpu_id
 * @slot: of the exit that is being processed, or EXITS_BEFORE
 * @away: the clock that runs while KVM has left the vCPU
 * @in_guest: it runs in the guest
 * @running: KVM_RUN is being called, where KVM itself does not say so
 * @gone: it was destroyed; @stat is then KVM's last word
 * @slots: the counters
 */
struct exits_vcpu {
	__u64 vcpu;
	__u64 exits;
	__u64 stat;
	__u64 unseen;
	__u64 origin;
	__u64 since;
	__u64 guest;
	__u64 vmcb;
	__u32 thread;
	__u32 id;
	__u32 slot;
	__u32 away;
	__u8 in_guest;
	__u8 running;
	__u8 gone;
	struct exits_slot slots[EXITS_SLOTS];
};

/**
 * struct exits_snapshot - one vCPU's part of a mark
 * @entry: the mark's number
 * @phase: that ends
 * @marker: index of the vCPU that marked, or KVM_EXIT_TRACE_MARK_HOST
 * @index: of this vCPU
 * @vcpus: how many parts the mark has
 * @torn: it ran too fast to be caught between two exits
 * @now: when it was copied
 * @stat: KVM's own count
 */
struct exits_snapshot {
	__u32 entry;
	__u32 phase;
	__u32 marker;
	__u32 index;
	__u32 vcpus;
	__u32 torn;
	__u64 now;
	__u64 stat;
	struct exits_vcpu vcpu;
};

/**
 * struct exits_setup - what the loader knows, and the programs don't change
 * @group: the process group whose VM it is
 * @vmx: the vendor; else SVM
 * @told: KVM has a field that says whether KVM_RUN is being called
 * @slots: the slot of each exit reason
 * @invalid: that of SVM's exit code -1, or of VMX's reason -1
 * @other: that of all above the table
 * @at: where in the kernel's structures a field is
 *
 * Offsets are found by the loader, and not by libbpf: for a type that both the
 * kernel and a module have, libbpf takes the kernel's, and a KVM that was built
 * elsewhere has another.
 */
struct exits_setup {
	__u32 group;
	__u8 vmx;
	__u8 told;
	__u8 invalid;
	__u8 other;
	__u8 slots[EXITS_CODES];
	struct exits_at {
		__u32 kvm, index, id, exits, guest_mode, blocking, preempted, wants_to_run;
		__u32 vmcb, exit_code, exit_reason, fail;
		__u32 state, signal, group, number;
	} at;
};

#endif
