/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The code of vmm's guests, which is copied to GUEST_CODE. It runs in real mode with segments of 4
 * GiB, except for the hypervisors and their guests at the end. Each ends with an OUT, which exits to the VMM.
 */
#include "include/kvm_exit_trace.h"
#include "tests/l1/vmm/vmm.h"

	.section .rodata
	.code16

	.global	guest_begin, guest_end
guest_begin:

/* On each #GP: set EBP to 1, and go on at DI. */
	.global	guest_gp
guest_gp:
	movl	$1, %ebp
	movw	$GUEST_STACK, %sp
	jmp	*%di

/* ESI CPUIDs. EAX returns the vCPU's own exits, up to and with the last of these. */
	.global	guest_exits
guest_exits:
	movl	$KVM_EXIT_TRACE_LEAF_OWN, %eax
	cpuid
	decl	%esi
	jnz	guest_exits
	out	%al, $GUEST_PORT

/* One CPUID, with the registers as given */
	.global	guest_cpuid
guest_cpuid:
	cpuid
	out	%al, $GUEST_PORT

/* The same, emulated by KVM: its parameter force_emulation_prefix enables this prefix. */
	.global	guest_emulated
guest_emulated:
	ud2
	.ascii	"kvm"
	cpuid
	out	%al, $GUEST_PORT

/* Mark the end of phase AL by the port. */
	.global	guest_mark
guest_mark:
	movw	$KVM_EXIT_TRACE_PORT, %dx
	out	%al, %dx
	out	%al, $GUEST_PORT

	.global	guest_wrmsr, guest_rdmsr, guest_after_msr
guest_wrmsr:
	wrmsr
	jmp	guest_after_msr
guest_rdmsr:
	rdmsr
guest_after_msr:
	out	%al, $GUEST_PORT

/* ESI consistent reads of the mirrored page at EBX */
	.global	guest_poll
guest_poll:
	movl	KVM_EXIT_TRACE_PAGE_VERSION(%ebx), %eax
	movl	KVM_EXIT_TRACE_PAGE_EXITS(%ebx), %edx
	testb	$1, %al
	jnz	guest_poll
	cmpl	%eax, KVM_EXIT_TRACE_PAGE_VERSION(%ebx)
	jne	guest_poll
	decl	%esi
	jnz	guest_poll
	out	%al, $GUEST_PORT

/* 16 CPUIDs and an OUT, for ever */
	.global	guest_forever
guest_forever:
	movl	$16, %esi
1:	movl	$KVM_EXIT_TRACE_LEAF_OWN, %eax
	cpuid
	decl	%esi
	jnz	1b
	out	%al, $GUEST_PORT
	jmp	guest_forever

/* The same, but each round first writes EBX into KVM_EXIT_TRACE_MSR_PAGE, with #GP or without. */
	.global	guest_register, guest_registered
guest_register:
	movl	$KVM_EXIT_TRACE_MSR_PAGE, %ecx
	movl	%ebx, %eax
	xorl	%edx, %edx
	wrmsr
guest_registered:
	pushl	%ebx
	movl	$16, %esi
1:	movl	$KVM_EXIT_TRACE_LEAF_OWN, %eax
	cpuid
	decl	%esi
	jnz	1b
	popl	%ebx
	out	%al, $GUEST_PORT
	jmp	guest_register

/* ESI writes of EDX:EAX to the MSR ECX */
	.global	guest_wrmsrs
guest_wrmsrs:
	wrmsr
	decl	%esi
	jnz	guest_wrmsrs
	out	%al, $GUEST_PORT

/* ESI WBINVDs */
	.global	guest_wbinvds
guest_wbinvds:
	wbinvd
	decl	%esi
	jnz	guest_wbinvds
	out	%al, $GUEST_PORT

/* Store the double word EAX at EBX. */
	.global	guest_store
guest_store:
	movl	%eax, (%ebx)
	out	%al, $GUEST_PORT

	.code32
/* A hypervisor: ESI times VMRUN of the VMCB at EAX; each adds EBP to the VMCB's RIP */
	.global	guest_vmruns
guest_vmruns:
	vmrun
	addl	%ebp, VMCB_RIP(%eax)
	decl	%esi
	jnz	guest_vmruns
	out	%al, $GUEST_PORT

/* Its guests: 16 CPUIDs and a VMMCALL for ever, or CPUIDs only */
	.global	guest_nested, guest_nested_cpuid
guest_nested:
	movl	$16, %edi
1:	movl	$KVM_EXIT_TRACE_LEAF_OWN, %eax
	cpuid
	decl	%edi
	jnz	1b
	vmmcall
	jmp	guest_nested
guest_nested_cpuid:
	cpuid
	jmp	guest_nested_cpuid

/*
 * A VMX hypervisor. ESI points to vmfail.c's struct setup. EDI VMLAUNCHes; EBX returns how many of them were VMfailValid,
 * and EAX the last VM-instruction error. A VM exit ends it, too.
 */
	.global	guest_vmlaunches, guest_vmxoff, guest_vmcall
guest_vmlaunches:
	xorl	%ebx, %ebx
	vmxon	(%esi)
	vmclear	8(%esi)
	vmptrld	8(%esi)
1:	addl	$8, %esi
	movl	8(%esi), %eax
	testl	%eax, %eax
	jz	2f
	vmwrite	12(%esi), %eax
	jmp	1b
2:	vmlaunch
	jnz	3f
	incl	%ebx
3:	decl	%edi
	jnz	2b
	movl	$0x4400, %ecx
	vmread	%ecx, %eax
guest_vmxoff:
	vmxoff
	out	%al, $GUEST_PORT
guest_vmcall:
	vmcall
guest_end:

	.section .note.GNU-stack, "", @progbits
