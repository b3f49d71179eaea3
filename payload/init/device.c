// SPDX-License-Identifier: GPL-2.0-only
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "payload/init/device.h"
#include "payload/init/syscall.h"

/* Not in our folder, which is gone after the root was switched */
#define NODE	"/bootexits-device"

int device_open(u32 major, u32 minor, u32 flags)
{
	int fd;

	sys_mknod(NODE, S_IFCHR | 0600, major << 8 | minor);
	fd = sys_openat(AT_FDCWD, NODE, flags | O_CLOEXEC);
	sys_unlink(NODE);
	return fd;
}
