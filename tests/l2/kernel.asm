; SPDX-License-Identifier: GPL-2.0-only
;
; A very small kernel: a bzImage whose 32-bit part prints its address and what it was given on
; COM1, and ends the VM with verdict pass.  modules.t changes bytes in copies of it.
;	nasm -f bin -o kernel kernel.asm
; With STRAYS=LEAF,PHASE it sends each interrupt that there is to all other CPUs.  Instead of giving
; a verdict it marks the end of PHASE, for which an observer waits.
;	nasm -f bin -o strays -DSTRAYS=LEAF,PHASE kernel.asm

COM1	equ	0x3f8
LSR	equ	COM1 + 5
THRE	equ	0x20
VERDICT	equ	0xf4
PASS	equ	0x10
APIC_ICR equ	0xfee00300
OTHERS	equ	0xc4000		; fixed, to all but ourselves
OTHERS_NMI equ	0xc4400
ROUNDS	equ	3
STACK	equ	0x7c00		; free in every PC

RAMDISK	equ	0x218		; in the boot parameters
BYTES	equ	0x21c
ARGUMENTS equ	0x228

	times 0x1f1 db 0
setup_sects:	db	1
root_flags:	dw	0
syssize:	dd	(end - start) / 16
ram_size:	dw	0
vid_mode:	dw	0
root_dev:	dw	0
boot_flag:	dw	0xaa55
jump:		db	0xeb, header_end - $ - 2
header:		db	"HdrS"
version:	dw	0x20f
realmode_switch: dd	0
start_sys:	dw	0
kernel_version:	dw	text - 0x200
type_of_loader:	db	0
loadflags:	db	1		; LOADED_HIGH
setup_move_size: dw	0
code32_start:	dd	0x100000
ramdisk_image:	dd	0
ramdisk_size:	dd	0
bootsect_kludge: dd	0
heap_end_ptr:	dw	0
ext_loader:	dw	0
cmd_line_ptr:	dd	0
initrd_addr_max: dd	0x7fffffff
kernel_alignment: dd	0x200000
relocatable:	db	1
min_alignment:	db	21
xloadflags:	dw	0
cmdline_size:	dd	2047
hardware_subarch: dd	0
subarch_data:	dq	0
payload_offset:	dd	0
payload_length:	dd	0
setup_data:	dq	0
pref_address:	dq	0x1000000
init_size:	dd	0x10000
handover_offset: dd	0
kernel_info:	dd	0
header_end:
text:	db	"tests/l2/kernel.asm", 0
	times 2 * 512 - ($ - $$) db 0

%macro mark_end 2
	mov	eax, %1
	mov	ecx, %2
	cpuid
%endmacro

bits 32
start:	mov	esp, STACK
	call	.here
.here:	pop	ebp
	sub	ebp, .here		; what we were moved by
	lea	ebx, [ebp + place]
	call	print
	lea	eax, [ebp + start]
	call	print_hex
	lea	ebx, [ebp + ramdisk]
	call	print
	mov	eax, [esi + RAMDISK]
	call	print_hex
	lea	ebx, [ebp + bytes]
	call	print
	mov	eax, [esi + BYTES]
	call	print_hex
	lea	ebx, [ebp + arguments]
	call	print
	mov	ebx, [esi + ARGUMENTS]
	call	print
	lea	ebx, [ebp + newline]
	call	print
%ifdef STRAYS
	call	send_all
	mark_end STRAYS
%else
	mov	eax, PASS
	out	VERDICT, eax
%endif
	cli
	hlt

send_all:
	mov	ebx, ROUNDS
.round:	mov	dword [APIC_ICR], OTHERS_NMI
	mov	eax, OTHERS | 32
.next:	mov	[APIC_ICR], eax
	mov	ecx, 100000		; some of the time that one takes
	loop	$
	inc	al
	jnz	.next
	dec	ebx
	jnz	.round
	ret

print:	mov	al, [ebx]		; EBX: a text with a zero behind it
	test	al, al
	jz	.done
	call	print_byte
	inc	ebx
	jmp	print
.done:	ret

print_hex:				; EAX, as eight digits
	mov	ecx, 8
.next:	rol	eax, 4
	push	eax
	and	al, 15
	add	al, '0'
	cmp	al, '9'
	jbe	.digit
	add	al, 'a' - '9' - 1
.digit:	call	print_byte
	pop	eax
	loop	.next
	ret

print_byte:				; AL
	mov	ah, al
	mov	edx, LSR
.wait:	in	al, dx
	test	al, THRE
	jz	.wait
	mov	edx, COM1
	mov	al, ah
	out	dx, al
	ret

place:		db	13, 10, "kernel at=", 0
ramdisk:	db	" initrd=", 0
bytes:		db	" bytes=", 0
arguments:	db	" arguments=", 0
newline:	db	13, 10, 0
	align	16, db 0
end:
