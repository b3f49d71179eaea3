/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions that C has no words for. */
#ifndef CPU_H
#define CPU_H

#include "payload/lib/types.h"

static inline u8 inb(u16 port)
{
	u8 value;

	asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline void outb(u16 port, u8 value)
{
	asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline u32 inl(u16 port)
{
	u32 value;

	asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline void outl(u16 port, u32 value)
{
	asm volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline u64 rdtsc(void)
{
	u32 low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high));
	return u64_join(low, high);
}

/* Returns at once if that tick is past. */
static inline void wait_until(u64 tsc)
{
	while (rdtsc() < tsc)
		;
}

static inline u64 rdmsr(u32 msr)
{
	u32 low, high;

	asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return u64_join(low, high);
}

static inline void wrmsr(u32 msr, u64 value)
{
	asm volatile("wrmsr" : : "c"(msr), "a"((u32)value), "d"((u32)(value >> 32)));
}

static inline u32 read_cr2(void)
{
	u32 value;

	asm volatile("movl %%cr2, %0" : "=r"(value));
	return value;
}

static inline u32 read_fs(void)
{
	u32 value;

	asm("movl %%fs, %0" : "=r"(value));
	return value;
}

static inline void halt_forever(void)
{
	for (;;)
		asm volatile("cli; hlt");
}

#endif
