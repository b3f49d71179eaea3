// SPDX-License-Identifier: GPL-2.0-only
#include "payload/lib/cpu.h"
#include "payload/lib/lib.h"
#include "payload/linux/observer.h"
#include "payload/options.h"
#include "payload/machine/panic.h"
#include "payload/payload.h"
#include "payload/lib/records.h"
#include "payload/lib/serial.h"
#include "payload/lib/start.h"

#define EXCEPTIONS	32	/* SDM vol. 3, "Protected-Mode Exceptions and Interrupts" */
#define GATES		256
#define GATE_INTERRUPT	0x8e00	/* SDM vol. 3, "IDT Gate Descriptors": present, 32-bit */

#define CR0_PG		0x80000000
#define CR4_PSE		0x00000010
#define PDE_4M_PRESENT	0x00000083	/* present, writable, 4 MiB */

/* In the order in which the stubs and the CPU push it */
struct frame {
	u32 vector, error, eip, cs, eflags;
};

struct gate {
	u16 offset_low, selector, type, offset_high;
};

extern const u32 exception_stubs[EXCEPTIONS];
void panic(const struct frame *frame) __attribute__((noreturn));

static struct gate idt[GATES];

/* Other CPUs load it, too. */
const struct {
	u16 limit;
	const void *base;
} __attribute__((packed)) idt_pointer = { sizeof(idt) - 1, idt };

static const char * const names[] = {
	"DE", "DB", "NMI", "BP", "OF", "BR", "UD", "NM", "DF", "CSO", "TS", "NP", "SS", "GP",
	"PF", "15", "MF", "AC", "MC", "XM", "VE", "CP",
};

static void set_gate(u32 vector, u32 stub)
{
	idt[vector] = (struct gate){ stub, START_CS, GATE_INTERRUPT, stub >> 16 };
}

void panic_init(void)
{
	for (u32 i = 0; i < EXCEPTIONS; i++)
		set_gate(i, exception_stubs[i]);
	asm volatile("lidt %0" : : "m"(idt_pointer), "m"(idt));
}

void panic_set_gate(u32 vector, void (*stub)(void))
{
	set_gate(vector, (u32)stub);
}

/* If an exception happens within the report, the payload ends at once. */
void panic(const struct frame *frame)
{
	static bool again;
	const char *name = frame->vector < ARRAY_SIZE(names) ? names[frame->vector] : "reserved";

	observer_stop();
	if (!serial_ready())
		serial_init(options.serial);
	record_begin("panic");
	record_number("vector", frame->vector);
	record_word("name", name);
	record_number("error", frame->error);
	record_number("eip", frame->eip);
	record_number("cr2", read_cr2());
	record_end();
	verdict_worsen(VERDICT_FAIL);
	if (!again) {
		again = true;
		report();
	}
	finish();
}

/* The labels let a test compare the eip that is reported. */
static void crash_de(void)
{
	asm volatile("crash_at_de: divl %0" : : "r"(0), "a"(1), "d"(0));
}

static void crash_ud(void)
{
	asm volatile("crash_at_ud: ud2");
}

/* A selector beyond the GDT */
static void crash_gp(void)
{
	asm volatile("crash_at_gp: movw %w0, %%gs" : : "r"(0xfff8));
}

/* Maps the first 4 MiB, where we are, enables paging, and reads above them. */
static void crash_pf(void)
{
	static u32 directory[1024] __attribute__((aligned(4096))) = { 0 };
	u32 cr;

	directory[0] = PDE_4M_PRESENT;
	asm volatile("movl %%cr4, %0" : "=r"(cr));
	asm volatile("movl %0, %%cr4" : : "r"(cr | CR4_PSE));
	asm volatile("movl %0, %%cr3" : : "r"(directory) : "memory");
	asm volatile("movl %%cr0, %0" : "=r"(cr));
	asm volatile("movl %0, %%cr0" : : "r"(cr | CR0_PG) : "memory");
	asm volatile("crash_at_pf: movl (%0), %0" : : "r"(0x40000000));
}

static const struct {
	const char *name;
	void (*cause)(void);
} crashes[] = {
	{ "de", crash_de },
	{ "ud", crash_ud },
	{ "gp", crash_gp },
	{ "pf", crash_pf },
};

const char *crash_find(const char *name)
{
	for (u32 i = 0; i < ARRAY_SIZE(crashes); i++)
		if (str_equal(crashes[i].name, name))
			return crashes[i].name;
	return NULL;
}

void crash(const char *name)
{
	for (u32 i = 0; i < ARRAY_SIZE(crashes); i++)
		if (crashes[i].name == name)
			crashes[i].cause();
}
