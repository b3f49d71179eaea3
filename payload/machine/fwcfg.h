/* SPDX-License-Identifier: GPL-2.0-only */
/* What QEMU's user gives with -fw_cfg name=opt/org.bootexits/NAME,string=TEXT or file=FILE. */
#ifndef FWCFG_H
#define FWCFG_H

#include "payload/lib/types.h"

#define FWCFG_OPTIONS	"opt/org.bootexits/options"	/* the payload's own */
#define FWCFG_CMDLINE	"opt/org.bootexits/cmdline"	/* Linux's, byte for byte */
#define FWCFG_KERNEL	"opt/org.bootexits/kernel"	/* -kernel's file, if its name has blanks */

/* Copies an item's text, up to max - 1 bytes, and a zero byte.  Returns whether the item exists. */
bool fwcfg_read_text(const char *name, char *to, u32 max);

#endif
