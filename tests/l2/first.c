// SPDX-License-Identifier: GPL-2.0-only
/*
 * The user's init of initrd.t's guests.  It prints its process number, and what those of the files
 * /1 to /4 hold that are there.  Then it restarts the machine.  It needs no C library.
 */
#include <asm/fcntl.h>
#include <asm/unistd.h>

#define MAGIC1	0xfee1dead	/* linux/reboot.h */
#define MAGIC2	672274793
#define RESTART	0x01234567
#define KMSG	(1 << 8 | 11)	/* Documentation/admin-guide/devices.txt */
#define S_IFCHR	0020000

void _start(void);

static char line[256] = "first: process 0, files ";

static long system_call(long nr, long a, long b, long c)
{
	long result;

	asm volatile("syscall" : "=a"(result) : "a"(nr), "D"(a), "S"(b), "d"(c)
		     : "rcx", "r11", "memory");
	return result;
}

/* Appends a file's bytes to the line, which has @bytes of them.  Returns its new length. */
static long add_file(const char *path, long bytes)
{
	long fd = system_call(__NR_open, (long)path, O_RDONLY, 0);
	long more = system_call(__NR_read, fd, (long)line + bytes, 32);

	return more > 0 ? bytes + more : bytes;
}

/* As one line of the kernel's log, into which no other line can come */
void _start(void)
{
	static char path[3] = "/1";
	long bytes = sizeof("first: process 0, files ") - 1;
	long fd;

	line[15] += system_call(__NR_getpid, 0, 0, 0) % 10;
	for (; path[1] <= '4'; path[1]++)
		bytes = add_file(path, bytes);
	system_call(__NR_mknod, (long)"/kmsg", S_IFCHR | 0600, KMSG);
	fd = system_call(__NR_open, (long)"/kmsg", O_WRONLY, 0);
	system_call(__NR_write, fd, (long)line, bytes);
	for (;;)
		system_call(__NR_reboot, MAGIC1, MAGIC2, RESTART);
}
