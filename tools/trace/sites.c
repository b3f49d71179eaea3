// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trace/sites.h"

static int order(__u64 a, __u64 b)
{
	return (a > b) - (a < b);
}

static int compare_codes(const void *a, const void *b)
{
	const struct log_site *one = a, *other = b;

	return order(one->entry, other->entry) ?: order(one->slot, other->slot) ?:
		order(one->code, other->code) ?: order(other->count, one->count) ?:
		order(one->vcpu, other->vcpu) ?: order(one->line, other->line);
}

static int compare_counts(const void *a, const void *b)
{
	const struct log_site *one = a, *other = b;

	return order(one->entry, other->entry) ?: order(one->slot, other->slot) ?:
		order(other->count, one->count) ?: order(one->code, other->code);
}

void sites_build(const struct run *run, struct phases_view view, struct list *sites)
{
	const struct log_site *site;
	struct log_site *all, *last = NULL;
	size_t nr = 0, i;

	*sites = (struct list){ .nr = 0 };
	if (!run->sites.nr)
		return;
	all = calloc(run->sites.nr, sizeof(*all));
	if (!all)
		error(3, errno, "sites");
	for_each(site, &run->sites) {
		if (!phases_sees(view, site->vcpu) || site->slot >= KVM_EXIT_TRACE_NR_SLOTS)
			continue;
		all[nr] = *site;
		if (site->count == 1 || site->lead > site->count)
			all[nr].lead = site->count == 1;
		nr++;
	}
	qsort(all, nr, sizeof(*all), compare_codes);
	for (i = 0; i < nr; i++) {
		if (last && last->entry == all[i].entry && last->slot == all[i].slot &&
		    last->code == all[i].code) {
			last->count += all[i].count;
			last->lead += last->rip == all[i].rip ? all[i].lead : 0;
		} else {
			last = last ? last + 1 : all;
			*last = all[i];
		}
	}
	sites->items = all;
	sites->nr = last ? last + 1 - all : 0;
	qsort(all, sites->nr, sizeof(*all), compare_counts);
}

const struct log_site *sites_of(const struct list *sites, __u64 entry, __u64 slot,
				size_t *nr)
{
	const struct log_site *all = sites->items;
	size_t low = 0, high = sites->nr, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if ((order(all[middle].entry, entry) ?: order(all[middle].slot, slot)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (*nr = 0; low + *nr < sites->nr && all[low + *nr].entry == entry &&
		      all[low + *nr].slot == slot; (*nr)++)
		;
	return all + low;
}

/* Exits of a vCPU's slot in a phase, by the marks around it, and by sites. */
struct tally {
	__u64 vcpu, slot, entry;
	__u64 marked;			/* up to the phase's end, from the start */
	__u64 sites;
	bool lost;			/* some exits, of any phase, have no site */
};

static int compare_tallies(const void *a, const void *b)
{
	const struct tally *one = a, *other = b;

	return order(one->vcpu, other->vcpu) ?: order(one->slot, other->slot) ?:
		order(one->entry, other->entry);
}

/*
 * Collect all tallies, sorted, so that those of the same vCPU, slot and phase are together.
 * Lost exits belong to no phase.  They are in the first one.
 */
static struct tally *collect(struct run *run, size_t *nr)
{
	struct tally *tallies = calloc(1 + run->parts.nr + run->reasons.nr + run->sites.nr +
				       run->losts.nr, sizeof(*tallies));
	const struct log_reason *reason;
	const struct log_lost *lost;
	const struct log_site *site;
	const struct log_part *part;

	if (!tallies)
		error(3, errno, "sites");
	*nr = 0;
	for_each(part, &run->parts)
		tallies[(*nr)++] = (struct tally){
			.vcpu = part->vcpu, .slot = part->slot, .entry = part->entry,
			.marked = part->counter.exits };
	for_each(reason, &run->reasons)
		if (!run->parts.nr)
			tallies[(*nr)++] = (struct tally){
				.slot = reason->slot, .entry = reason->entry,
				.marked = reason->counter.exits };
	for_each(site, &run->sites)
		if (phases_has(run, site->line, "site", site->entry) &&
		    phases_counts(run, site->line, "site", site->slot, site->vcpu))
			tallies[(*nr)++] = (struct tally){
				.vcpu = site->vcpu, .slot = site->slot, .entry = site->entry,
				.sites = site->count };
	for_each(lost, &run->losts)
		tallies[(*nr)++] = (struct tally){
			.vcpu = lost->vcpu, .slot = lost->slot, .lost = true };
	qsort(tallies, *nr, sizeof(*tallies), compare_tallies);
	return tallies;
}

static bool marked_by(const struct run *run, __u64 entry, __u64 vcpu)
{
	const struct log_phase *marks = run->phases.items;
	int at = phases_find(run, entry);

	return at >= 0 && marks[at].vcpu == vcpu;
}

/* An event that is no exit of the hardware has no site. */
static bool synthetic(__u64 slot)
{
	return slot == KVM_EXIT_TRACE_SLOT_EMULATION || slot == KVM_EXIT_TRACE_SLOT_VMFAIL;
}

/* @before: the number at the mark before */
static void check_tally(struct run *run, const struct tally *tally, __u64 before)
{
	const struct log_phase *marks = run->phases.items;
	__u64 exits = tally->marked - before;
	int at = phases_find(run, tally->entry);

	if (at < 0 || tally->marked < before || tally->sites == exits ||
	    synthetic(tally->slot) ||
	    (tally->sites < exits && tally->lost) ||
	    !marked_by(run, tally->entry, tally->vcpu) ||
	    (tally->entry && !marked_by(run, tally->entry - 1, tally->vcpu)))
		return;
	log_defect(run, marks[at].line, "phase %s: the sites of slot %llu add up to %llu exits of vCPU %llu, but it has %llu",
		   marks[at].name, tally->slot, tally->sites, tally->vcpu, exits);
}

void sites_check(struct run *run)
{
	struct tally *tallies, sum = { 0 };
	bool any = run->tracer.features & KVM_EXIT_TRACE_FEATURE_SITES;
	__u64 before;
	size_t nr, i;

	if (!any || !run->end.line)
		return;
	tallies = collect(run, &nr);
	for (i = 0; i < nr; i++) {
		bool same = i && tallies[i].vcpu == sum.vcpu && tallies[i].slot == sum.slot;

		before = same ? sum.marked : 0;
		tallies[i].lost |= same && sum.lost;
		sum = tallies[i];
		for (; i + 1 < nr && !compare_tallies(&tallies[i], &tallies[i + 1]); i++) {
			sum.marked += tallies[i + 1].marked;
			sum.sites += tallies[i + 1].sites;
			sum.lost |= tallies[i + 1].lost;
		}
		check_tally(run, &sum, before);
	}
	free(tallies);
}

struct sites_walk sites_walk(const struct list *sites, const struct phase *row, unsigned int slot)
{
	struct sites_walk walk = { .left = row->slots[slot].exits };

	if (sites)
		walk.next = sites_of(sites, row->mark->entry, slot, &walk.nr);
	return walk;
}

bool sites_next(struct sites_walk *walk)
{
	if (!walk->left)
		return false;
	walk->site = NULL;
	walk->exits = walk->left;
	if (walk->nr) {
		walk->site = walk->next++;
		walk->nr--;
		if (walk->site->count < walk->left)
			walk->exits = walk->site->count;
	}
	walk->left -= walk->exits;
	return true;
}
