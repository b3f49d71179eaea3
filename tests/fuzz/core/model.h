/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A model of docs/abi.md: a second tracer, written without regard to speed.  Each operation moves
 * the tracer and the model, and both have to agree in all their data.
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

/** struct snapshot - slots of one vCPU or of several, and the two clocks that have no slots */
struct snapshot {
	struct counted slot[SLOTS + 1];
	u64 guest, elapsed;
};

/** struct site - exits of one slot and one code */
struct site {
	u64 code, count, rip[RIPS];
	u32 slot, entry;
};

/** struct guest_exit - a hardware exit; @info is EXITINFO1, or the exit qualification */
struct guest_exit {
	u32 reason;
	u64 rip, rax, rcx, info, gpa;
	bool fail;	/* VMX: the entry failed without an exit */
};

struct model_vcpu {
	struct kvm_vcpu *kvm;
	bool traced, live, ran, in_guest, histogram, sites, request, poked, running;
	struct snapshot now;	/* elapsed: see first */
	u64 first, since, entered, spent;
	bool began;		/* first is known: the TSC at the first entry */
	u32 current;
	bool timed;		/* the histogram has seen the last exit */
	u32 bucket[SLOTS][KVM_EXIT_TRACE_NR_BUCKETS];
	u64 exits[SLOTS];	/* hardware exits while sites are counted */
	u32 nr_sites;
	bool torn_sites;	/* there were more sites than this table can hold */
	struct snapshot latch;
	u64 msr;
	u32 version, ring;	/* ring: entries of the dirty ring, if the VM has it */
	struct snapshot log[LOG_ENTRIES];
	u32 log_used;
	struct site site[2 * SITES];	/* not cleared */
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
	int fail_alloc, fail_user;	/* the kernel's values when an operation begins */
	struct model_vm vm[VMS];
};

extern struct model model;

/** model_must() - print a line and abort if the tracer differs from the model */
void model_must(bool same, const char *what);

/** model_fails() - is this the allocation, or the access, that fails? */
bool model_fails(int *countdown);

/* These move the model, each at kernel.tsc. */
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

/** model_slot() - the slot of a hardware exit reason */
u32 model_slot(u32 reason);

/** model_take() - take a vCPU's snapshot at kernel.tsc, with an empty slot BEFORE */
void model_take(struct snapshot *to, const struct model_vcpu *vcpu);

/** model_copy() - the same as the tracer copies it: only slots that have exits */
void model_copy(struct snapshot *to, const struct model_vcpu *vcpu);

/** model_total() - the sum over all slots of a snapshot */
struct counted model_total(const struct snapshot *snapshot);
void model_add(struct counted *to, const struct counted *from);

/** model_check() - check the structures of all VMs, and their memory, against the model's */
void model_check(void);

/**
 * model_cpuid() - answer a leaf
 * @regs: EAX has the leaf and ECX the index; replaced by the answer
 *
 * Return: false if the tracer has to leave this CPUID to KVM.
 */
bool model_cpuid(struct model_vm *vm, u32 vcpu, struct cpuid_regs *regs);

/** model_latch() - take the latch of a vCPU, or of ALL_VCPUS; @has says which slots it has */
void model_latch(struct snapshot *to, const struct model_vm *vm, u32 owner, bool has[SLOTS]);

/* A vCPU's sites */
void model_site_add(struct model_vm *vm, struct model_vcpu *vcpu, const struct guest_exit *exit);
void model_site_check(const struct model_vcpu *vcpu);

/** model_files() - check the debugfs files against the model */
void model_files(struct model_vm *vm);

/** model_stats() - check that a read of the statistics file gives a part of the model's file */
void model_stats(const struct model_vm *vm, struct model_vcpu *vcpu, u64 offset, u32 size);

#endif /* BOOTEXITS_MODEL_H */
