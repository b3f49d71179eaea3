// SPDX-License-Identifier: GPL-2.0-only
/*
 * The user's init of a guest in a test of its command line.  It prints what it was given on
 * QEMU's debug console, each text in hexadecimal digits, and ends the VM.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sched.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONSOLE	0xe9
#define EXIT	0xf4

static void print(const char *text, size_t bytes)
{
	while (bytes--)
		outb(*text++, CONSOLE);
}

static void print_hex(const char *tag, const char *text, size_t bytes)
{
	char digits[3];

	print(tag, strlen(tag));
	while (bytes--) {
		snprintf(digits, sizeof(digits), "%02x", (unsigned char)*text++);
		print(digits, 2);
	}
	print("\n", 1);
}

static void print_all(const char *tag, char **texts)
{
	for (; *texts; texts++)
		print_hex(tag, *texts, strlen(*texts));
}

int main(int argc, char **argv, char **envp)
{
	static char line[8192];
	char cpus[16];
	cpu_set_t set;
	ssize_t bytes;
	int fd;

	(void)argc;
	if (iopl(3))
		return 1;
	mkdir("/proc", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	fd = open("/proc/cmdline", O_RDONLY);
	bytes = read(fd, line, sizeof(line));
	print_hex("line ", line, bytes > 0 ? bytes - 1 : 0);	/* the newline is the kernel's */
	print_all("argument ", argv);
	print_all("variable ", envp);
	sched_getaffinity(0, sizeof(set), &set);
	print(cpus, snprintf(cpus, sizeof(cpus), "cpus %d\n", CPU_COUNT(&set)));
	outl(0x10, EXIT);
	for (;;)
		pause();
}
