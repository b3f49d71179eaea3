/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical memory below 4 GiB: the loader's RAM, less what is taken. */
#ifndef MEMORY_H
#define MEMORY_H

#include "payload/machine/bootinfo.h"
#include "payload/lib/types.h"

#define MEMORY_RANGES 1024	/* the most that Linux gets */

/*
 * Reads the loader's map and takes the payload's own memory.  Returns NULL, or words that
 * say what is wrong with the map.
 */
const char *memory_init(u32 magic, u32 info);

/* Takes a range, such as one that holds a file. */
void memory_take(u32 start, u32 bytes);

/*
 * Both take bytes of RAM that are free.  The first takes the lowest ones from an address on.
 * The second takes the highest ones whose last byte is below an address.  Align is a power of
 * two.  Both return the address, or 0 if there is no such RAM.
 */
u32 memory_find_from(u32 from, u32 bytes, u32 align);
u32 memory_find_below(u32 below, u32 bytes, u32 align);

/* Calls add for each range of the map, at most MEMORY_RANGES.  The payload's own is reserved. */
typedef void (*memory_add)(u64 start, u64 bytes, u32 type);

void memory_map(memory_add add);

#endif
