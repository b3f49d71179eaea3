/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What docs/abi.md says of the tracer, told a second time, without a thought of speed: the
 * model is moved along with the tracer, and all that either knows has to agree.
 */
#ifndef BOOTEXITS_MODEL_H
#define BOOTEXITS_MODEL_H

#include "exit_trace_vm.h"

#define SLOTS KVM_EXIT_TRACE_NR_SLOTS
#define BEFORE SLOTS		/* a slot for the time before the first exit */
#define CLOCKS KVM_EXIT_TRACE_NR_CLOCKS
#define LOG_ENTRIES 32
#define LOG_SLOTS 136		/* packed, of one vCPU */
#define LATCH_SLOTS 64
#define SITES 2048
#define RIPS 4
#define VMS 2
#define VCPUS KERNEL_VCPUS

struct counted {
	u64 count;
	u64 cycles[CLOCKS];
};

/** struct snapshot - of a vCPU or of several: slots, and the two clocks that have none */
struct snapshot {
	struct counted slot[SLOTS + 1];
	u64 guest, elapsed;
};

/** struct site - one of what the drill-down counts */
struct site {
	u64 code, count, rip[RIPS];
	u32 slot, entry;
};

/** struct guest_exit - of hardware: @info is EXITINFO1, or the exit qualification */
struct guest_exit {
	u32 reason;
	u64 rip, rax, rcx, info, gpa;
	bool fail;	/* of VMX: it was none */
};

struct model_vcpu {
	struct kvm_vcpu *kvm;
	bool traced, live, ran, in_guest, histogram, sites, request, poked, running;
	struct snapshot now;	/* elapsed: see first */
	u64 first, since, entered, spent;
	bool began;		/* first is known: its first entry */
	u32 current;
	bool timed;		/* the histogram has seen the last exit */
	u32 bucket[SLOTS][KVM_EXIT_TRACE_NR_BUCKETS];
	u64 exits[SLOTS];	/* of hardware, while sites are counted */
	u32 nr_sites;
	bool torn_sites;	/* more of them than this table has */
	struct snapshot latch;
	u64 msr;
	u32 version, ring;	/* ring: entries of the dirty ring, if the VM has it */
	struct snapshot log[LOG_ENTRIES];
	u32 log_used;
	struct site site[2 * SITES];	/* is not cleared */
};

struct model_mark {
	u32 phase, vcpu;
	u64 tsc, total;
};

struct model_vm {
	struct kvm *kvm;
	bool attached, on, dying;
	u32 nr, nr_traced, epoch, flags;
	u64 began;
	u32 log_len, log_dropped;
	struct model_mark log[LOG_ENTRIES];
	struct model_vcpu vcpu[VCPUS];
	u8 memory[2 * PAGE_SIZE];
	u64 dirty;
};

struct model {
	bool on, histogram, sites, page, page_ever, cpl0;
	u32 epoch;
	int fail_alloc, fail_user;	/* as the kernel's when an operation begins */
	struct model_vm vm[VMS];
};

extern struct model model;

/** model_must() - abort, with a line, if the tracer is not as the model */
void model_must(bool same, const char *what);

/** model_fails() - is this the allocation, or the access, that fails? */
bool model_fails(int *countdown);

/* How the model moves; each at kernel.tsc */
void model_created(struct model_vm *vm);
int model_enable(void);
void model_disable(void);
int model_set_vm(struct model_vm *vm, bool on);
bool model_answers(const struct model_vcpu *vcpu);
void model_more(void);
void model_page_end(struct model_vm *vm);
void model_mirror(struct model_vm *vm, struct model_vcpu *vcpu);
void model_enter(struct model_vcpu *vcpu);
void model_exit(struct model_vm *vm, struct model_vcpu *vcpu, const struct guest_exit *exit);
void model_synthetic(struct model_vcpu *vcpu, u32 slot);
void model_recount(struct model_vcpu *vcpu, u32 slot);
void model_away(struct model_vcpu *vcpu, u32 clock, u64 from, u64 until);
void model_ioctl(struct model_vcpu *vcpu, u64 from, u64 loaded);
bool model_mark(struct model_vm *vm, u32 vcpu, u32 phase);
bool model_page_write(struct model_vm *vm, struct model_vcpu *vcpu, u32 flags);
int model_page_set(struct model_vm *vm, struct model_vcpu *vcpu, u64 msr);
void model_page_drop(struct model_vm *vm, struct model_vcpu *vcpu);
void model_page_sync(struct model_vm *vm, struct model_vcpu *vcpu);

/** model_slot() - the slot of a hardware's exit reason */
u32 model_slot(u32 reason);

/** model_take() - a vCPU's snapshot at kernel.tsc, SLOT_BEFORE empty */
void model_take(struct snapshot *to, const struct model_vcpu *vcpu);

/** model_copy() - the same, as the tracer copies it: only slots that have counted */
void model_copy(struct snapshot *to, const struct model_vcpu *vcpu);

/** model_total() - all slots of a snapshot */
struct counted model_total(const struct snapshot *snapshot);
void model_add(struct counted *to, const struct counted *from);

/** model_check() - the structures of all VMs, and their memory, are as the model's */
void model_check(void);

/** model_cpuid() - what a leaf has to answer, from *@regs; false: another answers, or it is not foretold */
bool model_cpuid(struct model_vm *vm, u32 vcpu, struct cpuid_regs *regs);

/** model_latch() - what a latch has of a vCPU, or of ALL_VCPUS, and which slots it @has */
void model_latch(struct snapshot *to, const struct model_vm *vm, u32 owner, bool has[SLOTS]);

/* The vCPU's drill-down */
void model_site_add(struct model_vm *vm, struct model_vcpu *vcpu, const struct guest_exit *exit);
void model_site_check(const struct model_vcpu *vcpu);

/** model_files() - the debugfs files say what the model says */
void model_files(struct model_vm *vm);

/** model_stats() - a read of the statistics file is a part of it, and it says what the model says */
void model_stats(const struct model_vm *vm, struct model_vcpu *vcpu, u64 offset, u32 size);

#endif /* BOOTEXITS_MODEL_H */
