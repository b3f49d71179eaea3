/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local APIC's registers in memory: SDM vol. 3, chapter "Advanced
 * Programmable Interrupt Controller", register map and interrupt command register.
 */
#ifndef APIC_H
#define APIC_H

#include "payload/lib/types.h"

#define MSR_APIC_BASE	0x1b

#define APIC_TPR	0x080
#define APIC_EOI	0x0b0
#define APIC_SPURIOUS	0x0f0
#define APIC_ISR_LAST	0x170	/* a bit for each of vectors 224 to 255 that is in service */
#define APIC_ICR_LOW	0x300
#define APIC_ICR_HIGH	0x310	/* bits 31:24: the destination */
#define APIC_LVT_TIMER	0x320	/* one-shot, unmasked, with a vector and nothing else */
#define APIC_TIMER_INIT	0x380
#define APIC_TIMER_DIV	0x3e0

/* SIPI starts a CPU of ours on this page, in real mode.  Its old contents come back afterwards. */
#define APIC_START_PAGE	8
#define APIC_START_ADDRESS ((void *)(APIC_START_PAGE << 12))

#define APIC_DIV_BY_1	0xb
#define APIC_SELF_FIXED	0x44000	/* to itself: asserted, fixed delivery */
#define APIC_OTHERS_INIT 0xc4500 /* to all others: asserted */
#define APIC_OTHERS_SIPI 0xc4600 /* to all others: add the number of the page to start on */
#define APIC_INIT	0x4500	/* the same two to one CPU */
#define APIC_SIPI	0x4600
#define APIC_PERIODIC	0x20000	/* mode bits of the timer's LVT entry */
#define APIC_TSC_DEADLINE 0x40000

/* Returns the address of a register.  An access to it may be an exit. */
volatile u32 *apic_register(u32 offset);

/* Sends an interrupt to one CPU.  Works in xAPIC and x2APIC mode. */
void apic_send(u32 apic_id, u32 command);

/* Masks both PICs: a timer interrupt may be pending there. */
void pic_mask(void);

/* Enables the APIC in xAPIC mode, and holds no interrupt back. */
void apic_enable(void);

#endif
