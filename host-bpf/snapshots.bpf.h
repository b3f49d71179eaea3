/* SPDX-License-Identifier: GPL-2.0-only */
/* How a mark copies the rows of all vCPUs into the ring. */
#ifndef SNAPSHOTS_BPF_H
#define SNAPSHOTS_BPF_H

#include "host-bpf/counters.bpf.h"

struct mark {
	__u32 entry, phase, marker, vcpus;
	__u32 thread;	/* of the vCPU to find */
	__u32 lost;
};

/* Returns KVM's own count of a vCPU, which need not be the current one. */
static __always_inline __u64 stat_of(const struct exits_vcpu *trace)
{
	return READ(__u64, trace->address, exits);
}

/*
 * Copies a vCPU's counters.  The slots are read after the total.  If they add up to it, they are
 * those of the moment when the total was read.  Returns whether they do.
 */
static __always_inline bool copy(struct exits_vcpu *to, const struct exits_vcpu *trace)
{
	__u64 sum = 0, total = *(volatile __u64 *)&trace->exits;
	__u32 i;

	barrier();
	bpf_probe_read_kernel(to, sizeof(*to), trace);
	for (i = 0; i < EXITS_BEFORE; i++)
		sum += to->slots[i].count;
	to->exits = sum;
	return sum == total;
}

/* Stores one vCPU's part of a mark.  Called for one vCPU after the other. */
static long store(__u32 index, struct mark *mark)
{
	struct exits_vcpu *trace = bpf_map_lookup_elem(&vcpus, &index);
	struct exits_snapshot *to;
	__u32 try;

	if (!trace)
		return 1;
	to = bpf_ringbuf_reserve(&ring, sizeof(*to), 0);
	if (!to) {
		mark->lost = 1;
		return 1;
	}
	to->entry = mark->entry;
	to->phase = mark->phase;
	to->marker = mark->marker;
	to->vcpus = mark->vcpus;
	to->index = index;
	to->torn = 1;
	for (try = 0; try < EXITS_TRIES && to->torn; try++)
		to->torn = !copy(&to->vcpu, trace);
	to->stat = stat_of(trace);
	to->now = bpf_ktime_get_ns();
	bpf_ringbuf_submit(to, bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) > EXITS_RING / 4 ?
			   BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP);
	return 0;
}

/* A phase ends.  Returns false if another mark is being made. */
static __always_inline bool take_mark(__u32 marker, __u32 phase)
{
	struct mark mark = { .phase = phase, .marker = marker, .vcpus = nr_vcpus };
	struct exits_vcpu *trace = bpf_map_lookup_elem(&vcpus, &marker);

	if (__sync_lock_test_and_set(&marking, 1))
		return false;
	mark.entry = nr_marks++;
	mark.lost = mark.entry >= EXITS_MARKS;
	if (trace && trace->vcpu)
		settle(trace, stat_of(trace));
	if (!mark.lost)
		bpf_loop(mark.vcpus, store, &mark, 0);
	if (mark.lost)
		__sync_fetch_and_add(&lost_marks, 1);
	marking = 0;
	return true;
}

static long is_free(__u32 index, void *unused)
{
	return !*(volatile __u32 *)&marking;
}

/* A mark that was asked for.  If another one is being made, this one waits for it, but not for ever. */
static __always_inline void make_mark(__u32 marker, __u32 phase)
{
	bpf_loop(EXITS_WAIT, is_free, NULL, 0);
	if (!take_mark(marker, phase))
		__sync_fetch_and_add(&lost_marks, 1);
}

static __always_inline void guest_marks(__u32 marker, __u32 phase)
{
	marked = 1;
	sought = 0;
	make_mark(marker, phase);
}

static long is_current(__u32 index, struct mark *mark)
{
	struct exits_vcpu *trace = bpf_map_lookup_elem(&vcpus, &index);

	if (!trace || trace->thread != mark->thread || trace->gone)
		return 0;
	mark->marker = index;
	return 1;
}

/* Marks for the current thread's vCPU, if it is one of our VM's. */
static __always_inline void mark_current(__u32 phase)
{
	struct mark mark = { .marker = KVM_EXIT_TRACE_MARK_HOST };

	mark.thread = bpf_get_current_pid_tgid();
	bpf_loop(nr_vcpus, is_current, &mark, 0);
	if (mark.marker != KVM_EXIT_TRACE_MARK_HOST)
		guest_marks(mark.marker, phase & 0xff);
}

#endif
