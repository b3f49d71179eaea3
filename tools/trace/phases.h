/* SPDX-License-Identifier: GPL-2.0-only */
/* The phases of a boot: the differences between the marks of a run's phase log. */
#ifndef BOOTEXITS_PHASES_H
#define BOOTEXITS_PHASES_H

#include "include/kvm_exit_trace.h"

#include "tools/trace/log.h"

/* Whose exits are counted. */
enum phases_whose {
	PHASES_ALL,		/* the VM's */
	PHASES_ALL_BUT,		/* those of all vCPUs but the observer's */
	PHASES_ONE,		/* those of one vCPU */
	PHASES_UNTOLD,		/* unknown: lost records may have had an observer */
};

struct phases_view {
	enum phases_whose whose;
	__u64 vcpu;
};

/* What can be known of a phase.  Each can be unknown by itself, because records get lost. */
enum phase_part {
	PHASE_EXITS,		/* the members all, self, net and observer */
	PHASE_REASONS,		/* slots; only if the exits are known */
	PHASE_GUEST,		/* in_guest and elapsed */
	PHASE_TIME,		/* begin_tsc and end_tsc; for a mark only end_tsc */
	PHASE_INDUCED,		/* induced; if it is unknown, net is an upper bound */
	PHASE_SPLIT,		/* KVM's clock, user, idle and preempted; if not, KVM's has the sum of all four */
	PHASE_PARTS,
};

/* A phase, or the sum of all.  An unknown number is 0. */
struct phase {
	/* "payload (2)" for the second of a name; "payload (entry 5)" if marks before it are missing */
	char label[LOG_TEXT + 32];
	const struct log_phase *mark;	/* the mark that ends it; the total's is the last */
	const char *lacks[PHASE_PARTS];	/* why a part is unknown; NULL: it is known */
	__u64 begin_tsc, end_tsc;	/* the guest's TSC; 0 is its start */
	struct counter all;		/* of all slots */
	__u64 in_guest, elapsed;	/* cycles; 0 if the tracer has no such clocks */
	__u64 self, induced, net;	/* exits; they add up to exits; 0 for one vCPU's view */
	__u64 observer;			/* exits that PHASES_ALL_BUT left out */
	struct counter slots[KVM_EXIT_TRACE_NR_SLOTS];
};

struct phases {
	struct phase *rows;
	struct phase *marks;		/* one for each row: all up to its end */
	size_t nr;
	struct phase total;
	const struct log_reason *reasons[KVM_EXIT_TRACE_NR_SLOTS];	/* for names */
};

/**
 * phases_build() - subtract each mark of a run from the next one
 * @phases: filled in; free it by phases_free()
 *
 * A phase is known if both marks around it are there, with all records that the
 * view needs, and if no counter goes back between them (known.h).
 */
void phases_build(const struct run *run, struct phases_view view,
		  struct phases *phases);

/** phases_sees() - whether a view has the exits of this vCPU */
bool phases_sees(struct phases_view view, __u64 vcpu);

/**
 * phases_vcpu() - the view of one vCPU's exits
 * @path: of the run's log, for the message
 *
 * A VM of one vCPU has no parts, because all exits are this vCPU's.
 *
 * Return: whether the run has the vCPU's exits.  If not, a message was printed.
 */
bool phases_vcpu(const struct run *run, const char *path, __u64 vcpu,
		 struct phases_view *view);

/** phases_vcpus() - number of vCPUs that a run has parts of; 0 if it has no parts */
size_t phases_vcpus(const struct run *run);

/** phases_row() - the row with this label, or NULL */
const struct phase *phases_row(const struct phases *phases, const char *label);

/** phases_know() - whether a part is known of a phase, of the total, or of a mark */
static inline bool phases_know(const struct phase *phase, enum phase_part part)
{
	return !phase->lacks[part];
}

/** phases_ticks() - how long a phase took, in ticks of the TSC */
__u64 phases_ticks(const struct phase *phase);

/** phases_free() - free what phases_build() stored */
void phases_free(struct phases *phases);

/** phases_find() - the index of the first mark with this entry, or -1 */
int phases_find(const struct run *run, __u64 entry);

/**
 * phases_has() - whether a run has a mark with this entry; if not, add a defect
 * @line, @what: line and name of the record that needs it
 */
bool phases_has(struct run *run, unsigned long line, const char *what, __u64 entry);

/** phases_counts() - the same for a slot and a vCPU that the tracer may count */
bool phases_counts(struct run *run, unsigned long line, const char *what, __u64 slot,
		   __u64 vcpu);

/**
 * phases_top() - the most frequent reasons of a phase
 * @slots: filled in with at most @max slots, the most frequent first; if two are
 *	equal, the lower slot first
 *
 * Return: the number of slots.
 */
unsigned int phases_top(const struct phase *phase, unsigned int *slots,
			unsigned int max);

#endif /* BOOTEXITS_PHASES_H */
