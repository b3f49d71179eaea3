// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that is an SVM hypervisor, and its own guest. Both guests' exits are the vCPU's.
 */
#include <err.h>

#include "tests/l1/vmm/vmm.h"

#define RUNS		500
#define CPUIDS		16	/* in one run of guest_nested() */

/* Guest-physical addresses. All of them are in one page of 4 MiB. */
#define HOST_SAVE	0xa000
#define VMCB		0xb000
#define NESTED_STACK	0xf000

#define CR4_PSE		0x10
#define EFER_SVME	0x1000
#define MSR_HOST_SAVE	0xc0010117

/* APM vol. 2, appendix B: offsets in a VMCB */
#define VMCB_INTERCEPTS	0x00c
#define INTERCEPT_CPUID	(1ULL << 18)
#define INTERCEPT_VMRUN	(1ULL << 32)
#define INTERCEPT_VMMCALL (1ULL << 33)
#define VMCB_ASID	0x058
#define VMCB_EXIT_CODE	0x070
#define VMCB_ES		0x400	/* then CS, SS and DS */
#define VMCB_EFER	0x4d0
#define VMCB_CR4	0x548
#define VMCB_CR3	0x550
#define VMCB_CR0	0x558
#define VMCB_DR7	0x560
#define VMCB_DR6	0x568
#define VMCB_RFLAGS	0x570
#define VMCB_RSP	0x5d8
#define VMCB_RAX	0x5f8

#define EXIT_CPUID	0x72
#define EXIT_VMMCALL	0x81
#define VMMCALL_BYTES	3
#define CPUID_BYTES	2

/* The selector has no descriptor, because nothing loads it. */
struct vmcb_segment {
	uint16_t selector, attributes;
	uint32_t limit;
	uint64_t base;
};

static uint64_t *field(struct vm *vm, unsigned int offset)
{
	return vm->memory + VMCB + offset;
}

/* A guest in the same mode and memory */
static void set_vmcb(struct vm *vm, const char *code, uint64_t intercepts)
{
	static const uint16_t attributes[] = { 0xc93, 0xc9b, 0xc93, 0xc93 };
	struct vmcb_segment *segments = vm->memory + VMCB + VMCB_ES;
	unsigned int i;

	*(uint64_t *)(vm->memory + VMCB + VMCB_INTERCEPTS) = intercepts | INTERCEPT_VMRUN;
	*field(vm, VMCB_ASID) = 1;
	for (i = 0; i < 4; i++)
		segments[i] = (struct vmcb_segment) { 8, attributes[i], ~0U, 0 };
	*field(vm, VMCB_EFER) = EFER_SVME;
	*field(vm, VMCB_CR0) = HYPERVISOR_CR0;
	*field(vm, VMCB_CR3) = HYPERVISOR_CR3;
	*field(vm, VMCB_CR4) = CR4_PSE;
	*field(vm, VMCB_DR6) = 0xffff0ff0;
	*field(vm, VMCB_DR7) = 0x400;
	*field(vm, VMCB_RFLAGS) = 2;
	*field(vm, VMCB_RIP) = guest_address(code);
	*field(vm, VMCB_RSP) = NESTED_STACK;
}

/* @bytes: length of the instruction that leaves the nested guest */
static void run(struct vcpu *vcpu, unsigned int runs, unsigned int bytes)
{
	struct kvm_regs regs = { .rax = VMCB, .rsi = runs, .rbp = bytes };

	vcpu_call(vcpu, guest_vmruns, &regs);
}

/* KVM handles the nested guest's CPUIDs, and passes its VMMCALLs on to the hypervisor. */
static void handed_on(struct vm *vm, struct vcpu *vcpu)
{
	uint64_t interrupts;

	set_vmcb(vm, guest_nested, INTERCEPT_VMMCALL);
	run(vcpu, RUNS, VMMCALL_BYTES);
	expect("the nested guest left by VMMCALL", *field(vm, VMCB_EXIT_CODE), EXIT_VMMCALL);
	expect("VMRUNs", vcpu_stat(vcpu, "exits_vmrun"), RUNS);
	expect("its VMMCALLs", vcpu_stat(vcpu, "exits_hypercall"), RUNS);
	expect("its CPUIDs", vcpu_stat(vcpu, "exits_cpuid"), RUNS * CPUIDS);
	expect("all exits", vcpu_stat(vcpu, "exit_trace_exits"), vcpu_stat(vcpu, "exits"));

	do {	/* until none comes in between */
		interrupts = vcpu_interrupts(vcpu);
		run(vcpu, 1, VMMCALL_BYTES);
	} while (interrupts != vcpu_interrupts(vcpu));
	/* After the last CPUID come a VMMCALL and the hypervisor's OUT. */
	expect("what it reads are its vCPU's exits", *field(vm, VMCB_RAX) + 2, vcpu_stat(vcpu, "exits"));
}

/* With exit_trace_cpl0 the nested guest finds no tracer, though it runs at its own CPL 0. */
static void refused(struct vm *vm, struct vcpu *vcpu)
{
	parameter("exit_trace_cpl0", true);
	set_vmcb(vm, guest_nested, INTERCEPT_VMMCALL);
	run(vcpu, 1, VMMCALL_BYTES);
	expect("with exit_trace_cpl0 it reads none of them", *field(vm, VMCB_RAX) < RUNS, true);
	expect("but the hypervisor does", guest_traced(vcpu), true);
	parameter("exit_trace_cpl0", false);
}

/* KVM passes its CPUIDs on, too. */
static void all_handed_on(struct vm *vm, struct vcpu *vcpu)
{
	uint64_t cpuids = vcpu_stat(vcpu, "exits_cpuid"), vmruns = vcpu_stat(vcpu, "exits_vmrun");

	set_vmcb(vm, guest_nested_cpuid, INTERCEPT_CPUID);
	run(vcpu, RUNS, CPUID_BYTES);
	expect("the nested guest left by CPUID", *field(vm, VMCB_EXIT_CODE), EXIT_CPUID);
	expect("VMRUNs again", vcpu_stat(vcpu, "exits_vmrun") - vmruns, RUNS);
	expect("CPUIDs that are handed on", vcpu_stat(vcpu, "exits_cpuid") - cpuids, RUNS);
}

int nested(int argc, char **argv)
{
	struct vcpu vcpu;
	struct vm vm;

	vm_new(&vm);
	vcpu_new(&vm, &vcpu, 0);
	vcpu_hypervisor(&vm, &vcpu, CR4_PSE, EFER_SVME);
	if (!host_msr_write(&vcpu, MSR_HOST_SAVE, HOST_SAVE))
		errx(1, "KVM does not take the host's save area");
	handed_on(&vm, &vcpu);
	refused(&vm, &vcpu);
	all_handed_on(&vm, &vcpu);
	expect("at the end: KVM's exits", vcpu_stat(&vcpu, "exit_trace_exits"), vcpu_stat(&vcpu, "exits"));
	vcpu_free(&vcpu);
	vm_free(&vm);
	return 0;
}
