// SPDX-License-Identifier: GPL-2.0-only
/* A comparison of two boots as JSON. */
#include "compare.h"

void compare_difference(json_t *object, __u64 a, __u64 b)
{
	__u64 size = a < b ? b - a : a - b;
	char digits[24];
	json_t *number;

	if (a <= b) {
		number = json_u64(size);
	} else if (size <= 0x7fffffffffffffffULL) {
		number = json_integer(-(json_int_t)size);
	} else {
		snprintf(digits, sizeof(digits), "-%llu", size);
		number = json_string(digits);
	}
	json_object_set_new(object, "difference", number);
	json_object_set_new(object, "percent", !a ? json_null() :
			    json_real((a <= b ? 100.0 : -100.0) * size / a));
}

/* NULL is a phase that a log has not. */
static json_t *exits_json(const struct phase *phase, __u64 number)
{
	return phase ? json_u64(number) : json_null();
}

static json_t *difference_json(const struct pair *pair, const char *name,
			       __u64 a, __u64 b)
{
	json_t *object = json_pack("{s:s, s:o, s:o}", "name", name,
				   "a", exits_json(pair->phase[0], a),
				   "b", exits_json(pair->phase[1], b));

	compare_difference(object, a, b);
	return object;
}

static json_t *reason_json(const struct comparison *comparison,
			   const struct pair *pair, const struct match *match)
{
	bool same = match->slot[0] == match->slot[1];
	json_t *object;

	object = difference_json(pair, compare_label(comparison, match),
				 compare_count(pair, match, 0),
				 compare_count(pair, match, 1));
	json_object_set_new(object, "slot", same ? json_integer(match->slot[0]) :
			    json_null());
	return object;
}

static json_t *pair_json(const struct comparison *comparison,
			 const struct pair *pair)
{
	json_t *array = json_array(), *object;
	const struct match *match;

	object = difference_json(pair, pair->label, compare_exits(pair, 0),
				 compare_exits(pair, 1));
	for_each(match, &comparison->matches)
		if (compare_count(pair, match, 0) != compare_count(pair, match, 1))
			json_array_append_new(array,
					      reason_json(comparison, pair, match));
	json_object_set_new(object, "reasons_differing", array);
	return object;
}

json_t *compare_json(const struct comparison *comparison)
{
	const struct compare_options *options = comparison->options;
	size_t total = comparison->pairs.nr - 1, i;
	const struct pair *pairs = comparison->pairs.items;
	json_t *array = json_array();

	for (i = 0; i < total; i++)
		json_array_append_new(array, pair_json(comparison, &pairs[i]));
	return json_pack("{s:o, s:o, s:o, s:b, s:b, s:o, s:o, s:o}",
			 "a", json_string_nocheck(options->paths[0]),
			 "b", json_string_nocheck(options->paths[1]),
			 "vcpu", options->one ? json_u64(options->vcpu) : json_null(),
			 "by_name", comparison->by_name,
			 "equal", comparison->equal,
			 "phases", array,
			 "total", pair_json(comparison, &pairs[total]),
			 "gates", compare_gates_json(comparison));
}
