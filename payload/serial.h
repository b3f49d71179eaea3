/* SPDX-License-Identifier: GPL-2.0-only */
/* The serial port that records go to. */
#ifndef SERIAL_H
#define SERIAL_H

#include "types.h"

/* Sets the 16550 at this port to 115,200 baud, 8n1. */
void serial_init(u16 port);

/* Whether that has been done. */
bool serial_ready(void);

/* Writes the bytes; waits, but not forever, for a port that is slow. */
void serial_write(const char *bytes, u32 count);

#endif
