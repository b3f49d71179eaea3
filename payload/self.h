/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the payload costs by measuring: every CPUID and every access to a port
 * that exists only because we measure goes through here and is counted, one
 * exit each.  docs/abi.md calls the sum `self`.
 */
#ifndef SELF_H
#define SELF_H

#include "cpu.h"

/* All four registers, in and out */
struct regs {
	u32 eax, ebx, ecx, edx;
};

/* Exits so far; starts with those of the entry. */
extern u64 self_exits;

static inline void self_cpuid(struct regs *r)
{
	self_exits++;
	asm volatile("cpuid" : "+a"(r->eax), "+b"(r->ebx), "+c"(r->ecx), "+d"(r->edx));
}

static inline u8 self_inb(u16 port)
{
	self_exits++;
	return inb(port);
}

static inline void self_outb(u16 port, u8 value)
{
	self_exits++;
	outb(port, value);
}

static inline void self_outw(u16 port, u16 value)
{
	self_exits++;
	outw(port, value);
}

/*
 * KVM reads ahead up to 1,024 bytes, within one page, for one exit
 * (emulator_pio_in, pio_in_emulated): callers stay within both.
 */
#define SELF_INSB_MAX 1024

static inline void self_insb(u16 port, void *to, u32 bytes)
{
	self_exits++;
	insb(port, to, bytes);
}

#endif
