// SPDX-License-Identifier: GPL-2.0-only
/* Holds a VM by a copy of the VMM's own descriptor, so that KVM keeps the VM's counters. */
#include <errno.h>
#include <error.h>
#include <linux/kvm.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lab/vmm/hold.h"
#include "lib/status.h"

#define DEBUGFS		"/sys/kernel/debug/kvm"
#define SYSCALL_STOP	(SIGTRAP | 0x80)	/* ptrace(2): PTRACE_O_TRACESYSGOOD */

/* The child waits for the end of a pipe, so that it is traced before its first system call. */
static pid_t start(char **words)
{
	int ends[2];
	pid_t child;
	char byte;

	if (pipe(ends))
		error(STATUS_UNREADABLE, errno, "pipe");
	child = fork();
	if (child < 0)
		error(STATUS_UNREADABLE, errno, "fork");
	close(ends[!child]);
	if (!child) {
		if (read(ends[0], &byte, 1))
			_exit(126);
		close(ends[0]);
		execvp(words[0], words);
		error(0, errno, "%s", words[0]);
		_exit(127);
	}
	if (ptrace(PTRACE_SEIZE, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
		   PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC) ||
	    ptrace(PTRACE_INTERRUPT, child, NULL, NULL))
		error(STATUS_UNREADABLE, errno, "ptrace");
	close(ends[1]);
	return child;
}

/* Returns the process that a thread belongs to, or -1. */
static pid_t process_of(pid_t thread)
{
	char path[40], line[256];
	pid_t process = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", thread);
	file = fopen(path, "r");
	while (file && process < 0 && fgets(line, sizeof(line), file))
		sscanf(line, "Tgid: %d", &process);
	if (file)
		fclose(file);
	return process;
}

/*
 * If a thread comes back from KVM_CREATE_VM, copy its descriptor of the VM.  At the beginning of a
 * system call, RAX is -ENOSYS.
 */
static void take_vm(struct held *held, pid_t thread)
{
	struct user_regs_struct regs;
	struct timespec now;
	int process;

	if (ptrace(PTRACE_GETREGS, thread, NULL, &regs) || regs.orig_rax != SYS_ioctl ||
	    (unsigned int)regs.rsi != KVM_CREATE_VM || (long)regs.rax < 0)
		return;
	process = syscall(SYS_pidfd_open, process_of(thread), 0);
	held->vm = syscall(SYS_pidfd_getfd, process, (int)regs.rax, 0);
	if (held->vm < 0)
		error(STATUS_UNREADABLE, errno, "can't hold the VM");
	close(process);
	snprintf(held->path, sizeof(held->path), "%s/%d-%d", DEBUGFS, thread, (int)regs.rax);
	clock_gettime(CLOCK_REALTIME, &now);
	held->began = now.tv_sec * 1000000000ULL + now.tv_nsec;
}

int hold_run(char **words, struct held *held)
{
	pid_t child = start(words), thread;
	int status, number;

	held->vm = -1;
	while ((thread = waitpid(-1, &status, __WALL)) > 0) {
		if (thread == child && WIFEXITED(status))
			return WEXITSTATUS(status);
		if (thread == child && WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		if (!WIFSTOPPED(status))
			continue;
		number = WSTOPSIG(status);
		if (number == SYSCALL_STOP && held->vm < 0)
			take_vm(held, thread);
		if (number == SYSCALL_STOP || status >> 16)	/* no signal for the command */
			number = 0;
		ptrace(held->vm < 0 ? PTRACE_SYSCALL : PTRACE_DETACH, thread, NULL, number);
	}
	error(STATUS_UNREADABLE, errno, "waitpid");
	return STATUS_UNREADABLE;
}
