/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the payload costs by measuring: every CPUID and every access to a port or MSR
 * that exists only because we measure goes through here and is counted, one
 * exit each.  docs/abi.md calls the sum `self`.  The observer's are not in it:
 * all that its vCPU does is its own, and the tracer tells them apart.
 */
#ifndef SELF_H
#define SELF_H

#include "cpu.h"
#include "start.h"

/* All four registers, in and out */
struct regs {
	u32 eax, ebx, ecx, edx;
};

/* Exits so far; starts with those of the entry. */
extern u64 self_exits;

static inline bool is_observer(void)
{
	return read_fs() == START_OBSERVER_FS;
}

static inline void self_count(void)
{
	if (!is_observer())
		self_exits++;
}

static inline void self_cpuid(struct regs *r)
{
	self_count();
	asm volatile("cpuid" : "+a"(r->eax), "+b"(r->ebx), "+c"(r->ecx), "+d"(r->edx));
}

static inline u8 self_inb(u16 port)
{
	self_count();
	return inb(port);
}

static inline void self_outb(u16 port, u8 value)
{
	self_count();
	outb(port, value);
}

static inline void self_wrmsr(u32 msr, u64 value)
{
	self_count();
	wrmsr(msr, value);
}

static inline u32 self_inl(u16 port)
{
	self_count();
	return inl(port);
}

static inline void self_outl(u16 port, u32 value)
{
	self_count();
	outl(port, value);
}

#endif
