/* SPDX-License-Identifier: GPL-2.0-only */
/* The other CPUs of the machine, one at a time. */
#ifndef CPUS_H
#define CPUS_H

#include "payload/lib/types.h"

#define CPU_STACK	8192	/* bytes */

/*
 * Resets the CPU with that initial APIC ID.  The CPU then calls main() in protected
 * mode, with START_OBSERVER_FS, our exception handlers and interrupts off.  Its stack
 * ends at stack_end.  main() sets *running.  Waits ten seconds for that, at most, and
 * returns *running.
 */
bool cpu_start(u32 apic_id, void (*main)(void), void *stack_end, volatile bool *running);

/* Resets that CPU.  After that it does nothing. */
void cpu_stop(u32 apic_id);

#endif
