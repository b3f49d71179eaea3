/* SPDX-License-Identifier: GPL-2.0-only */
/* Boots the Linux that was loaded with the payload. */
#ifndef HANDOVER_H
#define HANDOVER_H

#include "payload/lib/types.h"

/*
 * Looks at the modules.  The first one is a kernel, and its arguments are Linux's
 * command line.  The second one is the initrd.  A fault in them is refused like an
 * option (options.h).  Call this while the loader's information is intact.
 */
void handover_init(u32 magic, u32 info);

/* Is there a Linux to boot, and is nothing wrong with it? */
bool handover_wanted(void);

/* Prints the record `linux`. */
void handover_print(void);

/*
 * Copies the kernel to where Linux wants it.  Does the same with the initrd, after
 * our own initramfs.  If there is an observer, Linux gets all vCPUs but the last one.
 */
void handover_load(bool observer);

/* Runs Linux.  Marks the payload's end immediately before. */
void handover_jump(void) __attribute__((noreturn));

#endif
