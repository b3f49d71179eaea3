/* SPDX-License-Identifier: GPL-2.0-only */
/* A Linux kernel as a file: Documentation/x86/boot.rst of Linux. */
#ifndef BZIMAGE_H
#define BZIMAGE_H

#include "payload/machine/bootinfo.h"

#define BZIMAGE_PROTOCOL 0x020a	/* the oldest one that says how much memory the kernel needs */

struct setup_header;

struct bzimage {
	const struct setup_header *header;	/* in the file */
	const u8 *code;				/* in the file: the 32-bit part */
	u32 code_bytes;
	const char *version;			/* its own text, "" if it has none */
};

/* Fills in image.  Returns NULL, or words that say what is wrong with the file. */
const char *bzimage_read(const struct module *file, struct bzimage *image);

/*
 * Fills in Linux's boot parameters (its "zero page") for a kernel that was copied
 * to an address: its header, and how to run it there.  The other parameters must
 * be zero, or filled in already.
 */
struct boot_params;
void bzimage_set_params(const struct bzimage *image, u32 at, struct boot_params *params);

#endif
