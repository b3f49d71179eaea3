/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ports, through the kernel's /dev/port.  If there is none, through ioperm(2) and the
 * instructions.  Under lockdown there are neither, see kernel_lockdown(7).  Each access is an
 * exit of ours.
 */
#ifndef PORTS_H
#define PORTS_H

#include "payload/lib/types.h"

/* Opens /dev/port, and leaves no file.  Returns whether there is one. */
bool ports_open(void);

/*
 * Takes the right to the instructions, if there is no /dev/port.  Returns whether there are
 * ports.  Only call this in a process that does not execve(2): the right would survive that.
 */
bool ports_take(void);

/* For ports of QEMU's devices only.  Without ports, reads give 0xff, and writes do nothing. */
u8 port_read(u16 port);
void port_write(u16 port, u8 value);

#endif
