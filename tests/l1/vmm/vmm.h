/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small VMM for tests of KVM. If something happens that a test does not expect, the program ends
 * with a line on stderr and status 1.
 */
#ifndef VMM_H
#define VMM_H

#define PAGE		4096

/*
 * Guest-physical addresses. Memslot 0 has 64 KiB from 0 on, with real mode's vectors, code and a
 * stack.
 */
#define GUEST_CODE	0x1000
#define GUEST_STACK	0x8000
#define GUEST_MEMORY	0x10000

#define HYPERVISOR_CR3	0x9000		/* a page directory */
#define HYPERVISOR_CR0	0x80000031	/* PG, NE, ET, PE */

#define GUEST_PORT	0x10	/* the guest's code ends with an OUT to it */

#define VMCB_RIP	0x578	/* APM vol. 2, appendix B: the guest's RIP */

#ifndef __ASSEMBLER__

#include <linux/kvm.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/kvm_exit_trace.h"

extern const char guest_begin[], guest_end[], guest_gp[], guest_exits[], guest_cpuid[], guest_wrmsr[],
	guest_emulated[], guest_mark[],
	guest_rdmsr[], guest_after_msr[], guest_poll[], guest_forever[], guest_register[],
	guest_registered[], guest_wrmsrs[], guest_wbinvds[], guest_store[], guest_vmruns[], guest_nested[],
	guest_nested_cpuid[], guest_vmlaunches[], guest_vmxoff[], guest_vmcall[];

struct vm {
	int fd;
	void *memory;
};

/**
 * struct vcpu - a vCPU
 * @rflags: bits to set in the guest's RFLAGS
 * @thread: the thread in which it runs between vcpu_start() and vcpu_stop()
 * @stop: tells that thread to end
 * @rounds: how often the guest in that thread did its OUT
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

/* An ioctl() that has to succeed; returns its result. */
int request(int fd, unsigned long number, void *argument);

/* The file descriptor of /dev/kvm */
int kvm_fd(void);

/* Map whole pages of shared, zeroed memory. */
void *memory_new(size_t size);

/* Make a VM with memslot 0, and with the local APICs in KVM. */
void vm_new(struct vm *vm);
/* Set a memslot. With @size 0 it is deleted. */
void vm_slot(struct vm *vm, uint32_t slot, uint32_t flags, uint64_t gpa, size_t size, void *memory);
void vcpu_new(struct vm *vm, struct vcpu *vcpu, unsigned long id);
void vcpu_free(struct vcpu *vcpu);
void vm_free(struct vm *vm);

/* The guest-physical address of one of guest_*() */
uint32_t guest_address(const char *code);
/* Set the registers, and one of guest_*() as RIP, before KVM_RUN. */
void vcpu_set(struct vcpu *vcpu, const char *code, struct kvm_regs *regs);
/* From the next vcpu_set() on: protected mode at that privilege level, with I/O allowed */
void vcpu_level(struct vcpu *vcpu, unsigned int cpl);
/*
 * From the next vcpu_set() on: a hypervisor. It has 32 bits, flat, and paging, which VMRUN and VMXON require. @cr4 must
 * have PSE. CPUID offers all that KVM supports.
 */
void vcpu_hypervisor(struct vm *vm, struct vcpu *vcpu, uint64_t cr4, uint64_t efer);
/* KVM_RUN; returns the exit's reason, which is KVM_EXIT_INTR if a signal ended it. */
uint32_t vcpu_run(struct vcpu *vcpu);
/* Run one of guest_*() to its OUT. @regs then has the guest's registers. */
void vcpu_call(struct vcpu *vcpu, const char *code, struct kvm_regs *regs);
/* Let the guest execute @count CPUIDs. */
void vcpu_exits(struct vcpu *vcpu, uint64_t count);
/* Run one of the guest_*() that never end, in a thread. */
void vcpu_start(struct vcpu *vcpu, const char *code, struct kvm_regs *regs);
void vcpu_stop(struct vcpu *vcpu);
/* Wait until that guest has made @count more rounds. */
void vcpu_rounds(struct vcpu *vcpu, uint64_t count);

/* The answer to a CPUID of the guest */
struct leaf {
	uint32_t eax, ebx, ecx, edx;
};

struct leaf guest_leaf(struct vcpu *vcpu, uint32_t leaf, uint32_t index);
/* EBX:EAX of the answer, which is a count */
uint64_t guest_count(struct vcpu *vcpu, uint32_t leaf, uint32_t index);
/* Does the guest find the tracer? */
bool guest_traced(struct vcpu *vcpu);

/* The guest executes WRMSR or RDMSR; false: it got #GP. */
bool guest_msr_write(struct vcpu *vcpu, uint32_t msr, uint64_t value);
bool guest_msr_read(struct vcpu *vcpu, uint32_t msr, uint64_t *value);
/* The host calls KVM_GET_MSRS or KVM_SET_MSRS; false: KVM refused. */
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

/* @owner: the descriptor of a VM or a vCPU */
void stats_open(struct stats *stats, int owner);
void stats_close(struct stats *stats);
struct kvm_stats_desc *stats_desc(const struct stats *stats, uint32_t i);
/* One statistic's value */
uint64_t stats_value(const struct stats *stats, const struct kvm_stats_desc *desc);
/* The same for a vCPU, by the statistic's name */
uint64_t vcpu_stat(struct vcpu *vcpu, const char *name);
/* The vCPU's exits by interrupts of the host, which come at any time */
uint64_t vcpu_interrupts(struct vcpu *vcpu);

/* Set a parameter of kvm.ko. */
void parameter(const char *name, bool on);

/* The subcommand's name, which is the first word of each line of expect() */
extern const char *test;

/*
 * Prints "TEST ok got=G want=W NAME", or "wrong" for "ok". The last line is "TEST end
 * checks=COUNT".
 */
void expect(const char *name, uint64_t got, uint64_t want);
/* The guest reads as its vCPU's own exits what KVM has counted, less @before. */
void expect_own(const char *name, struct vcpu *vcpu, uint64_t before);
/* The first vCPU reads as the VM's exits what KVM has counted for all vCPUs. */
void expect_total(const char *name, struct vcpu *vcpus, unsigned int count);
void expect_end(void);

/* The subcommands. Each returns the program's exit status. */
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
int vmfail(int argc, char **argv);
int restore(int argc, char **argv);
int restart(int argc, char **argv);
int attached(int argc, char **argv);
int bpf_objects(int argc, char **argv);
int counted(int argc, char **argv);

#endif /* __ASSEMBLER__ */
#endif /* VMM_H */
