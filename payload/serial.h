/* SPDX-License-Identifier: GPL-2.0-only */
/* The serial port, or the debug console, that records go to. */
#ifndef SERIAL_H
#define SERIAL_H

#include "types.h"

/* Sets the 16550 at this port to 115,200 baud, 8n1. */
void serial_init(u16 port);

/*
 * Finds out what is at a port, a debug console (QEMU's isa-debugcon) or a 16550,
 * and writes there from now on.  Returns false, and changes nothing, if it is neither.
 */
bool serial_find(u16 port);

/* Calls a function every so many bytes, if the port takes all that it gets at once. */
void serial_pace(u32 bytes, void (*then)(void));

/* Whether there is a port to write to. */
bool serial_ready(void);

/* Writes the bytes; waits, but not forever, for a port that is slow. */
void serial_write(const char *bytes, u32 count);

#endif
