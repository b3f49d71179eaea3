/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices of QEMU that the payload and bootexits-init look for at the same ports. */
#ifndef QEMU_H
#define QEMU_H

#include "payload/lib/types.h"

#define QEMU_PORT_ABSENT	0xff

/* docs/specs/pvpanic: bit 0 stands for "the guest panicked", read and written. */
#define QEMU_PVPANIC_PORT	0x505
#define QEMU_PVPANIC_PANICKED	0x01

/* isa-debug-exit, at the port of docs/abi.md; record.h has the values */
#define QEMU_DEBUG_EXIT_PORT	0xf4

/* hw/char/debugcon.c: what a read of isa-debugcon returns */
#define QEMU_DEBUGCON_READ	0xe9

/* Was this read from a pvpanic device? */
static inline bool qemu_is_pvpanic(u8 value)
{
	return value != QEMU_PORT_ABSENT && value & QEMU_PVPANIC_PANICKED;
}

#endif
