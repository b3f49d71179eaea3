/* SPDX-License-Identifier: GPL-2.0-only */
/* What the loader tells the payload: multiboot1, multiboot2 or PVH. */
#ifndef BOOTINFO_H
#define BOOTINFO_H

#include "types.h"

/* The word for a way to start, from what the loader left in EAX. */
const char *bootinfo_start(u32 magic);

/* The loader's name; empty where it tells none. */
const char *bootinfo_loader(u32 magic, u32 info);

/* Whether GRUB 2 is the loader. */
bool bootinfo_is_grub(u32 magic, u32 info);

/* The boot command line as the loader gives it; empty where there is none. */
const char *bootinfo_command_line(u32 magic, u32 info);

/* An EGA text screen: rows of 16-bit cells; all zero where there is none. */
struct text_screen {
	u32 address, pitch;		/* pitch: bytes from row to row */
	u32 width, height;		/* characters */
};

struct text_screen bootinfo_screen(u32 magic, u32 info);

/* A file that was loaded with the payload. */
struct module {
	u32 start, bytes;
	const char *arguments;		/* after its name and a blank; "" where there are none */
};

/* Fills in up to max modules, in the loader's order; returns how many there are. */
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
 * Fills in up to max ranges; returns how many there are, 0 if no map was passed on,
 * or BOOTINFO_DAMAGED if the sizes in the map can't be.
 */
#define BOOTINFO_DAMAGED	(~0u)
u32 bootinfo_memory(u32 magic, u32 info, struct range *ranges, u32 max);

/* The address of ACPI's RSDP if the loader tells it, as it has to under UEFI, or 0. */
u32 bootinfo_rsdp(u32 magic, u32 info);

#endif
