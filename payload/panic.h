/* SPDX-License-Identifier: GPL-2.0-only */
/* Exceptions, which nobody here expects: report what there is, and fail. */
#ifndef PANIC_H
#define PANIC_H

#include "types.h"

/* Loads an IDT with all exceptions. */
void panic_init(void);

/* Makes a vector call a stub. */
void panic_set_gate(u32 vector, void (*stub)(void));

/* Returns the table's name for an exception that crash() can cause, or NULL. */
const char *crash_find(const char *name);

/* Causes that exception, on request, to test the way out of it. */
void crash(const char *name);

#endif
