/* SPDX-License-Identifier: GPL-2.0-only */
/* Each vCPU's part of a mark's reasons. */
#ifndef BOOTEXITS_PARTS_H
#define BOOTEXITS_PARTS_H

#include "tools/trace/log.h"

/**
 * parts_check() - add the defects of a run's parts
 *
 * If a mark has any parts, the parts of each slot must add up to its reason: the
 * count and the four clocks.
 */
void parts_check(struct run *run);

#endif /* BOOTEXITS_PARTS_H */
