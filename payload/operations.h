/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations that exit, which the self-test counts and the benchmark times. */
#ifndef OPERATIONS_H
#define OPERATIONS_H

#include "types.h"

/* Answered in KVM: CPUID, a hypercall of no meaning, MSRs, a PIC's mask, a register of the IOAPIC. */
void do_cpuid(void);
void do_hypercall(void);
void do_msr_read(void);
void do_msr_write(void);
void do_port_kernel(void);
void do_mmio_read(void);

/* Answered by the VMM: a port whose use has no effect on any PC. */
void do_port_user(void);
void do_port_write(void);
void write_port(u64 times);

/* What follows wants this first: no interrupt can then come but our own. */
void prepare_wake(void);

/* HLT with the interrupt that ends it already sent, and another instruction instead of HLT. */
void do_hlt(void);
void do_window(void);

/* HLT until the APIC's timer ends it, which prepare_timer() has set up; KVM's counts nanoseconds. */
void prepare_timer(void);
void do_sleep(u32 apic_ticks);

/* What sets a gate for the interrupt, for others that have a timer of their own */
#define VECTOR_WAKE	0x40

#endif
