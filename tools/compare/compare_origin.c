// SPDX-License-Identifier: GPL-2.0-only
/* Whether the boots of a comparison were made alike, so that differences can be exact. */
#include <string.h>

#include "tools/compare/compare.h"
#include "tools/compare/compare_parts.h"

/* Keep @what, and take it over, unless it is empty. */
static bool keep(struct comparison *comparison, const struct side *side, bool within,
		 const struct part *part, json_t *what)
{
	const struct difference difference = { side, within, part, what };

	if (!json_array_size(what)) {
		json_decref(what);
		return false;
	}
	list_append(&comparison->differences, &difference, sizeof(difference));
	return true;
}

/*
 * Whether a boot was made like another one.  Between two sides, one part that may be
 * under test is allowed to differ.
 */
static bool made_alike(struct comparison *comparison, const struct side *side, bool within,
		       const struct boot *base, const struct boot *boot)
{
	size_t tested = 0, other = 0, i;
	const struct part *part;

	for (i = 0; i < NR_PARTS; i++) {
		part = &compare_parts[i];
		if (keep(comparison, side, within, part, alike_part(i, &base->log, &boot->log)))
			*(part->tested ? &tested : &other) += 1;
	}
	return !other && tested <= !within;
}

/* Report only the first boot that isn't made like the side's first one. */
static bool alike_within(struct comparison *comparison, const struct side *side)
{
	const struct boot *boots = comparison->boots.items;
	size_t i;

	for (i = 1; i < side->nr; i++)
		if (!made_alike(comparison, side, true, &boots[side->first],
				&boots[side->first + i]))
			return false;
	return true;
}

void compare_origin(struct comparison *comparison)
{
	struct side *a = comparison->sides.items, *side;
	const struct boot *boots = comparison->boots.items;
	bool any = false;

	for_each(side, &comparison->sides)
		side->exact &= alike_within(comparison, side);
	for_each(side, &comparison->sides) {
		if (side == a)
			continue;
		side->exact &= made_alike(comparison, side, false, &boots[a->first],
					  &boots[side->first]);
		any |= side->exact;
	}
	a->exact &= any;
}

/* Say where differences of the counts can come from, by the parts that differ. */
static void print_blame(const struct comparison *comparison, const struct side *side)
{
	const struct difference *difference;
	size_t tested = 0, other = 0;

	for_each(difference, &comparison->differences) {
		if (difference->side != side && difference->side != comparison->sides.items)
			continue;
		if (difference->part->tested && !difference->within)
			tested++;
		else
			other++;
	}
	if (!other && tested < 2)
		return;
	if (comparison->sides.nr > 2)
		printf("%s: ", side->name);
	puts(other ? "a difference below may come from that, not from what you test" :
	     "a difference below may come from either");
}

void compare_origin_text(const struct comparison *comparison)
{
	const struct side *a = comparison->sides.items, *side;
	const struct difference *difference;

	for_each(side, &comparison->sides) {
		for_each(difference, &comparison->differences) {
			if (difference->side != side)
				continue;
			if (difference->within)
				printf("within %s: ", side->name);
			else if (comparison->sides.nr > 2)
				printf("%s: ", side->name);
			printf("%s differs: ", difference->part->name);
			alike_print_list(difference->what);
		}
		if (side != a)
			print_blame(comparison, side);
	}
}

json_t *compare_origin_json(const struct comparison *comparison)
{
	const struct difference *difference;
	json_t *array = json_array();

	for_each(difference, &comparison->differences)
		json_array_append_new(array, json_pack("{s:s, s:s, s:b, s:b, s:O}",
			"side", difference->side->name, "part", difference->part->key,
			"within", difference->within, "under_test", difference->part->tested,
			"what", difference->what));
	return array;
}
