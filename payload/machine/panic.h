/* SPDX-License-Identifier: GPL-2.0-only */
/* Exceptions.  None is expected, so each one is reported and fails the run. */
#ifndef PANIC_H
#define PANIC_H

#include "payload/lib/types.h"

/* Loads an IDT with handlers for all exceptions. */
void panic_init(void);

/* Sets the handler of a vector. */
void panic_set_gate(u32 vector, void (*stub)(void));

/* Returns the table's name for an exception that crash() can cause, or NULL. */
const char *crash_find(const char *name);

/* Causes that exception, to test how the payload ends then. */
void crash(const char *name);

#endif
