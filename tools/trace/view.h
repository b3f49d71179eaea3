/* SPDX-License-Identifier: GPL-2.0-only */
/* Which vCPUs are counted, and what to call their exits: the same for all that prints exits. */
#ifndef BOOTEXITS_VIEW_H
#define BOOTEXITS_VIEW_H

#include <argp.h>

#include "tools/trace/known.h"

enum view_whose {
	VIEW_GUEST,		/* guest exits: all but those of the observer's vCPU */
	VIEW_ALL,		/* all vCPUs: as KVM's stat.exits */
	VIEW_ONE,		/* of one vCPU */
};

/* The value of --vcpu.  All 0 is the default. */
struct view {
	enum view_whose whose;
	__u64 vcpu;		/* of VIEW_ONE */
};

#define VIEW_OPTION { "vcpu", 'c', "WHICH", 0, "count the exits of all vCPUs (all), or of vCPU N only, " \
	"from 0. The default is guest exits: those of all vCPUs but the observer's", 0 }

/** view_take() - read the value of --vcpu, "all" or a number; exit with status 2 on others */
void view_take(const char *arg, struct argp_state *state, struct view *view);

/**
 * view_of() - find the vCPUs of a run that a view has
 * @path: of the run's log, for the message
 *
 * Return: whether the run has them.  If not, a message was printed.
 */
bool view_of(const struct view *view, const struct run *run, const char *path,
	     struct phases_view *of);

/**
 * view_samples() - keep only those samples of a run that have a view's exits
 *
 * A sample has the exits of all vCPUs but the observer's.  The observer's own exits
 * are known for the first sample of each record.  So for all vCPUs only these samples
 * stay, and the observer's exits are added to them.  For one vCPU no sample stays.
 */
void view_samples(const struct view *view, struct run *run);

#define VIEW_TEXT	48

/** view_text() - "guest exits", "exits of all vCPUs" or "exits of vCPU 1" */
const char *view_text(char text[VIEW_TEXT], const struct view *view);

/** view_key() - the same as a JSON key or a column's name: guest_exits, all_vcpus or vcpu_1 */
const char *view_key(char text[VIEW_TEXT], const struct view *view);

#endif /* BOOTEXITS_VIEW_H */
