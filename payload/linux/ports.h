/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ports: by way of the kernel's /dev/port or, where it has none, by ioperm(2) and the instructions.
 * Under lockdown there are neither, see kernel_lockdown(7). Each access is an exit of ours.
 */
#ifndef PORTS_H
#define PORTS_H

#include "types.h"

/* Opens /dev/port; returns whether there is one.  Leaves no file behind. */
bool ports_open(void);

/*
 * Takes the right to the instructions if there is no /dev/port; returns whether there are ports.
 * Only for a process that keeps them for itself: the right outlives execve(2).
 */
bool ports_take(void);

/* Only QEMU's devices' ports; without any these read 0xff, as where there is no device, and do nothing. */
u8 port_read(u16 port);
void port_write(u16 port, u8 value);

#endif
