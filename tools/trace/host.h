/* SPDX-License-Identifier: GPL-2.0-only */
/* Compares the guest's count with the host's own, at a pause of the VM. */
#ifndef BOOTEXITS_HOST_H
#define BOOTEXITS_HOST_H

#include "include/kvm_exit_trace.h"

#include "tools/bootexits.h"
#include "tools/trace/log.h"

#define HOST_NO_SLOT	KVM_EXIT_TRACE_SLOT_SUM

/*
 * A pause.  The guest's mark has the total T.  After the pause, the guest reads A.
 * KVM's stat.exits at the pause is H.  The write that pauses the VM is one exit, and
 * the read is another one.  So H is from T + 1 to A - 1.  Any further exit has another
 * cause: a host interrupt, or another vCPU.
 */
struct host_sync {
	const struct log_sync *sync;
	const struct log_phase *mark;	/* NULL: the log doesn't have the mark */
	const struct log_host *host;	/* NULL: the host log doesn't have the line */
	__u64 guest_window;		/* exits between mark and write: H - T - 1 */
	__u64 host_window;		/* exits between pause and read: A - 1 - H */
	const struct run *host_run;	/* the run that has @host */
	bool bounded;			/* T + 1 <= H <= A - 1 */
	bool parted;			/* all parts of the mark are there, or it has none */

	/* The comparison by reason.  Reasons that are 0 on both sides don't count. */
	bool hist;			/* there is a histogram to compare with */
	bool reasoned;			/* the mark has all its reasons; else none is compared */
	unsigned int compared, differ;
	__u64 guest[KVM_EXIT_TRACE_NR_SLOTS];	/* up to the mark, and the write */
	__u64 kvm[KVM_EXIT_TRACE_NR_SLOTS];	/* KVM's histogram */
	bool accounted;		/* the differences are exactly the exits of the guest_window */

	enum status status;
};

/**
 * host_find() - find the part of a host log, or of a trace, that belongs to a run
 * @alone: the serial log has no other run
 *
 * Return: the part with the run's name.  If both logs have only one, that one.  NULL
 * if there is none.
 */
const struct run *host_find(const struct log *log, const struct run *run,
			    bool alone);

/**
 * host_join() - set for each run of a log what the host counted of it
 * @host: a host's log, or the trace itself; free it after @log
 */
void host_join(struct log *log, const struct log *host);

/**
 * host_compare() - compare one pause
 * @host: the result of host_find(); may be NULL
 * @result: filled in
 *
 * The try of a sync record is the N of "host sync=N" and "hist sync=N".
 */
void host_compare(const struct run *run, const struct run *host,
		  const struct log_sync *sync, struct host_sync *result);

/**
 * host_vcpu_guest() - the guest's count of one vCPU at a pause
 *
 * Return: exits up to the mark, plus the write that paused the VM if this vCPU
 * made it.
 */
__u64 host_vcpu_guest(const struct run *run, const struct host_sync *sync,
		      __u64 vcpu);

/**
 * host_slot() - the slot in which the tracer counts an exit
 * @vmx: true for VMX, false for SVM
 * @reason: the vendor's number, from KVM's tracepoint kvm_exit
 *
 * Source: docs/abi.md, the table of slots.
 */
unsigned int host_slot(bool vmx, __u64 reason);

#endif /* BOOTEXITS_HOST_H */
