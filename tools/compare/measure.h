/* SPDX-License-Identifier: GPL-2.0-only */
/* What is compared of boots: exits, or time. */
#ifndef BOOTEXITS_MEASURE_H
#define BOOTEXITS_MEASURE_H

#include <jansson.h>
#include <stdbool.h>

#include "table.h"

enum measure {
	BY_EXITS,
	BY_MS,			/* how long a phase took; a value is in nanoseconds */
	BY_KVM,			/* ticks of KVM's clock */
	BY_USER,		/* of the VMM's */
	BY_TOTAL,		/* of both */
	NR_MEASURES,
};

extern const char *const measure_names[NR_MEASURES];

/** measure_find() - the measure of that name, or -1 */
int measure_find(const char *name);

/** measure_one() - the value of 1 in its unit: 1, or of BY_MS the nanoseconds of a millisecond */
__u64 measure_one(enum measure by);

/** measure_unit() - its unit; @tick: "cycles" or "instructions" */
const char *measure_unit(enum measure by, const char *tick);

/** measure_half() - half of @twice as a text: milliseconds with three decimals, else as grouped_half() */
const char *measure_half(char text[GROUPED], enum measure by, __uint128_t twice);

/** measure_difference() - B - A as a text, with its sign unless 0, of values that are doubled */
const char *measure_difference(char text[GROUPED], enum measure by, __uint128_t a,
			       __uint128_t b);

/** measure_json() - half of @twice, with all its digits: a real with a fraction, an integer, or a string above 63 bits */
json_t *measure_json(enum measure by, __int128 twice);

#endif /* BOOTEXITS_MEASURE_H */
