/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds how far KASLR has moved a boot's Linux, from the trace alone. */
#ifndef BOOTEXITS_KASLR_H
#define BOOTEXITS_KASLR_H

#include "tools/symbols/image.h"
#include "tools/trace/log.h"

struct kaslr {
	__u64 offset;			/* if fits is 1: what was added to Linux's addresses */
	size_t rips;			/* different RIPs of the run that are in Linux's part of memory */
	size_t fits;			/* offsets at which all of them are in the image's code */
};

/**
 * kaslr_find() - try all offsets that KASLR can choose, for the RIPs of a run's sites
 *
 * The true offset always fits, if the image is the Linux that booted.  So if only one fits, it is
 * the true one.  Sources: choose_random_location(), find_random_virt_addr().
 */
struct kaslr kaslr_find(const struct image *image, const struct run *run);

#endif /* BOOTEXITS_KASLR_H */
