/* SPDX-License-Identifier: GPL-2.0-only */
/* The other CPUs of the machine, one at a time. */
#ifndef CPUS_H
#define CPUS_H

#include "types.h"

#define CPU_STACK	8192	/* bytes are enough */

/*
 * Resets the CPU with that initial APIC ID and has it call main() in protected
 * mode, with START_OBSERVER_FS, our exceptions, and interrupts off, on a stack
 * that ends at an address.  Waits until *running is set, which main() does, or
 * for a second; returns *running.
 */
bool cpu_start(u32 apic_id, void (*main)(void), void *stack_end, volatile bool *running);

/* Resets it: it does nothing any more. */
void cpu_stop(u32 apic_id);

#endif
