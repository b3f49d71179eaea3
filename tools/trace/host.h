/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest's count beside the host's own, at a pause of the VM. */
#ifndef BOOTEXITS_HOST_H
#define BOOTEXITS_HOST_H

#include <kvm_exit_trace.h>

#include "bootexits.h"
#include "log.h"

#define HOST_NO_SLOT	KVM_EXIT_TRACE_SLOT_SUM

/*
 * A pause.  The guest's mark has total T, its read behind the pause A, and
 * KVM's stat.exits at the pause is H.  The write that pauses the VM is one exit
 * and the read another, so H is from T + 1 to A - 1; what is more than that is
 * exits that neither caused: a host interrupt's, and those of other vCPUs.
 */
struct host_sync {
	const struct log_sync *sync;
	const struct log_phase *mark;	/* NULL: the log has no such mark */
	const struct log_host *host;	/* NULL: the host log has no such line */
	__u64 guest_window;		/* exits between mark and write: H - T - 1 */
	__u64 host_window;		/* exits between pause and read: A - 1 - H */
	const struct run *host_run;	/* that has @host */
	bool bounded;			/* T + 1 <= H <= A - 1 */
	bool parted;			/* the mark's parts are all there, or it has none */

	/* Reason by reason: those that are not zero on both sides. */
	bool hist;			/* there is a histogram to compare with */
	bool reasoned;			/* the mark's reasons are all there; else nothing is compared */
	unsigned int compared, differ;
	__u64 guest[KVM_EXIT_TRACE_NR_SLOTS];	/* of the mark, and the write */
	__u64 kvm[KVM_EXIT_TRACE_NR_SLOTS];	/* KVM's histogram */
	bool accounted;		/* what differs is just the guest_window's exits */

	enum status status;
};

/**
 * host_find() - the part of a host log, or of a trace, that belongs to a run
 * @alone: the serial log has no other run
 *
 * Return: the part whose name is the run's, or, if both are the only ones of
 * their logs, that one; NULL if there is none.
 */
const struct run *host_find(const struct log *log, const struct run *run,
			    bool alone);

/**
 * host_join() - have each run find what the host counted of it
 * @host: a host's log, or the trace itself; to be freed behind @log
 */
void host_join(struct log *log, const struct log *host);

/**
 * host_compare() - compare one pause
 * @host: as host_find() returns it, NULL included
 * @result: filled in
 *
 * A sync's try is the N of the host's "host sync=N" and "hist sync=N".
 */
void host_compare(const struct run *run, const struct run *host,
		  const struct log_sync *sync, struct host_sync *result);

/**
 * host_vcpu_guest() - what the guest had counted on one vCPU at a pause
 *
 * Return: exits up to the mark, and the write that paused the VM if this vCPU
 * made it.
 */
__u64 host_vcpu_guest(const struct run *run, const struct host_sync *sync,
		      __u64 vcpu);

/**
 * host_slot() - the slot in which the tracer counts an exit
 * @vmx: the vendor; else it's SVM
 * @reason: the vendor's number, as KVM's tracepoint kvm_exit has it
 *
 * Source: docs/abi.md, the table of slots.
 */
unsigned int host_slot(bool vmx, __u64 reason);

#endif /* BOOTEXITS_HOST_H */
