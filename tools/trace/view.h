/* SPDX-License-Identifier: GPL-2.0-only */
/* Which vCPUs count: one answer for whatever prints exits, and how it is called. */
#ifndef BOOTEXITS_VIEW_H
#define BOOTEXITS_VIEW_H

#include <argp.h>

#include "known.h"

enum view_whose {
	VIEW_GUEST,		/* guest exits: without the observer's vCPU */
	VIEW_ALL,		/* all vCPUs: as KVM's stat.exits */
	VIEW_ONE,		/* of one vCPU */
};

/* What --vcpu says; all 0 is the default. */
struct view {
	enum view_whose whose;
	__u64 vcpu;		/* of VIEW_ONE */
};

#define VIEW_OPTION { "vcpu", 'c', "WHICH", 0, "all: exits of all vCPUs; N: of this vCPU only, 0 being the " \
	"one of a VM that has no other (default: guest exits, without the observer's vCPU)", 0 }

/** view_take() - the value of --vcpu; what is neither "all" nor a number ends the program with status 2 */
void view_take(const char *arg, struct argp_state *state, struct view *view);

/**
 * view_of() - the vCPUs of a run that a view has
 * @path: of the run's log, for the message
 *
 * Return: whether the run can tell; if not, after a message.
 */
bool view_of(const struct view *view, const struct run *run, const char *path,
	     struct phases_view *of);

/**
 * view_samples() - leave those samples in a run that tell of a view's exits
 *
 * A sample has the exits of all vCPUs but the observer's.  The observer's own are
 * known of the first of each record, so that only these are left of all vCPUs,
 * and are added to.  Of one vCPU there are none.
 */
void view_samples(const struct view *view, struct run *run);

#define VIEW_TEXT	48

/** view_text() - "guest exits", "exits of all vCPUs" or "exits of vCPU 1" */
const char *view_text(char text[VIEW_TEXT], const struct view *view);

/** view_key() - the same as a key of JSON or a column's name: guest_exits, all_vcpus or vcpu_1 */
const char *view_key(char text[VIEW_TEXT], const struct view *view);

#endif /* BOOTEXITS_VIEW_H */
