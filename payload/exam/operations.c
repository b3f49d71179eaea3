// SPDX-License-Identifier: GPL-2.0-only
#include "payload/machine/apic.h"
#include "payload/lib/cpu.h"
#include "payload/lib/leaves.h"
#include "payload/exam/operations.h"
#include "payload/machine/panic.h"

#define PORT_POST	0x80	/* a port that has no effect on any PC */
#define PORT_PIC_MASK	0x21
#define IOAPIC_SELECT	0xfec00000 /* a register that can be read without an effect */
#define MSR_UCODE_REV	0x8b	/* software writes it before CPUID; the value does not matter */
#define NO_HYPERCALL	0xffffffff
#define VENDOR_AMD	0x68747541 /* "Auth", EBX of leaf 0 */
#define VENDOR_HYGON	0x6f677948 /* "Hygo" */

/* entry.asm: handles the wake-up, and writes to wake_eoi to acknowledge it */
extern void stub_wake(void);
extern volatile u32 *wake_eoi;

static volatile u32 *icr;

void do_cpuid(void)
{
	leaf_read(0, 0);
}

/* A CPU has only one of the two.  We must know which one even without the tracer. */
void do_hypercall(void)
{
	static u32 vendor;
	u32 number = NO_HYPERCALL;

	if (!vendor)
		vendor = leaf_read(0, 0).ebx;
	if (vendor == VENDOR_AMD || vendor == VENDOR_HYGON)
		asm volatile("vmmcall" : "+a"(number) : : "memory");
	else
		asm volatile("vmcall" : "+a"(number) : : "memory");
}

void do_msr_read(void)
{
	rdmsr(MSR_APIC_BASE);
}

void do_msr_write(void)
{
	wrmsr(MSR_UCODE_REV, 0);
}

void do_port_kernel(void)
{
	inb(PORT_PIC_MASK);
}

void do_mmio_read(void)
{
	(void)*(volatile u32 *)IOAPIC_SELECT;
}

void do_port_user(void)
{
	inb(PORT_POST);
}

void do_port_write(void)
{
	outb(PORT_POST, 0);
}

void write_port(u64 times)
{
	while (times--)
		do_port_write();
}

void prepare_wake(void)
{
	pic_mask();
	apic_enable();
	icr = apic_register(APIC_ICR_LOW);
	wake_eoi = apic_register(APIC_EOI);
	panic_set_gate(VECTOR_WAKE, stub_wake);
}

/* STI takes effect after the next instruction.  So HLT begins, and then the interrupt ends it. */
void do_hlt(void)
{
	*icr = APIC_SELF_FIXED | VECTOR_WAKE;
	asm volatile("sti; hlt; cli" : : : "memory");
}

/* The interrupt is pending already when the instruction after STI opens the window. */
void do_window(void)
{
	*icr = APIC_SELF_FIXED | VECTOR_WAKE;
	asm volatile("sti; nop; nop; cli" : : : "memory");
}

void prepare_timer(void)
{
	*apic_register(APIC_LVT_TIMER) = VECTOR_WAKE;
	*apic_register(APIC_TIMER_DIV) = APIC_DIV_BY_1;
}

void do_sleep(u32 apic_ticks)
{
	*apic_register(APIC_TIMER_INIT) = apic_ticks;
	asm volatile("sti; hlt; cli" : : : "memory");
}
