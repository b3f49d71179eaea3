/* SPDX-License-Identifier: GPL-2.0-only */
/* What the loader and QEMU tell the payload. */
#ifndef BOOTINFO_H
#define BOOTINFO_H

#include "types.h"

/* The word for a way to start, from what the loader left in EAX. */
const char *bootinfo_start(u32 magic);

/* The boot command line; empty where there is none. */
const char *bootinfo_command_line(u32 magic, u32 info);

/* An EGA text screen: rows of 16-bit cells; all zero where there is none. */
struct text_screen {
	u32 address, pitch;		/* pitch: bytes from row to row */
	u32 width, height;		/* characters */
};

struct text_screen bootinfo_screen(u32 magic, u32 info);

/* The text of QEMU's -fw_cfg name=opt/org.bootexits/options; empty likewise. */
const char *bootinfo_fw_cfg_options(void);

#endif
