// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that is a VMX hypervisor. Its VMCS has a control that the CPU refuses and that KVM does not check, the TPR
 * threshold. KVM finds its VMCS valid, and enters; then the CPU's VMLAUNCH fails (SDM vol. 3, 27.2.1.1). KVM passes
 * this on to the hypervisor. This is the late VM-Fail of nested_vmx_reflect_vmexit().
 */
#include <err.h>
#include <string.h>

#include "tests/l1/vmm/vmm.h"

#define RUNS		100

/* Guest-physical addresses. All of them are in one page of 4 MiB. */
#define VMXON_REGION	0xa000
#define VMCS		0xb000
#define SETUP		0xc000
#define VIRTUAL_APIC	0xd000
#define NESTED_STACK	0xf000

#define CR4_PSE_VMXE	0x2010

#define MSR_FEATURE_CONTROL 0x3a
#define LOCKED_VMXON	0x5
#define MSR_VMX_BASIC	0x480
#define MSR_VMX_PINBASED_CTLS 0x481
#define MSR_VMX_PROCBASED_CTLS 0x482
#define MSR_VMX_EXIT_CTLS 0x483
#define MSR_VMX_ENTRY_CTLS 0x484

/* SDM vol. 3, appendix B: a VMCS's fields */
#define VIRTUAL_APIC_ADDRESS 0x2012
#define LINK_POINTER	0x2800
#define LINK_POINTER_HIGH 0x2801
#define PIN_CONTROLS	0x4000
#define PROC_CONTROLS	0x4002
#define PROC_TPR_SHADOW	(1U << 21)
#define EXIT_CONTROLS	0x400c
#define ENTRY_CONTROLS	0x4012
#define TPR_THRESHOLD	0x401c
#define GUEST_SELECTOR(n) (0x800 + 2 * (n))	/* ES, CS, SS, DS, FS, GS, LDTR, TR */
#define GUEST_LIMIT(n)	(0x4800 + 2 * (n))
#define GUEST_ACCESS(n)	(0x4814 + 2 * (n))
#define GUEST_CR0	0x6800
#define GUEST_CR3	0x6802
#define GUEST_CR4	0x6804
#define GUEST_DR7	0x681a
#define GUEST_RIP	0x681e
#define GUEST_RFLAGS	0x6820
#define HOST_CS		0xc02
#define HOST_SS		0xc04
#define HOST_TR		0xc0c
#define HOST_CR0	0x6c00
#define HOST_CR3	0x6c02
#define HOST_CR4	0x6c04
#define HOST_RSP	0x6c14
#define HOST_RIP	0x6c16

#define ERROR_CONTROL	7	/* VM entry with invalid control field(s) */

/* What guest_vmlaunches() finds at ESI. A field of 0 ends the list. */
struct setup {
	uint64_t vmxon, vmcs;
	struct {
		uint32_t field, value;
	} writes[64];
};

/* The low half of one of VMX's capability MSRs: the controls that have to be 1, or the VMCS's revision */
static uint32_t low(struct vcpu *vcpu, uint32_t msr)
{
	uint64_t value;

	if (!host_msr_read(vcpu, msr, &value))
		errx(1, "KVM does not tell MSR 0x%x", msr);
	return value;
}

