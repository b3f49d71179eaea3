// SPDX-License-Identifier: GPL-2.0-only
/* A comparison of boots as JSON. */
#include "lib/json.h"
#include "tools/compare/compare.h"
#include "tools/compare/stats.h"

void compare_difference(json_t *object, enum measure by, bool known, __uint128_t a,
			__uint128_t b)
{
	__uint128_t twice = a < b ? b - a : a - b;

	json_object_set_new(object, "difference",
			    known ? measure_json(by, (__int128)b - (__int128)a) : json_null());
	json_object_set_new(object, "percent", !known || !a ? json_null() :
			    json_rounded((a <= b ? 100.0 : -100.0) * twice / a));
}

static bool has_p(const struct chance *chance)
{
	return chance->sureness == SURE_TESTED || chance->sureness == SURE_SAME;
}

void compare_p_json(json_t *object, const struct chance *chance)
{
	bool tested = has_p(chance);

	json_object_set_new(object, "p", tested ? json_rounded(chance->p) : json_null());
	json_object_set_new(object, "p_holm", tested ? json_rounded(chance->holm) : json_null());
	json_object_set_new(object, "significant", chance->sureness == SURE_UNTOLD ?
			    json_null() : json_boolean(chance->significant));
}

/* If the side lacks the phase: null, and no values. */
static json_t *median_json(enum measure by, const struct figure *figure)
{
	return figure->exists && !figure->unknown ? measure_json(by, figure->twice) : json_null();
}

static json_t *one_json(enum measure by, const struct figure *figure, size_t i)
{
	return measure_json(by, (__int128)figure->values[i] * 2);
}

static json_t *value_json(enum measure by, const struct figure *figure, size_t i)
{
	return figure->exists && !figure->unknown ? one_json(by, figure, i) : json_null();
}

static json_t *values_json(enum measure by, const struct figure *figure)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; figure->exists && !figure->unknown && i < figure->nr; i++)
		json_array_append_new(array, one_json(by, figure, i));
	return array;
}

static json_t *shift_json(enum measure by, const struct shift *shift)
{
	return json_pack("{s:o, s:o, s:o, s:o}",
			 "estimate", measure_json(by, shift->twice),
			 "low", measure_json(by, shift->low * 2),
			 "high", measure_json(by, shift->high * 2),
			 "confidence", json_rounded(shift->confidence));
}

/* Add whether a difference may be chance: null if nothing can tell, or if all is exact. */
static void add_chance(json_t *object, enum measure by, struct chance chance)
{
	compare_p_json(object, &chance);
	json_object_set_new(object, "exact", json_boolean(chance.sureness == SURE_EXACT));
	json_object_set_new(object, "shift", has_p(&chance) ? shift_json(by, &chance.shift) : json_null());
}

static json_t *figure_json(const struct comparison *comparison,
			   const struct side *side, const struct figure *figure,
			   const struct figure *base)
{
	const struct side *a = comparison->sides.items;
	enum measure by = comparison->options->by;
	json_t *object;

	object = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "side", side->name,
			   "median", median_json(by, figure),
			   "mad", figure->exists && !figure->unknown && figure->nr > 1 ?
			   measure_json(by, stats_twice_mad(figure->values, figure->nr)) : json_null(),
			   "min", value_json(by, figure, 0),
			   "max", value_json(by, figure, figure->nr - 1),
			   "sorted", values_json(by, figure));
	if (side == a)
		return object;
	compare_difference(object, by, !base->unknown && !figure->unknown, base->twice, figure->twice);
	add_chance(object, by, compare_chance(a, base, side, figure));
	return object;
}

/* "a", "b" and their difference belong to the first two sides.  "sides" has all sides. */
static json_t *which_json(const struct comparison *comparison,
			  const struct which *which, const char *name)
{
	const struct side *side = comparison->sides.items;
	enum measure by = comparison->options->by;
	struct figure a = compare_figure(comparison, which, side), figure;
	json_t *object = json_object(), *array = json_array();

	json_object_set_new(object, "name", json_text(name));
	json_object_set_new(object, "a", median_json(by, &a));
	json_array_append_new(array, figure_json(comparison, side, &a, &a));
	for (side++; side < (struct side *)comparison->sides.items + comparison->sides.nr; side++) {
		figure = compare_figure(comparison, which, side);
		if (!json_object_get(object, "b")) {
			json_object_set_new(object, "b", median_json(by, &figure));
			compare_difference(object, by, !a.unknown && !figure.unknown, a.twice, figure.twice);
		}
		json_array_append_new(array, figure_json(comparison, side, &figure, &a));
		figure_free(&figure);
	}
	json_object_set_new(object, "sides", array);
	figure_free(&a);
	return object;
}

/* Returns null if a reason does not have the same slot in all boots. */
static json_t *slot_json(const struct comparison *comparison,
			 const struct match *match)
{
	size_t i;

	for (i = 1; i < comparison->boots.nr; i++)
		if (match->slot[i] != match->slot[0])
			return json_null();
	return json_integer(match->slot[0]);
}

static json_t *pair_json(const struct comparison *comparison,
			 const struct pair *pair)
{
	struct which which = { .by = comparison->options->by, .pair = pair };
	json_t *object = which_json(comparison, &which, pair->label);
	json_t *array = json_array(), *reason;
	const struct match *match;

	for_each(match, &comparison->matches) {
		which.match = match;
		if (!compare_varies(comparison, &which))
			continue;
		reason = which_json(comparison, &which, compare_label(comparison, match));
		json_object_set_new(reason, "slot", slot_json(comparison, match));
		json_array_append_new(array, reason);
	}
	json_object_set_new(object, "reasons_differing", array);
	return object;
}

static json_t *side_json(const struct comparison *comparison,
			 const struct side *side)
{
	const struct boot *boots = comparison->boots.items;
	json_t *files = json_array();
	size_t i;

	for (i = 0; i < side->nr; i++)
		json_array_append_new(files, json_text(boots[side->first + i].path));
	return json_pack("{s:s, s:o, s:b, s:o}", "side", side->name,
			 "argument", json_text(side->argument),
			 "exact", side->exact, "files", files);
}

json_t *compare_json(const struct comparison *comparison)
{
	const struct compare_options *options = comparison->options;
	const struct pair *pairs = comparison->pairs.items;
	const struct side *sides = comparison->sides.items, *side;
	json_t *phases = json_array(), *array = json_array();
	size_t total = comparison->pairs.nr - 1, i;
	char text[VIEW_TEXT];

	for (i = 0; i < total; i++)
		json_array_append_new(phases, pair_json(comparison, &pairs[i]));
	for_each(side, &comparison->sides)
		json_array_append_new(array, side_json(comparison, side));
	return json_pack("{s:o, s:o, s:o, s:s, s:s, s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:O}",
			 "a", json_text(sides[0].argument),
			 "b", json_text(sides[1].argument),
			 "vcpu", options->view.whose == VIEW_ONE ?
			 json_u64(options->view.vcpu) : json_null(),
			 "view", view_key(text, &options->view),
			 "by", measure_names[options->by],
			 "unit", compare_unit(comparison, options->by),
			 "by_name", comparison->by_name,
			 "equal", comparison->equal,
			 "phases", phases,
			 "total", pair_json(comparison, &pairs[total]),
			 "gates", compare_gates_json(comparison),
			 "sides", array,
			 "differs", compare_origin_json(comparison),
			 "copies", comparison->copies);
}
