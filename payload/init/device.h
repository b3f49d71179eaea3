/* SPDX-License-Identifier: GPL-2.0-only */
/* Character devices, opened without the user's /dev. */
#ifndef DEVICE_H
#define DEVICE_H

#include "payload/lib/types.h"

/*
 * Opens a device by its numbers (Documentation/admin-guide/devices.txt).  Makes a node in our
 * root for that, and removes it again.  Returns a file descriptor or an error.
 */
int device_open(u32 major, u32 minor, u32 flags);

#endif
