/* SPDX-License-Identifier: GPL-2.0-only */
/* Boots the Linux that was loaded with the payload. */
#ifndef HANDOVER_H
#define HANDOVER_H

#include "types.h"

/*
 * Looks at the modules: the first is a kernel, whose arguments are its command
 * line, the second its initrd.  What is wrong with them is refused like an
 * option (options.h).  Call it while the loader's information is whole.
 */
void handover_init(u32 magic, u32 info);

/* Whether there is a Linux to boot, and nothing wrong with it. */
bool handover_wanted(void);

/* Prints the record `linux`. */
void handover_print(void);

/*
 * Copies kernel and initrd, our own initramfs in front of it, to where Linux
 * wants them.  With an observer Linux gets all vCPUs but the last.
 */
void handover_load(bool observer);

/* Runs it, which marks the payload's end as the last thing here. */
void handover_jump(void) __attribute__((noreturn));

#endif
