// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "tools/symbols/kaslr.h"

/* Linux's addresses are moved by a multiple of CONFIG_PHYSICAL_ALIGN, which is at least 2 MiB. */
#define ALIGN		(1ull << 21)

static int compare(const void *a, const void *b)
{
	__u64 one = *(const __u64 *)a, other = *(const __u64 *)b;

	return (one > other) - (one < other);
}

/* Collect the RIPs of Linux itself.  Its modules are elsewhere, and move by another offset. */
static void collect(const struct run *run, struct list *rips)
{
	const struct log_site *site;
	__u64 *all;
	size_t i, nr = 0;

	for_each(site, &run->sites)
		if (site->rip >= IMAGE_LINUX && site->rip < IMAGE_MODULES)
			list_append(rips, &site->rip, sizeof(site->rip));
	if (!rips->nr)
		return;
	all = rips->items;
	qsort(all, rips->nr, sizeof(*all), compare);
	for (i = 0; i < rips->nr; i++)
		if (!nr || all[nr - 1] != all[i])
			all[nr++] = all[i];
	rips->nr = nr;
}

static bool fits(const struct image *image, const struct list *rips, __u64 offset)
{
	const __u64 *rip;

	for_each(rip, rips)
		if (!image_covers(image, *rip - offset))
			return false;
	return true;
}

struct kaslr kaslr_find(const struct image *image, const struct run *run)
{
	struct kaslr found = { .offset = 0 };
	struct list rips = { .nr = 0 };
	__u64 offset;

	collect(run, &rips);
	found.rips = rips.nr;
	for (offset = 0; rips.nr && offset < IMAGE_MODULES - IMAGE_LINUX; offset += ALIGN) {
		if (!fits(image, &rips, offset))
			continue;
		if (!found.fits++)
			found.offset = offset;
	}
	free(rips.items);
	return found;
}
