// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <unistd.h>

#include "host-bpf/out.h"
#include "lib/status.h"
#include "payload/lib/serial.h"

int out_fd = STDOUT_FILENO;

void serial_write(const char *bytes, u32 count)
{
	ssize_t written;

	while (count) {
		written = write(out_fd, bytes, count);
		if (written < 0 && errno != EINTR)
			error(STATUS_UNREADABLE, errno, "the records can't be written");
		if (written > 0) {
			bytes += written;
			count -= written;
		}
	}
}
