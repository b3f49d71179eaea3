/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical memory below 4 GiB: what the loader said is RAM, less what is taken of it. */
#ifndef MEMORY_H
#define MEMORY_H

#include "bootinfo.h"
#include "types.h"

#define MEMORY_RANGES 1024	/* that Linux gets, at most */

/*
 * Reads the loader's map and takes the payload's own memory.  Returns NULL, or what is
 * wrong with the memory, in words.
 */
const char *memory_init(u32 magic, u32 info);

/* Takes a range, as one that holds a file. */
void memory_take(u32 start, u32 bytes);

/*
 * Takes bytes of RAM, from an address on: the lowest that are free; or with
 * their last byte below an address: the highest.  Align is a power of two.
 * Returns where, or 0 if there are none.
 */
u32 memory_find_from(u32 from, u32 bytes, u32 align);
u32 memory_find_below(u32 below, u32 bytes, u32 align);

/* Calls add for each range of the map, at most MEMORY_RANGES; the payload's own is reserved. */
typedef void (*memory_add)(u64 start, u64 bytes, u32 type);

void memory_map(memory_add add);

#endif
