/* SPDX-License-Identifier: GPL-2.0-only */
/* Turns numbers into words.  A number without a name is "unknown". */
#ifndef NAMES_H
#define NAMES_H

#include "payload/lib/types.h"

const char *name_of_vendor(u32 vendor);
const char *name_of_phase(u32 phase);

/* Returns the name of a slot.  code is its exit reason, as that vendor counts. */
const char *name_of_slot(u32 vendor, u32 slot, u32 code);

#endif
