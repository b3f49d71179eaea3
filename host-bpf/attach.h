/* SPDX-License-Identifier: GPL-2.0-only */
/* The BPF programs in the kernel. */
#ifndef ATTACH_H
#define ATTACH_H

#include <stdbool.h>

#include "host-bpf/exits.h"
#include "exits.skel.h"

/**
 * attach() - load the programs and attach them
 * @group: the process group whose first VM is counted
 * @process: the process whose VM is counted instead, when running_find() has found it; 0: none
 * @tell_all: print what libbpf and the verifier say
 *
 * If it can't, it prints one line and ends this process with status 3.
 */
struct exits_bpf *attach(__u32 group, __u32 process, bool tell_all);

/** attach_missed() - how often the kernel skipped a program, because one ran on that CPU already */
__u64 attach_missed(const struct exits_bpf *bpf);

#endif
