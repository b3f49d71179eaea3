/* SPDX-License-Identifier: GPL-2.0-only */
/* The phases of a boot: what the marks of a run's phase log say when subtracted. */
#ifndef BOOTEXITS_PHASES_H
#define BOOTEXITS_PHASES_H

#include <kvm_exit_trace.h>

#include "log.h"

/* Whose exits are looked at. */
enum phases_whose {
	PHASES_ALL,		/* the VM's */
	PHASES_ALL_BUT,		/* of all vCPUs but one, the observer's */
	PHASES_ONE,		/* of one vCPU */
	PHASES_UNTOLD,		/* as PHASES_ALL_BUT, if the lost records had an observer */
};

struct phases_view {
	enum phases_whose whose;
	__u64 vcpu;
};

/* What can be known of a phase, each by itself, for records get lost. */
enum phase_part {
	PHASE_EXITS,		/* exits to preempted, self, net and observer */
	PHASE_REASONS,		/* counts and cycles, for which its exits have to be known */
	PHASE_GUEST,		/* in_guest and elapsed */
	PHASE_TIME,		/* begin_tsc and end_tsc; of a mark end_tsc */
	PHASE_INDUCED,		/* induced; else net is the most that it can be */
	PHASE_PARTS,
};

/* A phase, or the sum of all.  kvm to elapsed: cycles.  What isn't known is 0. */
struct phase {
	/* "payload (2)" for a second of its name, "payload (entry 5)" if marks before it are missing */
	char label[LOG_TEXT + 32];
	const struct log_phase *mark;	/* that ends it; of the total: the last */
	const char *lacks[PHASE_PARTS];	/* why that is not known; NULL: it is */
	__u64 begin_tsc, end_tsc;	/* the guest's TSC; 0 is its start */
	__u64 exits;
	__u64 kvm, user, idle, preempted;
	__u64 in_guest, elapsed;	/* 0 if the tracer has no such clocks */
	__u64 self, induced, net;	/* exits; net + self + induced = exits; 0 of one vCPU */
	__u64 observer;			/* exits that PHASES_ALL_BUT left out */
	__u64 counts[KVM_EXIT_TRACE_NR_SLOTS];
	__u64 cycles[KVM_EXIT_TRACE_NR_SLOTS][KVM_EXIT_TRACE_NR_CLOCKS];
};

struct phases {
	struct phase *rows;
	struct phase *marks;		/* as many: all up to each row's end */
	size_t nr;
	struct phase total;
	const struct log_reason *reasons[KVM_EXIT_TRACE_NR_SLOTS];	/* for names */
};

/**
 * phases_build() - subtract each mark of a run from the next
 * @phases: filled in; to be freed by phases_free()
 *
 * A phase is known if there are both marks around it, and all of their records
 * that the view needs, and nothing goes back between them (known.h).
 */
void phases_build(const struct run *run, struct phases_view view,
		  struct phases *phases);

/** phases_sees() - whether a view has that vCPU's exits */
bool phases_sees(struct phases_view view, __u64 vcpu);

/**
 * phases_vcpu() - the view of one vCPU's exits
 * @path: of the run's log, for the message
 *
 * A VM of one vCPU has no parts: all that it has is that vCPU's.
 *
 * Return: whether the run can tell of it; if not, after a message.
 */
bool phases_vcpu(const struct run *run, const char *path, __u64 vcpu,
		 struct phases_view *view);

/** phases_vcpus() - how many vCPUs a run has parts of; 0: it has no parts */
size_t phases_vcpus(const struct run *run);

/** phases_row() - the row of that label, or NULL */
const struct phase *phases_row(const struct phases *phases, const char *label);

/** phases_know() - whether that is known of a phase, of the total, or of a mark */
static inline bool phases_know(const struct phase *phase, enum phase_part part)
{
	return !phase->lacks[part];
}

/** phases_ticks() - how long a phase took, in ticks of the TSC */
__u64 phases_ticks(const struct phase *phase);

/**
 * phases_cost() - what the host worked for exits, in ticks: KVM's clock and the VMM's
 *
 * Of the other two clocks the host waits on one, idle, and works for others on
 * preempted.  At most 2^64 - 1, as only damaged counters are that large.
 */
static inline __u64 phases_cost(__u64 kvm, __u64 user)
{
	return kvm > -1ULL - user ? -1ULL : kvm + user;
}

/** phases_free() - free what phases_build() stored */
void phases_free(struct phases *phases);

/** phases_find() - the index of the first mark of entry @entry, or -1 */
int phases_find(const struct run *run, __u64 entry);

/**
 * phases_has() - whether a run has a mark of entry @entry; if not, that is a defect
 * @line, @what: of the record that wants it
 */
bool phases_has(struct run *run, unsigned long line, const char *what, __u64 entry);

/** phases_counts() - the same of a slot and a vCPU, of which the tracer may count exits */
bool phases_counts(struct run *run, unsigned long line, const char *what, __u64 slot,
		   __u64 vcpu);

/**
 * phases_top() - the most frequent reasons of a phase
 * @slots: at most @max of them, the most frequent first; of two that are equal
 *	the lower slot first
 *
 * Return: how many there are.
 */
unsigned int phases_top(const struct phase *phase, unsigned int *slots,
			unsigned int max);

#endif /* BOOTEXITS_PHASES_H */
