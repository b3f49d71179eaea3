/* SPDX-License-Identifier: GPL-2.0-only */
/* The first thing that every program does. */
#ifndef BOOTEXITS_DESCRIPTORS_H
#define BOOTEXITS_DESCRIPTORS_H

#include <fcntl.h>
#include <unistd.h>

/**
 * descriptors_open() - open descriptors 0, 1 and 2, so that no later file gets one of them
 *
 * A descriptor that is closed becomes /dev/null.  It is opened so that its use still fails: the
 * input can't be read, and the outputs can't be written.  Without /dev/null, the program ends
 * with status 3.
 */
static inline void descriptors_open(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(3);
}

#endif /* BOOTEXITS_DESCRIPTORS_H */
