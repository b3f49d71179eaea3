/* SPDX-License-Identifier: GPL-2.0-only */
/* System calls without a C library.  A negative result is an error's number. */
#ifndef SYSCALL_H
#define SYSCALL_H

#include <asm/unistd.h>

#include "payload/lib/types.h"

/* entry.S */
long system_call(long nr, long a, long b, long c, long d, long e, long f);

#define SYSCALL6(name, a, b, c, d, e, f) \
	system_call(__NR_##name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define SYSCALL(name, a, b, c, d, e)	SYSCALL6(name, a, b, c, d, e, 0)

#define sys_openat(dir, path, flags)	SYSCALL(openat, dir, path, flags, 0, 0)
#define sys_read(fd, to, bytes)		SYSCALL(read, fd, to, bytes, 0, 0)
#define sys_write(fd, from, bytes)	SYSCALL(write, fd, from, bytes, 0, 0)
#define sys_close(fd)			SYSCALL(close, fd, 0, 0, 0, 0)
#define sys_stat(path, st)		SYSCALL(stat, path, st, 0, 0, 0)
#define sys_fork()			SYSCALL(fork, 0, 0, 0, 0, 0)
#define sys_execve(path, argv, envp)	SYSCALL(execve, path, argv, envp, 0, 0)
#define sys_exit(status)		SYSCALL(exit_group, status, 0, 0, 0, 0)
#define sys_setsid()			SYSCALL(setsid, 0, 0, 0, 0, 0)
#define sys_prctl(option, value)	SYSCALL(prctl, option, value, 0, 0, 0)
#define sys_sched_setscheduler(pid, policy, param) \
	SYSCALL(sched_setscheduler, pid, policy, param, 0, 0)
#define sys_poll(fds, nr, ms)		SYSCALL(poll, fds, nr, ms, 0, 0)
#define sys_mknod(path, mode, device)	SYSCALL(mknod, path, mode, device, 0, 0)
#define sys_unlink(path)		SYSCALL(unlink, path, 0, 0, 0, 0)
#define sys_ioperm(from, count, on)	SYSCALL(ioperm, from, count, on, 0, 0)
#define sys_wait4(pid, status)		SYSCALL(wait4, pid, status, 0, 0, 0)
#define sys_reboot(magic, magic2, command) \
	SYSCALL(reboot, magic, magic2, command, 0, 0)
#define sys_pread64(fd, to, bytes, at)	SYSCALL(pread64, fd, to, bytes, at, 0)
#define sys_pwrite64(fd, from, bytes, at) \
	SYSCALL(pwrite64, fd, from, bytes, at, 0)
#define sys_mkdir(path, mode)		SYSCALL(mkdir, path, mode, 0, 0, 0)
#define sys_rmdir(path)			SYSCALL(rmdir, path, 0, 0, 0, 0)
#define sys_mount(source, path, type)	SYSCALL(mount, source, path, type, 0, NULL)
#define sys_umount2(path, flags)	SYSCALL(umount2, path, flags, 0, 0, 0)
#define sys_fsopen(name, flags)		SYSCALL(fsopen, name, flags, 0, 0, 0)
#define sys_fsconfig(fd, command)	SYSCALL(fsconfig, fd, command, 0, 0, 0)
#define sys_fsmount(fd, flags)		SYSCALL(fsmount, fd, flags, 0, 0, 0)
#define sys_inotify_init1(flags)	SYSCALL(inotify_init1, flags, 0, 0, 0, 0)
#define sys_inotify_add_watch(fd, path, mask) \
	SYSCALL(inotify_add_watch, fd, path, mask, 0, 0)
#define sys_inotify_rm_watch(fd, wd)	SYSCALL(inotify_rm_watch, fd, wd, 0, 0, 0)
#define sys_socket(family, type)	SYSCALL(socket, family, type, 0, 0, 0)
#define sys_bind(fd, address, bytes)	SYSCALL(bind, fd, address, bytes, 0, 0)
#define sys_recvfrom(fd, to, bytes, address, length) \
	SYSCALL6(recvfrom, fd, to, bytes, 0, address, length)
#define sys_sendto(fd, from, bytes, address, length) \
	SYSCALL6(sendto, fd, from, bytes, 0, address, length)

#endif
