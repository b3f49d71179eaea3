/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the payload itself costs.  Some CPUIDs and accesses to ports and MSRs exist only
 * because we measure.  They all go through here.  Each is counted as one exit, and
 * docs/abi.md calls the sum `self`.  The observer's exits are not in it: all that its
 * vCPU does is its own, and the tracer counts by vCPU.
 */
#ifndef SELF_H
#define SELF_H

#include "payload/lib/cpu.h"
#include "payload/lib/start.h"

/* All four registers, in and out */
struct regs {
	u32 eax, ebx, ecx, edx;
};

/* Exits so far.  The first value is those of the entry. */
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
