/* SPDX-License-Identifier: GPL-2.0-only */
/* The snapshots as the phase log of leaves.h, so that the payload's own code prints the records. */
#ifndef MARKS_H
#define MARKS_H

#include <stddef.h>

#include "host-bpf/exits.h"

/** marks_take() - take one vCPU's part of a mark.  All parts of a mark come one after the other. */
int marks_take(void *unused, void *data, size_t size);

/** marks_forget_boundaries() - forget the marks of boundaries, because the guest has marked its phases */
void marks_forget_boundaries(void);

/** marks_forget() - forget all marks, and free them */
void marks_forget(void);

/**
 * struct attached - how a VM was counted that ran already
 * @since: when counting began, in nanoseconds of bpf_ktime_get_ns(); 0: the VM did not run already
 * @end: "detached": the VM goes on; "ended"; "killed": its process, by a signal
 * @signal: that signal, or 0
 */
struct attached {
	__u64 since;
	const char *end;
	__u32 signal;
};

/** marks_attached() - tell that, and what each vCPU had counted in the end */
void marks_attached(const struct attached *attached, const struct exits_vcpu *rows, __u32 nr);

/** marks_describe() - fill in what leaves.h knows of the tracer: vendor, vCPUs, when it began */
void marks_describe(__u32 vendor, __u32 vcpus, __u64 lost);

/** marks_print() - print all records but the verdict */
void marks_print(void);

/** marks_print_as() - the same for snapshots that another program than bootexits-bpf took */
void marks_print_as(const char *counter);

#endif
