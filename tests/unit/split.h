/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests/guest/map.t, included in front of the payload's memory.c.  It adds SPLIT ranges to the
 * loader's map: every other page from 96 MiB on is bad.
 */
#ifndef SPLIT_H
#define SPLIT_H

#include "payload/machine/bootinfo.h"

static u32 split_memory(u32 magic, u32 info, struct range *ranges, u32 max)
{
	u32 n = bootinfo_memory(magic, info, ranges, max);

	for (u32 i = 0; i < SPLIT; i++, n++)
		if (n < max)
			ranges[n] = (struct range){ 0x6000000 + i * 0x2000, 0x1000, 5 };
	return n;
}

#define bootinfo_memory split_memory

#endif
