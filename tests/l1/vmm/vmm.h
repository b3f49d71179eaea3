/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VMM as small as tests of KVM need it. All that a test does not expect ends the program
 * with a line on stderr and status 1.
 */
#ifndef VMM_H
#define VMM_H

#define PAGE		4096

/* Guest-physical: slot 0 has 64 KiB from 0 on, with the real mode's vectors, code and a stack. */
#define GUEST_CODE	0x1000
#define GUEST_STACK	0x8000
#define GUEST_MEMORY	0x10000

#define GUEST_PORT	0x10	/* an OUT to it ends what the guest does */

#define VMCB_RIP	0x578	/* APM vol. 2, appendix B: the guest's */

#ifndef __ASSEMBLER__

#include <linux/kvm.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kvm_exit_trace.h"

extern const char guest_begin[], guest_end[], guest_gp[], guest_exits[], guest_cpuid[], guest_wrmsr[],
	guest_emulated[], guest_mark[],
	guest_rdmsr[], guest_after_msr[], guest_poll[], guest_forever[], guest_register[],
	guest_registered[], guest_wrmsrs[], guest_store[], guest_vmruns[], guest_nested[],
	guest_nested_cpuid[];

struct vm {
	int fd;
	void *memory;
};

/**
 * struct vcpu
 * @thread: in which it runs, between vcpu_start() and vcpu_stop()
 * @rflags: more of them for the guest
 * @stop: it shall end
 * @rounds: how often that guest did its OUT
 */
struct vcpu {
	int fd;
	struct kvm_run *run;
	struct kvm_sregs sregs;
	uint64_t rflags;
	pthread_t thread;
	volatile bool stop;
	volatile uint64_t rounds;
};

/* ioctl(), which has to succeed; returns what it returns */
int request(int fd, unsigned long number, void *argument);

/* /dev/kvm */
int kvm_fd(void);

/* Memory of whole pages, shared and zero */
void *memory_new(size_t size);

/* A VM with slot 0, and the local APICs in KVM */
void vm_new(struct vm *vm);
/* A slot; with @size 0 it is deleted. */
void vm_slot(struct vm *vm, uint32_t slot, uint32_t flags, uint64_t gpa, size_t size, void *memory);
void vcpu_new(struct vm *vm, struct vcpu *vcpu, unsigned long id);
void vcpu_free(struct vcpu *vcpu);
void vm_free(struct vm *vm);

/* Guest-physical, of one of guest_*() */
uint32_t guest_address(const char *code);
/* Have the registers and one of guest_*() as RIP; only then KVM_RUN. */
void vcpu_set(struct vcpu *vcpu, const char *code, struct kvm_regs *regs);
/* Protected mode at that privilege level, with I/O allowed, from the next vcpu_set() on */
void vcpu_level(struct vcpu *vcpu, unsigned int cpl);
/* KVM_RUN; returns the exit's reason, KVM_EXIT_INTR where a signal ended it. */
uint32_t vcpu_run(struct vcpu *vcpu);
/* Run one of guest_*() to its OUT; the registers are then the guest's. */
void vcpu_call(struct vcpu *vcpu, const char *code, struct kvm_regs *regs);
/* @count CPUIDs of the guest */
void vcpu_exits(struct vcpu *vcpu, uint64_t count);
/* One of those that never end, in a thread */
void vcpu_start(struct vcpu *vcpu, const char *code, struct kvm_regs *regs);
void vcpu_stop(struct vcpu *vcpu);
/* Wait until that guest has gone round so often from now on. */
void vcpu_rounds(struct vcpu *vcpu, uint64_t count);

/* What a CPUID of the guest answers, by EAX and ECX */
struct leaf {
	uint32_t eax, ebx, ecx, edx;
};

struct leaf guest_leaf(struct vcpu *vcpu, uint32_t leaf, uint32_t index);
/* EBX:EAX of it, a count */
uint64_t guest_count(struct vcpu *vcpu, uint32_t leaf, uint32_t index);
/* Does it find the tracer? */
bool guest_traced(struct vcpu *vcpu);

/* A guest's WRMSR or RDMSR; false: it got #GP */
bool guest_msr_write(struct vcpu *vcpu, uint32_t msr, uint64_t value);
bool guest_msr_read(struct vcpu *vcpu, uint32_t msr, uint64_t *value);
/* KVM_GET_MSRS and KVM_SET_MSRS; false: KVM refused */
bool host_msr_read(struct vcpu *vcpu, uint32_t msr, uint64_t *value);
bool host_msr_write(struct vcpu *vcpu, uint32_t msr, uint64_t value);

/**
 * struct stats - the binary statistics of a VM or a vCPU
 * @fd: the file
 * @desc: its descriptors, one after the other
 */
struct stats {
	int fd;
	struct kvm_stats_header header;
	void *desc;
};

/* @owner: a VM or a vCPU */
void stats_open(struct stats *stats, int owner);
void stats_close(struct stats *stats);
struct kvm_stats_desc *stats_desc(const struct stats *stats, uint32_t i);
/* One number */
uint64_t stats_value(const struct stats *stats, const struct kvm_stats_desc *desc);
/* The same of a vCPU, by its name */
uint64_t vcpu_stat(struct vcpu *vcpu, const char *name);
/* Its exits that are the host's doing: interrupts, which come when they come */
uint64_t vcpu_interrupts(struct vcpu *vcpu);

/* A parameter of kvm.ko */
void parameter(const char *name, bool on);

/* The subcommand, with which each line of expect() begins */
extern const char *test;

/* "TEST ok got=G want=W NAME", or wrong; the last line of all is "TEST end checks=COUNT". */
void expect(const char *name, uint64_t got, uint64_t want);
/* What the guest reads as its vCPU's own exits is what KVM has counted, but for @before. */
void expect_own(const char *name, struct vcpu *vcpu, uint64_t before);
/* What the first reads as the VM's exits is what KVM has counted of all. */
void expect_total(const char *name, struct vcpu *vcpus, unsigned int count);
void expect_end(void);

/* The subcommands; each returns the program's exit status. */
int page_off(int argc, char **argv);
int page(int argc, char **argv);
int page_hostile(int argc, char **argv);
int page_memory(int argc, char **argv);
int page_slots(int argc, char **argv);
int page_ends(int argc, char **argv);
int page_dirty(int argc, char **argv);
int stats_format(int argc, char **argv);
int stats_values(int argc, char **argv);
int stats_cost(int argc, char **argv);
int policy(int argc, char **argv);
int policy_parameter(int argc, char **argv);
int policy_level(int argc, char **argv);
int policy_storm(int argc, char **argv);
int policy_created(int argc, char **argv);
int churn(int argc, char **argv);
int hold(int argc, char **argv);
int neighbours(int argc, char **argv);
int switching(int argc, char **argv);
int hotplug(int argc, char **argv);
int nested(int argc, char **argv);
int restore(int argc, char **argv);
int restart(int argc, char **argv);

#endif /* __ASSEMBLER__ */
#endif /* VMM_H */
