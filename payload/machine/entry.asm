; SPDX-License-Identifier: GPL-2.0-only
;
; The payload's first instructions.  They read the tracer's leaves before anything
; else, so they read what the boot has cost up to here.
; Each start ends in entry_common, with ESI = magic and EDI = the loader's information.

%include "constants.inc"

bits 32
cpu 686

CR0_CD_NW equ 0x60000000

section .headers progbits alloc noexec nowrite align=8

; Three headers, for three kinds of loader.  QEMU 7.2's -kernel looks for
; multiboot1 first, and uses it: on pc and on microvm, with SeaBIOS and with
; qboot.  Other loaders of ELF kernels know only the PVH note.  Some of them take
; only ELF64: for them bootexits-pvh.elf is the same file without multiboot1.

%ifndef PVH_ONLY
; Multiboot 0.6.96, section 3.1.1: magic, flags, checksum
align 4
	dd	START_MB1_HEADER
	dd	0
	dd	-(START_MB1_HEADER)
%endif

; Multiboot 2.0, section 3.1.2: magic, architecture i386, length, checksum, tags
align 8
mb2_header:
	dd	START_MB2_HEADER
	dd	0
	dd	mb2_end - mb2_header
	dd	-(START_MB2_HEADER + (mb2_end - mb2_header))
	dw	0, 0		; end tag
	dd	8
mb2_end:

; PVH: a Xen ELF note whose descriptor is the 32-bit entry point
section .note.pvh note alloc noexec nowrite align=4
	dd	4		; size of the name
	dd	4		; size of the descriptor
	dd	START_PVH_NOTE
	db	"Xen", 0
	dd	entry_pvh

section .text
global entry_multiboot
global entry_pvh
global entry_rom
extern main
extern panic
extern first
extern idt_pointer

; The loaders leave flat 4 GiB segments and no stack.  EBX is the information.  EAX is
; the multiboot magic.  A PVH start promises nothing about EAX.
entry_pvh:
	mov	eax, START_PVH_MAGIC
entry_multiboot:
	mov	esi, eax
	mov	edi, ebx
	mov	eax, KVM_EXIT_TRACE_LEAF_TOTAL
	cpuid
	mov	[first], eax
	mov	[first + 4], ebx
	mov	eax, KVM_EXIT_TRACE_LEAF_BOTH
	cpuid
	mov	[first + 8], ecx
	mov	[first + 12], ebx
	rdtsc
	mov	[first + 16], eax
	mov	[first + 20], edx
	jmp	entry_common

; The ROM has read all that in real mode, and has stored it.
entry_rom:
	mov	esi, START_ROM_MAGIC
	xor	edi, edi

entry_common:
	cli
	cld
	lgdt	[gdt_pointer]
	jmp	START_CS:.reload
.reload:
	mov	eax, START_DS
	mov	ds, eax
	mov	es, eax
	mov	fs, eax
	mov	gs, eax
	mov	ss, eax
	mov	esp, stack_top
	push	edi
	push	esi
	call	main		; does not return

; One stub for each exception.  All make the same stack frame.  If the CPU pushes no error
; code, the stub pushes a zero (SDM vol. 3, "Protected-Mode Exceptions and Interrupts").
%macro stub 1
stub_%1:
%if !(%1 == 8 || (%1 >= 10 && %1 <= 14) || %1 == 17 || %1 == 21 || %1 == 29 || %1 == 30)
	push	0
%endif
	push	%1
	jmp	stub_common
%endmacro

%assign vector 0
%rep 32
	stub	vector
%assign vector vector + 1
%endrep

stub_common:
	cld
	push	esp		; struct frame *
	call	panic		; does not return

; Linux's 32-bit boot protocol (Documentation/x86/boot.rst): our GDT has its selectors,
; ESI is the address of the boot parameters, and EBP, EDI and EBX are 0.
global jump_to_linux
jump_to_linux:
	cli
	mov	eax, [esp + 4]
	mov	esi, [esp + 8]
	xor	ebp, ebp
	xor	edi, edi
	xor	ebx, ebx
	jmp	eax

; The first instructions of another CPU in protected mode.  It gets an FS of its own.
extern cpu_main
extern cpu_stack
cpu_protected:
	mov	eax, START_DS
	mov	ds, eax
	mov	es, eax
	mov	gs, eax
	mov	ss, eax
	mov	eax, START_OBSERVER_FS
	mov	fs, eax
	mov	esp, [cpu_stack]
	lidt	[idt_pointer]
	cld
	call	[cpu_main]	; does not return

; The self-IPI of the HLT test: only acknowledges it.
global stub_wake
global wake_eoi
stub_wake:
	push	eax
	mov	eax, [wake_eoi]
	mov	dword [eax], 0
	pop	eax
	iret

; bool msr_try_read(u32 msr, u64 *value); bool msr_try_write(u32 msr, u64 value)
; Both return whether the CPU did it.  Only at these two instructions, a #GP is no panic.
global msr_try_read
global msr_try_write
global stub_gp
msr_try_read:
	mov	ecx, [esp + 4]
.rdmsr:	rdmsr
	mov	ecx, [esp + 8]
	mov	[ecx], eax
	mov	[ecx + 4], edx
	mov	eax, 1
	ret
msr_try_write:
	mov	ecx, [esp + 4]
	mov	eax, [esp + 8]
	mov	edx, [esp + 12]
.wrmsr:	wrmsr
	mov	eax, 1
	ret
msr_refused:
	xor	eax, eax
	ret

; The stack has the error code and EIP.
stub_gp:
	cmp	dword [esp + 4], msr_try_read.rdmsr
	je	.msr
	cmp	dword [esp + 4], msr_try_write.wrmsr
	jne	stub_13
.msr:	mov	dword [esp + 4], msr_refused
	add	esp, 4
	iret

section .rodata
global exception_stubs
exception_stubs:
%macro stub_address 1
	dd	stub_%1
%endmacro
%assign vector 0
%rep 32
	stub_address vector
%assign vector vector + 1
%endrep

; The accessed bits are set already, so the CPU need not write here.
align 8
gdt:
	dq	0, 0
	dq	0x00cf9b000000ffff	; START_CS: code, base 0, 4 GiB, 32 bits
	dq	0x00cf93000000ffff	; START_DS: data, the same
	dq	0x00cf93000000ffff	; START_OBSERVER_FS: the same
gdt_end:

gdt_pointer:
	dw	gdt_end - gdt - 1
	dd	gdt

section .bss
alignb 16
stack:
	resb	8192
stack_top:
wake_eoi:
	resd	1

section .note.GNU-stack noalloc noexec nowrite progbits

; bootexits-init, in the form of an initramfs
section .rodata
align 4
global initramfs
global initramfs_end
initramfs:
	incbin	"init.cpio"
initramfs_end:

; SIPI starts another CPU here, in real mode, with CS = this page and the caches off
align 4
bits 16
global cpu_code
global cpu_code_end
cpu_code:
	cli
	o32 lgdt [cs:.gdt - cpu_code]
	mov	eax, cr0
	and	eax, ~CR0_CD_NW
	or	al, 1			; PE
	mov	cr0, eax
	jmp	dword START_CS:cpu_protected
align 4
.gdt:	dw	gdt_end - gdt - 1
	dd	gdt
cpu_code_end:
bits 32

; The other vCPUs of storm.c run this, at any address where SIPI starts them
section .rodata
bits 16
global storm_code
global storm_code_end
storm_code:
	cli
.again:	xor	eax, eax
	cpuid
	jmp	short .again
storm_code_end:
