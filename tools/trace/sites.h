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
