/* SPDX-License-Identifier: GPL-2.0-only */
/* Where exits came from: a run's sites, by phase and reason. */
#ifndef BOOTEXITS_SITES_H
#define BOOTEXITS_SITES_H

#include "phases.h"

/**
 * sites_build() - the sites of the vCPUs that a view has, those of one code together
 * @view: as of phases_build()
 * @sites: filled in: struct log_site, by entry, slot, and count, most first; its
 *	items are to be freed.  rip is that of the vCPU that has most
 */
void sites_build(const struct run *run, struct phases_view view, struct list *sites);

/**
 * sites_of() - those of one phase and slot
 * @nr: how many there are
 *
 * Return: the first of them, of what sites_build() made.
 */
const struct log_site *sites_of(const struct list *sites, __u64 entry, __u64 slot,
				size_t *nr);

/**
 * sites_check() - add the defects of a run's sites
 *
 * Of a vCPU that made both marks around a phase, sites must give the exits of
 * each slot in it, unless some were lost; what other vCPUs did while a mark was
 * made may be on either side of it.
 */
void sites_check(struct run *run);

#endif /* BOOTEXITS_SITES_H */
