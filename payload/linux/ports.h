/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ports, by way of the kernel's /dev/port: it needs no right to the instructions,
 * which an emulated CPU may refuse (QEMU's TCG does, to a nested guest's processes).
 * Each access is an exit of ours.
 */
#ifndef PORTS_H
#define PORTS_H

#include "types.h"

/* Returns whether there are any; leaves no file behind. */
bool ports_open(void);

/* Without ports these read 0xff, as where there is no device, and do nothing. */
u8 port_read(u16 port);
void port_write(u16 port, u8 value);

#endif
