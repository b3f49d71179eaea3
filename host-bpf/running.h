/* SPDX-License-Identifier: GPL-2.0-only */
/* A VM that runs already: how counting of it begins and ends. */
#ifndef RUNNING_H
#define RUNNING_H

#include <bpf/libbpf.h>
#include <signal.h>

#include "host-bpf/attach.h"
#include "host-bpf/marks.h"

/** running_now() - the time in nanoseconds of bpf_ktime_get_ns() */
__u64 running_now(void);

/** running_signals() - set @signals to those that end the counting */
void running_signals(sigset_t *signals);

/**
 * running_count() - count a process's VM until it ends, until a signal comes, or for some time
 * @ring: of the marks
 * @pid: the process
 * @pidfd: a descriptor of the same process
 * @seconds: how long; 0: no limit
 * @attached: filled in
 *
 * If the process has no VM with a vCPU, it prints one line and ends this process with status 3.
 */
void running_count(struct exits_bpf *bpf, struct ring_buffer *ring, pid_t pid, int pidfd,
		   unsigned int seconds, struct attached *attached);

/**
 * running_stop() - end the counting of each vCPU at a moment when KVM's count is known
 * @rows: one for each vCPU; gets its counters and, in @stat, KVM's count at the same moment
 */
void running_stop(struct exits_bpf *bpf, struct exits_vcpu *rows);

#endif
