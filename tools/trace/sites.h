/* SPDX-License-Identifier: GPL-2.0-only */
/* Where exits came from: a run's sites, by phase and reason. */
#ifndef BOOTEXITS_SITES_H
#define BOOTEXITS_SITES_H

#include "tools/trace/phases.h"

/**
 * sites_build() - collect the sites of a view's vCPUs; sites of the same code are added up
 * @view: as for phases_build()
 * @sites: filled in with struct log_site, sorted by entry, slot, and count, most
 *	first.  The caller frees its items.  rip is that of the vCPU with most exits, and lead
 *	is that of the vCPUs with this rip.
 */
void sites_build(const struct run *run, struct phases_view view, struct list *sites);

/**
 * sites_sure() - whether most of a site's exits are known to be at its RIP
 *
 * By Boyer and Moore, a RIP with a lead of more than half of the exits has at least as many exits.
 */
static inline bool sites_sure(const struct log_site *site)
{
	return site->lead > site->count / 2;
}

/*
 * A walk through the sites of a phase's reason.  The sites may be a few more than its exits, if a
 * vCPU exits while another one makes the mark.  Then the last sites lose them, so that no exit is
 * there twice.
 */
struct sites_walk {
	const struct log_site *site;	/* NULL: exits whose site isn't known */
	__u64 exits;			/* of the site */
	const struct log_site *next;	/* from here on only for sites_next() */
	size_t nr;
	__u64 left;
};

/**
 * sites_walk() - begin a walk through the sites of a phase's slot
 * @sites: made by sites_build(); NULL: no site is known
 */
struct sites_walk sites_walk(const struct list *sites, const struct phase *row, unsigned int slot);

/** sites_next() - go to the next site, and last to what has no site; false: there is no more */
bool sites_next(struct sites_walk *walk);

/**
 * sites_of() - find the sites of one phase and slot
 * @nr: set to their number
 *
 * Return: the first of them in the list that sites_build() made.
 */
const struct log_site *sites_of(const struct list *sites, __u64 entry, __u64 slot,
				size_t *nr);

/**
 * sites_check() - add the defects of a run's sites
 *
 * If a vCPU made both marks around a phase, its sites must add up to the exits of
 * each slot, unless some were lost.  Exits of other vCPUs that come while a mark is
 * made may be on either side of it.
 */
void sites_check(struct run *run);

#endif /* BOOTEXITS_SITES_H */
