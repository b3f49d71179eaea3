/* SPDX-License-Identifier: GPL-2.0-only */
/* What can be compared: exits, or time. */
#ifndef BOOTEXITS_MEASURE_H
#define BOOTEXITS_MEASURE_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/table.h"

enum measure {
	BY_EXITS,
	BY_MS,			/* how long a phase took; values are nanoseconds */
	BY_KVM,			/* ticks of KVM's clock */
	BY_USER,		/* ticks of the VMM's clock */
	BY_TOTAL,		/* ticks of both clocks */
	NR_MEASURES,
};

extern const char *const measure_names[NR_MEASURES + 1];

/** measure_find() - the measure with this name, or -1 */
int measure_find(const char *name);

/** measure_one() - the value of one unit: 1, or with BY_MS the nanoseconds of a millisecond */
__u64 measure_one(enum measure by);

/** measure_ns() - ticks as nanoseconds, the values of BY_MS; 0 if @khz is 0 */
__u64 measure_ns(__u64 ticks, __u64 khz);

/** measure_unit() - the unit of a measure; @tick: "cycles" or "instructions" */
const char *measure_unit(enum measure by, const char *tick);

/** measure_half() - half of @twice as text: BY_MS with three decimals, else as grouped_half() */
const char *measure_half(char text[GROUPED], enum measure by, __uint128_t twice);

/** measure_difference() - B - A as text, with a sign unless it is 0; both values are doubled */
const char *measure_difference(char text[GROUPED], enum measure by, __uint128_t a,
			       __uint128_t b);

/** measure_json() - half of @twice: an integer, a real, or above 63 bits a string of its digits */
json_t *measure_json(enum measure by, __int128 twice);

#endif /* BOOTEXITS_MEASURE_H */
