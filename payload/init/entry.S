/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The system's first instructions in user space.  They end the phase `kernel`.  Without the
 * tracer that CPUID is an unknown leaf, and does nothing.
 */
#include "include/kvm_exit_trace.h"

	.globl	_start
_start:
	movl	$KVM_EXIT_TRACE_LEAF_MARK, %eax
	movl	$KVM_EXIT_TRACE_PHASE_KERNEL, %ecx
	cpuid
	movq	%rsp, %rdi
	xorl	%ebp, %ebp
	andq	$-16, %rsp
	call	main

/*
 * long system_call(long nr, long a, long b, long c, long d, long e, long f): moves a function's
 * arguments, from registers and stack, to where the kernel expects them, syscall(2).
 */
	.globl	system_call
system_call:
	movq	%rdi, %rax
	movq	%rsi, %rdi
	movq	%rdx, %rsi
	movq	%rcx, %rdx
	movq	%r8, %r10
	movq	%r9, %r8
	movq	8(%rsp), %r9
	syscall
	ret

	.section .note.GNU-stack, "", @progbits
