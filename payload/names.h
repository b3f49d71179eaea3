/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers to words; what has none is "unknown". */
#ifndef NAMES_H
#define NAMES_H

#include "types.h"

const char *name_of_vendor(u32 vendor);
const char *name_of_phase(u32 phase);

/* The name of a slot, whose exit reason of that vendor is code. */
const char *name_of_slot(u32 vendor, u32 slot, u32 code);

#endif
