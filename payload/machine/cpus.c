// SPDX-License-Identifier: GPL-2.0-only
#include "payload/machine/apic.h"
#include "payload/lib/cpu.h"
#include "payload/machine/cpus.h"
#include "payload/lib/leaves.h"
#include "payload/lib/lib.h"

#define START_WAIT_MS	10000	/* a host may be busy; a CPU that starts later finds no code */

/* entry.asm: leads from real mode to cpu_main(), on cpu_stack */
extern const char cpu_code[], cpu_code_end[];
void (*cpu_main)(void);
void *cpu_stack;

bool cpu_start(u32 apic_id, void (*main)(void), void *stack_end, volatile bool *running)
{
	u32 bytes = cpu_code_end - cpu_code;
	u64 wait = (u64)tracer.tsc_khz * START_WAIT_MS;
	char saved[64];
	u64 now = rdtsc();

	*running = false;
	cpu_main = main;
	cpu_stack = stack_end;
	memcpy(saved, APIC_START_ADDRESS, bytes);
	memcpy(APIC_START_ADDRESS, cpu_code, bytes);
	cpu_stop(apic_id);
	apic_send(apic_id, APIC_SIPI | APIC_START_PAGE);
	while (!*running && rdtsc() - now < wait)
		;
	memcpy(APIC_START_ADDRESS, saved, bytes);
	return *running;
}

void cpu_stop(u32 apic_id)
{
	apic_send(apic_id, APIC_INIT);
}
