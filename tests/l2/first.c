// SPDX-License-Identifier: GPL-2.0-only
/*
 * The user's init of initrd.t's guests: prints which process it is, and what the files
 * /1 to /4 hold, where they are; then restarts the machine.  It needs no C library.
 */
#include <asm/ioctls.h>
#include <asm/unistd.h>

#define MAGIC1	0xfee1dead	/* linux/reboot.h */
#define MAGIC2	672274793
#define RESTART	0x01234567
#define STDOUT	1

void _start(void);

static long system_call(long nr, long a, long b, long c)
{
	long result;

	asm volatile("syscall" : "=a"(result) : "a"(nr), "D"(a), "S"(b), "d"(c)
		     : "rcx", "r11", "memory");
	return result;
}

static void print_file(const char *path)
{
	static char text[64];
	long fd = system_call(__NR_open, (long)path, 0, 0);
	long bytes = fd < 0 ? 0 : system_call(__NR_read, fd, (long)text, sizeof(text));

	if (bytes > 0)
		system_call(__NR_write, STDOUT, (long)text, bytes);
}

void _start(void)
{
	static char line[25] = "first: process 0, files ";
	static char path[3] = "/1";

	line[15] += system_call(__NR_getpid, 0, 0, 0) % 10;
	system_call(__NR_write, STDOUT, (long)line, sizeof(line) - 1);
	for (; path[1] <= '4'; path[1]++)
		print_file(path);
	system_call(__NR_write, STDOUT, (long)"\n", 1);
	system_call(__NR_ioctl, STDOUT, TCSBRK, 1);	/* tcdrain(3): let it out */
	for (;;)
		system_call(__NR_reboot, MAGIC1, MAGIC2, RESTART);
}
