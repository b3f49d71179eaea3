; SPDX-License-Identifier: GPL-2.0-only
;
; The payload as the machine's firmware.  The CPU's first two instructions ask
; for the number of exits.  Then the ROM enters protected mode, copies the payload's
; image to where it is linked, and jumps to its entry.  Nothing else is set up, because
; RAM works at once in a virtual machine.

%include "constants.inc"

cpu 686

; These are the payload's symbols, by --just-symbols
extern image_start
extern image_end
extern bss_start
extern bss_end
extern first
extern entry_rom

; SDM vol. 3, "First Instruction Executed": CS.base is 0xffff0000 and IP 0xfff0
section .reset progbits alloc exec nowrite align=1
bits 16
global reset
reset:
	mov	eax, KVM_EXIT_TRACE_LEAF_TOTAL
	cpuid
	jmp	start

section .text
start:
	mov	esi, eax
	mov	edi, ebx
	mov	eax, KVM_EXIT_TRACE_LEAF_BOTH
	cpuid
	mov	ebp, ecx
	mov	esp, ebx		; there is no stack yet, so ESP is a register like any other
	rdtsc
	mov	ebx, eax
	mov	ecx, edx

	cli
	o32 lgdt [cs:dword gdt_pointer - 0xffff0000]
	mov	eax, cr0
	or	al, 1			; PE
	mov	cr0, eax
	jmp	dword START_CS:protected

bits 32
protected:
	mov	eax, START_DS
	mov	ds, eax
	mov	es, eax
	mov	ss, eax

	; `first` is in RAM beyond the parts that are copied and zeroed below.
	mov	[first], esi
	mov	[first + 4], edi
	mov	[first + 8], ebp
	mov	[first + 12], esp
	mov	[first + 16], ebx
	mov	[first + 20], ecx

	cld
	mov	esi, image
	mov	edi, image_start
	mov	ecx, (image_bytes + 3) / 4
	rep	movsd
	mov	edi, bss_start
	mov	ecx, bss_end
	sub	ecx, edi
	shr	ecx, 2
	xor	eax, eax
	rep	stosd
	mov	eax, entry_rom
	jmp	eax

align 8
gdt:
	dq	0, 0
	dq	0x00cf9b000000ffff	; code, base 0, 4 GiB, 32 bits, accessed
	dq	0x00cf93000000ffff	; data, the same
gdt_end:

gdt_pointer:
	dw	gdt_end - gdt - 1
	dd	gdt

section .image progbits alloc noexec nowrite align=16
image:
	incbin	"image.bin"
image_bytes equ $ - image
	align	4, db 0

section .note.GNU-stack noalloc noexec nowrite progbits
