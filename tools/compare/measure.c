// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "tools/bootexits.h"
#include "tools/compare/measure.h"

#define NS_OF_MS	1000000

const char *const measure_names[NR_MEASURES + 1] = {
	[BY_EXITS] = "exits",
	[BY_MS] = "ms",
	[BY_KVM] = "kvm",
	[BY_USER] = "user",
	[BY_TOTAL] = "total",
};

int measure_find(const char *name)
{
	return word_find(measure_names, name);
}

__u64 measure_one(enum measure by)
{
	return by == BY_MS ? NS_OF_MS : 1;
}

__u64 measure_ns(__u64 ticks, __u64 khz)
{
	__uint128_t ns = khz ? (__uint128_t)ticks * NS_OF_MS / khz : 0;

	return ns > -1ULL ? -1ULL : ns;
}

const char *measure_unit(enum measure by, const char *tick)
{
	return by == BY_EXITS || by == BY_MS ? measure_names[by] : tick;
}

const char *measure_half(char text[GROUPED], enum measure by, __uint128_t twice)
{
	__uint128_t us = (twice + 1000) / 2000;
	size_t len;

	if (by != BY_MS)
		return grouped_half(text, twice);
	len = strlen(grouped(text, us / 1000));
	sprintf(text + len, ".%03u", (unsigned int)(us % 1000));
	return text;
}

const char *measure_difference(char text[GROUPED], enum measure by, __uint128_t a,
			       __uint128_t b)
{
	measure_half(text, by, a < b ? b - a : a - b);
	if (a == b)
		return text;
	memmove(text + 1, text, strlen(text) + 1);
	*text = a < b ? '+' : '-';
	return text;
}

json_t *measure_json(enum measure by, __int128 twice)
{
	__uint128_t size = twice < 0 ? -twice : twice;
	const char *sign = twice < 0 ? "-" : "";
	char digits[24];

	if (by == BY_MS)
		return json_real((twice < 0 ? -1.0 : 1.0) * size / 2 / NS_OF_MS);
	if (size % 2)
		return json_real((twice < 0 ? -1.0 : 1.0) * size / 2);
	if (size / 2 <= 0x7fffffffffffffffULL)
		return json_integer(twice / 2);
	snprintf(digits, sizeof(digits), "%s%llu", sign, (__u64)(size / 2));
	return json_string(digits);
}
