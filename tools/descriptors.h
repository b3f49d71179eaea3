/* SPDX-License-Identifier: GPL-2.0-only */
/* The first thing that every program does. */
#ifndef BOOTEXITS_DESCRIPTORS_H
#define BOOTEXITS_DESCRIPTORS_H

#include <fcntl.h>
#include <unistd.h>

/**
 * descriptors_open() - have 0, 1 and 2 taken, so that no file that is opened later gets one of them
 *
 * Those that are closed become /dev/null, so opened that what is asked of them fails as before:
 * the input can't be read, and the outputs can't be written.  Ends the program with status 3 if
 * there is no /dev/null.
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
