/* SPDX-License-Identifier: GPL-2.0-only */
/* What the loader tells the payload: multiboot1, multiboot2 or PVH. */
#ifndef BOOTINFO_H
#define BOOTINFO_H

#include "payload/lib/types.h"

/* Returns a word for the way we were started, from what the loader left in EAX. */
const char *bootinfo_start(u32 magic);

/* Returns the loader's name, or "" if it tells none. */
const char *bootinfo_loader(u32 magic, u32 info);

/* Is GRUB 2 the loader? */
bool bootinfo_is_grub(u32 magic, u32 info);

/* Returns the boot command line as the loader gives it, or "" if there is none. */
const char *bootinfo_command_line(u32 magic, u32 info);

/* An EGA text screen: rows of 16-bit cells.  If there is no screen, all is zero. */
struct text_screen {
	u32 address, pitch;		/* pitch: bytes from row to row */
	u32 width, height;		/* characters */
};

struct text_screen bootinfo_screen(u32 magic, u32 info);

/* A file that was loaded with the payload. */
struct module {
	u32 start, bytes;
	const char *arguments;		/* after its name and a blank; "" if there are none */
};

/* Fills in up to max modules, in the loader's order.  Returns how many the loader has. */
u32 bootinfo_modules(u32 magic, u32 info, struct module *modules, u32 max);

/*
 * A range of physical memory.  All loaders use the types of ACPI's E820 map
 * (ACPI 6.4, section 15): 1 is RAM.
 */
struct range {
	u64 start, bytes;
	u32 type;
};

#define RANGE_RAM	1
#define RANGE_RESERVED	2

/*
 * Fills in up to max ranges.  Returns how many the loader has, 0 if it passed on no map,
 * or BOOTINFO_DAMAGED if the sizes in the map are impossible.
 */
#define BOOTINFO_DAMAGED	(~0u)
u32 bootinfo_memory(u32 magic, u32 info, struct range *ranges, u32 max);

/* Returns the address of ACPI's RSDP, or 0 if the loader does not tell it.  Under UEFI it must. */
u32 bootinfo_rsdp(u32 magic, u32 info);

#endif
