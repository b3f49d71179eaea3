/* SPDX-License-Identifier: GPL-2.0-only */
/* What the user has written: options for the payload, and a command line for Linux. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include "bootinfo.h"
#include "types.h"

/* The boot command line from after the payload's own name on, which some loaders put in front. */
const char *arguments_options(u32 magic, u32 info);

/*
 * Linux's command line, byte for byte: of fw_cfg, else of a module whose own argument is
 * "bootexits.cmdline", else what stands behind the kernel's name.  Takes that module out
 * of the files.  What does not fit into CMDLINE_MAX bytes is cut there, and so too long.
 */
const char *arguments_linux(u32 magic, u32 info, struct module *files, u32 *nr_files, u32 max);

#endif