static void set_vmcs(struct vm *vm, struct vcpu *vcpu, uint32_t threshold)
{
	const struct setup setup = {
		VMXON_REGION, VMCS, {
			{ PIN_CONTROLS, low(vcpu, MSR_VMX_PINBASED_CTLS) },
			{ PROC_CONTROLS, low(vcpu, MSR_VMX_PROCBASED_CTLS) | PROC_TPR_SHADOW },
			{ EXIT_CONTROLS, low(vcpu, MSR_VMX_EXIT_CTLS) },
			{ ENTRY_CONTROLS, low(vcpu, MSR_VMX_ENTRY_CTLS) },
			{ VIRTUAL_APIC_ADDRESS, VIRTUAL_APIC },
			{ TPR_THRESHOLD, threshold },
			{ LINK_POINTER, ~0U }, { LINK_POINTER_HIGH, ~0U },
			{ GUEST_SELECTOR(0), 8 }, { GUEST_LIMIT(0), ~0U }, { GUEST_ACCESS(0), 0xc093 },
			{ GUEST_SELECTOR(1), 8 }, { GUEST_LIMIT(1), ~0U }, { GUEST_ACCESS(1), 0xc09b },
			{ GUEST_SELECTOR(2), 8 }, { GUEST_LIMIT(2), ~0U }, { GUEST_ACCESS(2), 0xc093 },
			{ GUEST_SELECTOR(3), 8 }, { GUEST_LIMIT(3), ~0U }, { GUEST_ACCESS(3), 0xc093 },
			{ GUEST_SELECTOR(4), 8 }, { GUEST_LIMIT(4), ~0U }, { GUEST_ACCESS(4), 0xc093 },
			{ GUEST_SELECTOR(5), 8 }, { GUEST_LIMIT(5), ~0U }, { GUEST_ACCESS(5), 0xc093 },
			{ GUEST_ACCESS(6), 0x10000 },	/* unusable */
			{ GUEST_SELECTOR(7), 8 }, { GUEST_LIMIT(7), 0x67 }, { GUEST_ACCESS(7), 0x8b },
			{ GUEST_CR0, HYPERVISOR_CR0 }, { GUEST_CR3, HYPERVISOR_CR3 }, { GUEST_CR4, CR4_PSE_VMXE },
			{ GUEST_DR7, 0x400 }, { GUEST_RFLAGS, 2 }, { GUEST_RIP, guest_address(guest_vmcall) },
			{ HOST_CS, 8 }, { HOST_SS, 8 }, { HOST_TR, 8 },
			{ HOST_CR0, HYPERVISOR_CR0 }, { HOST_CR3, HYPERVISOR_CR3 }, { HOST_CR4, CR4_PSE_VMXE },
			{ HOST_RSP, NESTED_STACK }, { HOST_RIP, guest_address(guest_vmxoff) },
		},
	};

	*(uint32_t *)(vm->memory + VMXON_REGION) = low(vcpu, MSR_VMX_BASIC);
	*(uint32_t *)(vm->memory + VMCS) = low(vcpu, MSR_VMX_BASIC);
	memcpy(vm->memory + SETUP, &setup, sizeof(setup));
}

/* The same VMCS with a valid threshold: so it is the threshold that the CPU refuses. */
static void entered(struct vm *vm, struct vcpu *vcpu)
{
	struct kvm_regs regs = { .rsi = SETUP, .rdi = 1 };

	set_vmcs(vm, vcpu, 0);
	vcpu_call(vcpu, guest_vmlaunches, &regs);
	expect("with a valid threshold: VMfails", regs.rbx, 0);
	expect("the nested guest's VMCALL", vcpu_stat(vcpu, "exits_vmcall"), 1);
	expect("no exit is vmfail", vcpu_stat(vcpu, "exits_vmfail"), 0);
}

static void refused(struct vm *vm, struct vcpu *vcpu)
{
	struct kvm_regs regs = { .rsi = SETUP, .rdi = RUNS };
	uint64_t vmlaunches = vcpu_stat(vcpu, "exits_vmlaunch");

	set_vmcs(vm, vcpu, 0x10);
	vcpu_call(vcpu, guest_vmlaunches, &regs);
	expect("VMLAUNCHes that the CPU refused", regs.rbx, RUNS);
	expect("why, as the hypervisor reads it", regs.rax, ERROR_CONTROL);
	expect("each is one exit vmfail", vcpu_stat(vcpu, "exits_vmfail"), RUNS);
	expect("the hypervisor's VMLAUNCHes", vcpu_stat(vcpu, "exits_vmlaunch") - vmlaunches, RUNS);
	expect("the guest reads the same", guest_count(vcpu, KVM_EXIT_TRACE_LEAF_READ, KVM_EXIT_TRACE_SLOT_VMFAIL), RUNS);
	expect("all exits", vcpu_stat(vcpu, "exit_trace_exits"), vcpu_stat(vcpu, "exits"));
}

int vmfail(int argc, char **argv)
{
	struct vcpu vcpu;
	struct vm vm;

	vm_new(&vm);
	vcpu_new(&vm, &vcpu, 0);
	vcpu_hypervisor(&vm, &vcpu, CR4_PSE_VMXE, 0);
	if (!host_msr_write(&vcpu, MSR_FEATURE_CONTROL, LOCKED_VMXON))
		errx(1, "KVM offers its guest no VMX");
	entered(&vm, &vcpu);
	refused(&vm, &vcpu);
	vcpu_free(&vcpu);
	vm_free(&vm);
	return 0;
}
