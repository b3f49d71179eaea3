// SPDX-License-Identifier: GPL-2.0-only
#include "payload/machine/apic.h"
#include "payload/lib/cpu.h"

#define APIC_BASE_X2	0x400ull
#define APIC_BASE_ON	0x800ull
#define APIC_BASE_PAGE	0xfffff000
#define APIC_ENABLED	0x100
#define VECTOR_SPURIOUS	0xff
#define MSR_X2APIC_ICR	0x830

#define PORT_PIC1_MASK	0x21
#define PORT_PIC2_MASK	0xa1

volatile u32 *apic_register(u32 offset)
{
	return (volatile u32 *)(((u32)rdmsr(MSR_APIC_BASE) & APIC_BASE_PAGE) + offset);
}

/* SDM vol. 3, "x2APIC Register Address Space": one MSR of 64 bits instead of two registers */
void apic_send(u32 apic_id, u32 command)
{
	if (rdmsr(MSR_APIC_BASE) & APIC_BASE_X2) {
		wrmsr(MSR_X2APIC_ICR, u64_join(command, apic_id));
		return;
	}
	*apic_register(APIC_ICR_HIGH) = apic_id << 24;
	*apic_register(APIC_ICR_LOW) = command;
}

void pic_mask(void)
{
	outb(PORT_PIC1_MASK, 0xff);
	outb(PORT_PIC2_MASK, 0xff);
}

/* An APIC leaves x2APIC mode only by way of off.  In xAPIC mode its registers are in memory. */
void apic_enable(void)
{
	u64 base = rdmsr(MSR_APIC_BASE) & ~APIC_BASE_X2;

	wrmsr(MSR_APIC_BASE, base & ~APIC_BASE_ON);
	wrmsr(MSR_APIC_BASE, base | APIC_BASE_ON);
	*apic_register(APIC_SPURIOUS) = APIC_ENABLED | VECTOR_SPURIOUS;
	*apic_register(APIC_TPR) = 0;
}
