/* SPDX-License-Identifier: GPL-2.0-only */
/* Character devices, without the user's /dev. */
#ifndef DEVICE_H
#define DEVICE_H

#include "types.h"

/*
 * Opens one by its numbers (Documentation/admin-guide/devices.txt), by a node in our root, which is
 * removed again.  Returns a file descriptor or an error.
 */
int device_open(u32 major, u32 minor, u32 flags);

#endif
