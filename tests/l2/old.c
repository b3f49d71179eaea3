// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes Linux look as old as 2.6.31 to bootexits-init and its children: system calls that came
 * later fail as if they did not exist.  Then it runs /bootexits/real with its own arguments.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LAST	SYS_perf_event_open	/* the last one of 2.6.31 */
#define MISSING	38			/* errno(3): no such system call */

int main(int argc, char **argv)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LAST, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | MISSING),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

	(void)argc;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return 1;
	if (syscall(SYS_fsopen, "proc", 0) != -1 || errno != MISSING)
		return 2;
	execve("/bootexits/real", argv, environ);
	return 3;
}
