// SPDX-License-Identifier: GPL-2.0-only
/* What a gate's name stands for in two logs, and whether the gate holds. */
#include <error.h>
#include <string.h>

#include "compare.h"

static const struct pair *total_pair(const struct comparison *comparison)
{
	const struct pair *pairs = comparison->pairs.items;

	return &pairs[comparison->pairs.nr - 1];
}

/* The phase whose label is the first @len bytes of @name, or NULL; the total first. */
static const struct pair *find_pair(const struct comparison *comparison,
				    const char *name, size_t len)
{
	const struct pair *pair = total_pair(comparison);

	if (strlen(pair->label) == len && !memcmp(name, pair->label, len))
		return pair;
	for_each(pair, &comparison->pairs)
		if (strlen(pair->label) == len && !memcmp(name, pair->label, len))
			return pair;
	return NULL;
}

static bool has_name(const struct comparison *comparison,
		     const struct match *match, const char *name)
{
	const char *own;
	int side;

	for (side = 0; side < 2; side++) {
		own = compare_name(comparison, match, side);
		if (own && !strcmp(own, name))
			return true;
	}
	return false;
}

/* Set what @name says of a phase's exits; false: neither log has such a reason. */
static bool find_reason(const struct comparison *comparison, const char *name,
			struct held *held)
{
	const struct match *match;
	bool found = false;
	int side;

	if (!strcmp(name, "all")) {
		held->reason = NULL;
		return true;
	}
	held->reason = name;
	for_each(match, &comparison->matches) {
		if (!has_name(comparison, match, name))
			continue;
		found = true;
		for (side = 0; side < 2; side++)
			held->exits[side] += compare_count(held->pair, match, side);
	}
	return found;
}

/* A phase, a reason, or a phase and a reason: the first of them that there is. */
static bool find(const struct comparison *comparison, struct held *held)
{
	const char *name = held->gate->name, *dot;

	held->pair = find_pair(comparison, name, strlen(name));
	if (held->pair)
		return find_reason(comparison, "all", held);
	held->pair = total_pair(comparison);
	if (find_reason(comparison, name, held))
		return true;
	for (dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.')) {
		held->pair = find_pair(comparison, name, dot - name);
		if (held->pair && find_reason(comparison, dot + 1, held))
			return true;
	}
	return false;
}

static const char *last_phase(const struct comparison *comparison, int side)
{
	const struct phases *phases = &comparison->sides[side].phases;

	return phases->rows[phases->nr - 1].label;
}

/* What isn't the same part of both boots can't be compared: fewer exits of it say nothing. */
static bool unlike(const struct comparison *comparison, const struct pair *pair)
{
	if (pair == total_pair(comparison))
		return strcmp(last_phase(comparison, 0), last_phase(comparison, 1));
	return !pair->phase[0] || !pair->phase[1];
}

enum status compare_gates(struct comparison *comparison)
{
	enum status status = STATUS_OK;
	const struct gate *gate;
	int side;

	for_each(gate, &comparison->options->gates) {
		struct held held = { .gate = gate };

		if (!find(comparison, &held)) {
			error(0, 0, "--fail-on '%s': neither log has a phase or a reason %s",
			      gate->text, gate->name);
			status = STATUS_USAGE;
			continue;
		}
		for (side = 0; side < 2 && !held.reason; side++)
			held.exits[side] = compare_exits(held.pair, side);
		held.unlike = unlike(comparison, held.pair);
		held.breached = held.unlike ||
				gate_breached(gate, held.exits[0], held.exits[1]);
		if (held.breached)
			status = status_worse(status, STATUS_FAIL);
		list_append(&comparison->gates, &held, sizeof(held));
	}
	return status;
}

static void print_breach(const struct comparison *comparison,
			 const struct held *held)
{
	__u64 a = held->exits[0], b = held->exits[1];
	char by[GROUPED], percent[GROUPED], bound[GROUPED + 8];

	printf("breach: %s", held->gate->name);
	if (!held->unlike)
		printf(" %s (%s) %s\n", grouped_difference(by, a, b),
		       a ? grouped_percent(percent, a, b) : "from 0",
		       gate_bound(bound, held->gate));
	else if (held->pair == total_pair(comparison))
		printf(": A ends with %s, B with %s\n", last_phase(comparison, 0),
		       last_phase(comparison, 1));
	else
		printf(": only %c has that phase\n", held->pair->phase[0] ? 'A' : 'B');
}

void compare_gates_text(const struct comparison *comparison)
{
	size_t nr = comparison->gates.nr, breaches = 0;
	const struct held *held;

	if (!nr)
		return;
	putchar('\n');
	for_each(held, &comparison->gates) {
		if (!held->breached)
			continue;
		breaches++;
		print_breach(comparison, held);
	}
	if (!breaches)
		printf("%zu gate%s\n", nr, nr == 1 ? " holds" : "s hold");
}

json_t *compare_gates_json(const struct comparison *comparison)
{
	json_t *array = json_array(), *object;
	const struct held *held;

	for_each(held, &comparison->gates) {
		object = json_pack("{s:o, s:s, s:s?, s:I, s:s, s:b, s:b}",
				   "gate", json_string_nocheck(held->gate->text),
				   "phase", held->pair->label,
				   "reason", held->reason,
				   "limit", (json_int_t)held->gate->limit,
				   "unit", held->gate->percent ? "percent" : "exits",
				   "comparable", !held->unlike,
				   "breached", held->breached);
		compare_difference(object, held->exits[0], held->exits[1]);
		json_object_set(object, "value", json_object_get(object,
				held->gate->percent ? "percent" : "difference"));
		json_array_append_new(array, object);
	}
	return array;
}
