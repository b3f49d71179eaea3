/* SPDX-License-Identifier: GPL-2.0-only */
/* What the user wrote: options for the payload, and a command line for Linux. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include "payload/machine/bootinfo.h"
#include "payload/lib/types.h"

/* Returns the boot command line without the payload's own name, which some loaders put in front. */
const char *arguments_options(u32 magic, u32 info);

/*
 * Returns Linux's command line, byte for byte.  It comes from fw_cfg.  Otherwise it is the
 * content of the module whose argument is "bootexits.cmdline", and that module is taken out of
 * the files.  Otherwise it is the kernel's own arguments.  A line that does not fit into
 * CMDLINE_MAX bytes is cut there, and the caller finds that it is too long.
 */
const char *arguments_linux(u32 magic, u32 info, struct module *files, u32 *nr_files, u32 max);

#endif
