; SPDX-License-Identifier: GPL-2.0-only
; A multiboot kernel that writes one CPU's virtualization registers to COM1, as bootexits-features
; --replay takes them, and shuts Bochs down. An MSR that faults is written as such.
; make-dumps.sh builds and starts it.

COM1		equ 0x3f8
BOCHS_SHUTDOWN	equ 0x8900
MAGIC		equ 0x1badb002

bits 32
section .text
align 4
	dd MAGIC, 0, -MAGIC

global _start
_start:
	cli
	mov esp, stack_end
	lgdt [gdt.limit]
	jmp 8:.reloaded
.reloaded:
	mov ax, 16
	mov ds, ax
	mov es, ax
	mov ss, ax
	mov eax, on_fault
	mov [idt + 13 * 8], ax
	mov word [idt + 13 * 8 + 2], 8
	mov word [idt + 13 * 8 + 4], 0x8e00
	shr eax, 16
	mov [idt + 13 * 8 + 6], ax
	lidt [idt_limit]

	mov dx, COM1 + 3
	mov al, 3			; 8 bits, no parity
	out dx, al
	mov esi, text.cpu
	call puts
	mov edi, leaves
.leaf:
	mov esi, text.cpuid
	call puts
	mov eax, [edi]
	call put_short
	mov esi, text.subleaf
	call puts
	mov eax, [edi]
	xor ecx, ecx
	cpuid
	push edx
	push ecx
	push ebx
	push eax
	mov ebp, 4
.register:
	mov esi, text.prefix
	call puts
	pop eax
	call put_long
	dec ebp
	jnz .register
	mov al, 10
	call putc
	add edi, 4
	cmp edi, leaves.end
	jb .leaf

	mov edi, msrs
.msr:
	mov esi, text.msr
	call puts
	mov eax, [edi]
	call put_short
	mov ecx, [edi]
	mov ebx, .fault			; where on_fault returns to
	rdmsr
	push eax
	push edx
	mov esi, text.prefix
	call puts
	pop eax
	call put_long
	pop eax
	call put_long
	jmp .next
.fault:
	mov esi, text.fault
	call puts
.next:
	mov al, 10
	call putc
	add edi, 4
	cmp edi, msrs.end
	jb .msr

	mov esi, text.end
	call puts
	mov dx, COM1 + 5
.drain:
	in al, dx
	test al, 0x40
	jz .drain
	mov esi, text.shutdown
	mov dx, BOCHS_SHUTDOWN
	mov ecx, 8
	rep outsb
	hlt

on_fault:
	add esp, 4			; the error code
	mov [esp], ebx
	iret

; puts: the text at ESI, to its zero
puts:
	lodsb
	test al, al
	jz .done
	call putc
	jmp puts
.done:
	ret

; putc: AL
putc:
	push edx
	push eax
	mov dx, COM1 + 5
.wait:
	in al, dx
	test al, 0x20
	jz .wait
	pop eax
	mov dx, COM1
	out dx, al
	pop edx
	ret

; put_short, put_long: EAX in hexadecimal, without leading zeros or with all of them
put_short:
	mov ecx, eax
	or ecx, 1			; zero is one digit
	bsr ecx, ecx
	shr ecx, 2
	inc ecx
	jmp put_digits
put_long:
	mov ecx, 8
put_digits:
	push ebx
	mov ebx, eax
.digit:
	mov eax, ebx
	push ecx
	dec ecx
	shl ecx, 2
	shr eax, cl
	pop ecx
	and eax, 15
	mov al, [digits + eax]
	call putc
	loop .digit
	pop ebx
	ret

section .data
leaves:	dd 0, 1, 0x80000000, 0x80000001, 0x8000000a
.end:
msrs:	dd 0x3a
%assign index 0x480
%rep 20
	dd index
%assign index index + 1
%endrep
	dd 0xc0010114
.end:
gdt:	dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
.limit:	dw $ - gdt - 1
	dd gdt
idt_limit:
	dw 14 * 8 - 1
	dd idt
digits:	db "0123456789abcdef"
text:
.cpu:	db "cpu 0", 10, 0
.cpuid:	db "cpuid 0x", 0
.subleaf: db " 0x0", 0
.prefix: db " 0x", 0
.msr:	db "msr 0x", 0
.fault:	db " fault", 0
.end:	db "# end", 10, 0
.shutdown: db "Shutdown"

section .bss
align 8
idt:	resb 14 * 8
	resb 4096
stack_end:

section .note.GNU-stack noalloc noexec nowrite progbits
