/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices of QEMU that the payload and bootexits-init look for at the same ports. */
#ifndef QEMU_H
#define QEMU_H

#include "types.h"

#define QEMU_PORT_ABSENT	0xff

/* docs/specs/pvpanic: bit 0 says, and means, that the guest panicked. */
#define QEMU_PVPANIC_PORT	0x505
#define QEMU_PVPANIC_PANICKED	0x01

/* isa-debug-exit, as docs/abi.md wants it; record.h has the values */
#define QEMU_DEBUG_EXIT_PORT	0xf4

/* hw/char/debugcon.c: what a read of isa-debugcon returns */
#define QEMU_DEBUGCON_READ	0xe9

/* Whether what was read from pvpanic's port is pvpanic's answer. */
static inline bool qemu_is_pvpanic(u8 value)
{
	return value != QEMU_PORT_ABSENT && value & QEMU_PVPANIC_PANICKED;
}

#endif
