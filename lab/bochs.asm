; SPDX-License-Identifier: GPL-2.0-only
;
; The only sector of bochs.sh's floppy. It starts the Linux that Bochs has put into RAM, by its PVH
; entry (include/xen/interface/hvm/start_info.h), as QEMU's -kernel does with an ELF kernel.
; You must define ENTRY, INITRD, INITRD_BYTES and CMDLINE.

PVH_MAGIC	equ 0x336ec578
E820		equ 0xe820
SMAP		equ 0x534d4150
ENTRY_BYTES	equ 24		; of an entry of PVH's memory map; E820 fills 20 of them
CODE		equ 8
DATA		equ 16

org 0x7c00
cpu 686
bits 16
	xor	ax, ax
	mov	ds, ax
	mov	es, ax
	mov	ss, ax
	mov	sp, 0x7c00

	mov	di, memory_map
	xor	ebx, ebx
.next:
	mov	eax, E820
	mov	edx, SMAP
	mov	ecx, 20
	int	0x15
	jc	.last
	inc	dword [memory_map_entries]
	add	di, ENTRY_BYTES
	test	ebx, ebx
	jnz	.next
.last:
	in	al, 0x92
	or	al, 2			; A20
	out	0x92, al
	cli
	lgdt	[gdt_pointer]
	mov	eax, cr0
	or	al, 1			; PE
	mov	cr0, eax
	jmp	CODE:protected

bits 32
protected:
	mov	eax, DATA
	mov	ds, eax
	mov	es, eax
	mov	ss, eax
	mov	ebx, start_info
	mov	eax, ENTRY
	jmp	eax

align 8
gdt:	dq	0
	dq	0x00cf9b000000ffff	; flat code
	dq	0x00cf93000000ffff	; flat data
gdt_pointer:
	dw	$ - gdt - 1
	dd	gdt

align 8
start_info:
	dd	PVH_MAGIC, 1		; version
	dd	0, 1			; flags, modules
	dq	module, command_line
	dq	0			; RSDP: 0, so Linux looks for it
	dq	memory_map
memory_map_entries:
	dd	0, 0
module:
	dq	INITRD, INITRD_BYTES, 0, 0
command_line:
	db	CMDLINE, 0

	times 510 - ($ - $$) db 0
	dw	0xaa55
memory_map:
