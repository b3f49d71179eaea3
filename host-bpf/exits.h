/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the BPF programs share with their loader.  All times are in nanoseconds of
 * bpf_ktime_get_ns().  Slots and clocks are those of kvm_exit_trace.h.
 */
#ifndef EXITS_H
#define EXITS_H

#include <linux/types.h>

#include "include/kvm_exit_trace.h"

#define EXITS_VCPUS	256	/* the most vCPUs of the VM that are counted */
#define EXITS_RING	(4 << 20)	/* bytes: enough for two snapshots of each vCPU */
#define EXITS_MARKS	1024	/* the most marks of a VM; tools/trace reads no more */
#define EXITS_PHASE_END	0xff	/* the phase of a guest that made no mark */
#define EXITS_PHASE_BOUNDARY	0x100	/* + enum exits_boundary: it was seen by KVM, and no guest marked it */
#define EXITS_PHASE_TEXT	0x200	/* + N: the host marked it, by what the guest printed */
#define EXITS_PHASE_REST	0x1ff	/* what comes after the last boundary, to the VM's end */
#define EXITS_TEXTS	32	/* the most of these */
#define EXITS_TRIES	16	/* to copy the counters of a vCPU that runs */
#define EXITS_WAIT	(1 << 16)	/* how often a mark looks whether another one is done */
#define EXITS_DEAD	1	/* not the address of any VM */

/* The size of the table of exit reasons.  For higher ones see struct exits_setup. */
#define EXITS_CODES	(KVM_EXIT_TRACE_SVM_HIGH_BASE + KVM_EXIT_TRACE_SVM_HIGH_COUNT)

/* One slot more than the contract's: it has the time before the first exit */
#define EXITS_BEFORE	KVM_EXIT_TRACE_NR_SLOTS
#define EXITS_SLOTS	(EXITS_BEFORE + 1)

/* Boundaries of a boot that KVM sees.  When the last one was found, none is sought any more. */
enum exits_boundary {
	EXITS_SECOND_CPU,	/* another vCPU than the first one enters the guest, after its SIPI */
	EXITS_LONG_MODE,	/* EFER.LMA is set */
	EXITS_OS,		/* KVM's clock is used, or HV_X64_MSR_GUEST_OS_ID written, in long mode */
	EXITS_CPL3,		/* an exit came from CPL 3 */
	EXITS_BOUNDARIES,
};
#define EXITS_ALL	((1u << EXITS_BOUNDARIES) - 1)

struct exits_slot {
	__u64 count;
	__u64 clocks[KVM_EXIT_TRACE_NR_CLOCKS];
};

/**
 * struct exits_vcpu - one vCPU's counters, written by its own thread
 * @vcpu: the kernel's struct kvm_vcpu, while it is counted; 0: not seen yet, or counting ends
 * @address: the same, also while it is not counted
 * @exits: exits in all slots
 * @stat: KVM's own count, when it was last read
 * @unseen: KVM's own count, when counting began
 * @peek: KVM's own count, when the loader last asked for it
 * @origin: when it first entered the guest; 0: not yet
 * @since: the time up to which the clocks are charged
 * @guest: time in the guest, up to the last exit
 * @vmcb: SVM: the address of its own VMCB; 0: not known yet
 * @thread: the thread that runs it; 0: it has not run since counting began
 * @id: KVM's vcpu_id
 * @slot: the slot of the exit that is being processed, or EXITS_BEFORE
 * @away: the clock that runs while KVM does not have the vCPU loaded
 * @in_guest: it runs in the guest
 * @running: KVM_RUN is being called; only used if KVM itself does not say so
 * @gone: it was destroyed, and @stat is KVM's final count
 * @ending: its thread is to stop counting at its next entry
 * @in_kernel: VMX: RIP was in the upper half of the address space
 * @done: its thread has stopped.  The counters don't change any more, and @stat is KVM's count
 * @slots: the counters
 */
struct exits_vcpu {
	__u64 vcpu;
	__u64 address;
	__u64 exits;
	__u64 stat;
	__u64 unseen;
	__u64 peek;
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
	__u8 ending;
	__u8 done;
	__u8 in_kernel;
	struct exits_slot slots[EXITS_SLOTS];
};

/**
 * struct exits_snapshot - one vCPU's part of a mark
 * @entry: the mark's number
 * @phase: the phase that ends
 * @marker: index of the vCPU that marked, or KVM_EXIT_TRACE_MARK_HOST
 * @index: index of this vCPU
 * @vcpus: how many parts the mark has
 * @torn: the vCPU exited without a pause, so the counters are not of one moment
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

/* The context of mark_text() */
struct exits_text {
	__u64 number;
};

/**
 * struct exits_setup - what the loader knows, and the programs don't change
 * @vcpu_files: address of the operations of a vCPU's file; only used with @process
 * @group: the process group whose VM is counted
 * @process: the process whose VM is counted, although it may run already; 0: @group tells the VM
 * @vmx: the vendor is VMX; otherwise SVM
 * @told: KVM has a field that says whether KVM_RUN is being called
 * @clock: KVM has a field for the address of a guest's clock
 * @hyperv: KVM has a field for a guest's HV_X64_MSR_GUEST_OS_ID
 * @slots: the slot of each exit reason
 * @invalid: the slot of SVM's exit code -1, or of VMX's reason -1
 * @other: the slot of all reasons above the table
 * @at: the offsets of fields in the kernel's structures
 *
 * The loader finds the offsets, and not libbpf.  If both the kernel and a module have
 * a type, libbpf takes the kernel's.  A KVM that was built elsewhere has another one.
 */
struct exits_setup {
	__u64 vcpu_files;
	__u32 group;
	__u32 process;
	__u8 vmx;
	__u8 told;
	__u8 clock;
	__u8 hyperv;
	__u8 invalid;
	__u8 other;
	__u8 slots[EXITS_CODES];
	struct exits_at {
		__u32 kvm, index, id, exits, guest_mode, blocking, preempted, wants_to_run;
		__u32 vmcb, exit_code, exit_reason, fail;
		__u32 state, signal, group, number;
		__u32 efer, clock, os_id, cpl, rflags, regs, regs_avail;
		__u32 file_operations, file_data, task_flags, task_status;
	} at;
};

#endif
