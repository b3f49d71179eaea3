; SPDX-License-Identifier: GPL-2.0-only
;
; A multiboot kernel that prints a line on COM1, and then does nothing, for ever or for a while.
;	nasm -f bin -o hang still.asm			executes PAUSE for ever, with interrupts off
;	nasm -f bin -DLOOPS=N -o loop still.asm		N times LOOP_INSTRUCTIONS without an exit, then verdict pass

COM1	equ	0x3f8
VERDICT	equ	0xf4
PASS	equ	0x10
ADDRESS	equ	0x100000
UNROLLED equ	10000

MAGIC	equ	0x1badb002
FLAGS	equ	1 << 16		; the addresses are below

bits 32
org ADDRESS
	dd	MAGIC, FLAGS, -(MAGIC + FLAGS)
	dd	ADDRESS, ADDRESS, 0, 0, start

start:	cli
	mov	esi, text
	mov	edx, COM1
.next:	lodsb
	test	al, al
	jz	.said
	out	dx, al
	jmp	.next
.said:
%ifdef LOOPS
	mov	ecx, LOOPS
.loop:	times UNROLLED nop
	dec	ecx
	jnz	.loop
	mov	eax, PASS
	out	VERDICT, eax
.end:	hlt
	jmp	.end
%else
.spin:	pause
	jmp	.spin
%endif

text:	db	"standing still", 13, 10, 0
