/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations that exit.  The self-test counts them, and the benchmark times them. */
#ifndef OPERATIONS_H
#define OPERATIONS_H

#include "payload/lib/types.h"

/* KVM handles these: CPUID, an unknown hypercall, MSRs, a PIC's mask, a register of the IOAPIC. */
void do_cpuid(void);
void do_hypercall(void);
void do_msr_read(void);
void do_msr_write(void);
void do_port_kernel(void);
void do_mmio_read(void);

/* The VMM handles these: a port that has no effect on any PC. */
void do_port_user(void);
void do_port_write(void);
void write_port(u64 times);

/* Call this before the functions below.  After it, no interrupt but our own can come. */
void prepare_wake(void);

/* An interrupt is sent first.  It ends a HLT, or comes at another instruction. */
void do_hlt(void);
void do_window(void);

/* Sets up the APIC's timer; halts until it ends.  KVM's timer counts nanoseconds. */
void prepare_timer(void);
void do_sleep(u32 apic_ticks);

/* The vector of our interrupt.  Code with a timer of its own needs it, too. */
#define VECTOR_WAKE	0x40

#endif
