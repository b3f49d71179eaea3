// SPDX-License-Identifier: GPL-2.0-only
/*
 * bootexits-init: the initramfs's first process.  It starts a watcher, and becomes the
 * user's own init.  For that init nothing has changed.
 */
#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/mount.h>

#include "payload/init/init.h"
#include "payload/lib/lib.h"
#include "payload/init/ports.h"
#include "payload/init/syscall.h"

#define PROC		OURS "/proc"

/* umount2(2); the C library defines it */
#define MNT_DETACH	2

void main(char **stack) __attribute__((noreturn));

/* Uses fsmount(2), Linux 5.2: the file system is mounted at no path. */
static int proc_fsmount(void)
{
	int context = sys_fsopen("proc", FSOPEN_CLOEXEC);
	int mount;

	if (context < 0)
		return context;
	sys_fsconfig(context, FSCONFIG_CMD_CREATE);
	mount = sys_fsmount(context, FSMOUNT_CLOEXEC);
	sys_close(context);
	return mount;
}

/* Mounts it in a folder of ours, and detaches it at once.  It stays while it is open. */
static int proc_mount(void)
{
	int fd;

	sys_mkdir(PROC, 0700);
	fd = sys_mount("proc", PROC, "proc");
	if (!fd) {
		fd = sys_openat(AT_FDCWD, PROC, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		sys_umount2(PROC, MNT_DETACH);
	}
	sys_rmdir(PROC);
	return fd;
}

/* Opens a procfs.  The mount tree is then as it was.  Returns a file descriptor or an error. */
static int proc_open(void)
{
	int fd = proc_fsmount();

	return fd >= 0 ? fd : proc_mount();
}

static u64 root_device(void)
{
	struct stat st = { };

	sys_stat("/", &st);
	return st.st_dev;
}

static void write_text(const char *text)
{
	sys_write(2, text, str_length(text));
}

/* The kernel then panics, as it would without us. */
static void __attribute__((noreturn)) give_up(const char *init, long error)
{
	char digits[U64_DIGITS];
	u32 count = u64_to_digits(digits, error);

	write_text("bootexits-init: can't run ");
	write_text(init);
	write_text(": error ");
	sys_write(2, digits, count);
	write_text("; an initrd without it is not supported\n");
	for (;;)
		sys_exit(1);
}

/*
 * A process starts with the count of its arguments, then the arguments and a zero, then
 * the environment (System V ABI for AMD64, section 3.4.1).
 */
void main(char **stack)
{
	char **argv = stack + 1;
	char **envp = argv + (u64)stack[0] + 1;
	struct cmdline cmdline;
	int proc = proc_open();
	u64 root = root_device();

	cmdline_read(&cmdline, proc);
	ports_open();
	if (proc >= 0 && sys_fork() == 0) {
		argv[0][0] = '@';
		watch(&cmdline, proc, root);
	}
	argv[0] = (char *)cmdline.init;
	give_up(cmdline.init, -sys_execve(cmdline.init, argv, envp));
}
