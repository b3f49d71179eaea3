/* SPDX-License-Identifier: GPL-2.0-only */
/* The BPF programs in the kernel. */
#ifndef ATTACH_H
#define ATTACH_H

#include <stdbool.h>

#include "exits.h"
#include "exits.skel.h"

/**
 * attach() - load and attach them; ends this process with status 3 and one line if that can't be
 * @group: the process group of which the first VM is counted
 * @tell_all: print what libbpf and the verifier say
 */
struct exits_bpf *attach(__u32 group, bool tell_all);

/** attach_missed() - how often the kernel did not run a program, because it ran on that CPU already */
__u64 attach_missed(const struct exits_bpf *bpf);

#endif
