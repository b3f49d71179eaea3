/* SPDX-License-Identifier: GPL-2.0-only */
/* The serial port, or the debug console, that records go to. */
#ifndef SERIAL_H
#define SERIAL_H

#include "payload/lib/types.h"

/* Sets the 16550 at this port to 115,200 baud, 8n1. */
void serial_init(u16 port);

/*
 * Finds out what is at a port: a debug console (QEMU's isa-debugcon) or a 16550.
 * Writes there from now on.  If it is neither, returns false and changes nothing.
 */
bool serial_find(u16 port);

/* Calls a function after each so many bytes, if the port is one that never makes us wait. */
void serial_pace(u32 bytes, void (*then)(void));

/* Is there a port to write to? */
bool serial_ready(void);

/* Writes the bytes.  Waits for a slow port, but not forever. */
void serial_write(const char *bytes, u32 count);

#endif
