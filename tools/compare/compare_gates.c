// SPDX-License-Identifier: GPL-2.0-only
/* Finds what the name of a gate means in the boots, and whether the gate holds. */
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "tools/compare/compare.h"
#include "tools/compare/stats.h"
#include "lib/text.h"

static const struct pair *total_pair(const struct comparison *comparison)
{
	const struct pair *pairs = comparison->pairs.items;

	return &pairs[comparison->pairs.nr - 1];
}

/* Returns the phase, first the total, whose label is the first @len bytes of @name, or NULL. */
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

static bool has_reason(const struct comparison *comparison, const char *name)
{
	const struct match *match;

	for_each(match, &comparison->matches)
		if (compare_called(comparison, match, name))
			return true;
	return false;
}

/* Select the reason with this name.  Returns false if no boot has it. */
static bool find_reason(const struct comparison *comparison, const char *name,
			struct which *which)
{
	which->reason = strcmp(name, "all") ? name : NULL;
	return !which->reason || has_reason(comparison, name);
}

/* The name is a phase, a reason, or PHASE.REASON.  The first of these that exists is taken. */
static bool find_exits(const struct comparison *comparison, const char *name,
		       struct which *which)
{
	const char *dot;

	which->pair = find_pair(comparison, name, strlen(name));
	if (which->pair)
		return find_reason(comparison, "all", which);
	which->pair = total_pair(comparison);
	if (find_reason(comparison, name, which))
		return true;
	for (dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.')) {
		which->pair = find_pair(comparison, name, dot - name);
		if (which->pair && find_reason(comparison, dot + 1, which))
			return true;
	}
	return false;
}

/* The same, or one of these with a dot and a measure after it, or only a measure, of the total. */
static bool find(const struct comparison *comparison, const char *name,
		 struct which *which)
{
	const char *dot = strrchr(name, '.');
	int by = measure_find(dot ? dot + 1 : name);
	char rest[GATE_NAME];

	if (find_exits(comparison, name, which))
		return true;
	if (by < 0)
		return false;
	which->by = by;
	snprintf(rest, sizeof(rest), "%.*s", dot ? (int)(dot - name) : 5, dot ? name : "total");
	return find_exits(comparison, rest, which) && !(by == BY_MS && which->reason);
}

static const char *last_phase(const struct comparison *comparison, size_t boot)
{
	const struct boot *boots = comparison->boots.items;
	const struct phases *phases = &boots[boot].phases;

	return phases->rows[phases->nr - 1].label;
}

/* Returns the first boot of a side that ends with another phase than A's first boot, or -1. */
static ssize_t ends_otherwise(const struct comparison *comparison,
			      const struct side *side)
{
	size_t i;

	for (i = side->first; i < side->first + side->nr; i++)
		if (strcmp(last_phase(comparison, 0), last_phase(comparison, i)))
			return i;
	return -1;
}

static size_t count_phase(const struct pair *pair, const struct side *side)
{
	size_t nr = 0, i;

	for (i = 0; i < side->nr; i++)
		nr += !!pair->phase[side->first + i];
	return nr;
}

/* Exits of different parts of the boots can't be compared: fewer exits would mean nothing. */
static bool unlike(const struct comparison *comparison, const struct pair *pair,
		   const struct side *side)
{
	const struct side *a = comparison->sides.items;
	size_t with = count_phase(pair, a) + count_phase(pair, side);

	if (pair == total_pair(comparison))
		return ends_otherwise(comparison, a) >= 0 ||
		       ends_otherwise(comparison, side) >= 0;
	return with && with < a->nr + side->nr;
}

static void hold(struct comparison *comparison, const struct gate *gate,
		 const struct which *which, const struct side *side)
{
	const struct side *base = comparison->sides.items;
	struct figure a = compare_figure(comparison, which, base);
	struct figure b = compare_figure(comparison, which, side);
	struct held held = {
		.gate = gate,
		.side = side,
		.which = *which,
		.a = a.twice,
		.b = b.twice,
		.chance = gate->significant ? compare_chance(base, &a, side, &b) :
			  (struct chance){ .sureness = SURE_UNTOLD },
		.unlike = unlike(comparison, which->pair, side),
		.unknown = a.unknown || b.unknown,
	};

	figure_free(&a);
	figure_free(&b);
	list_append(&comparison->gates, &held, sizeof(held));
}

/* Here Holm's correction is over the gates that ask for it, not over the table's rows. */
static void correct(struct comparison *comparison, const struct side *side)
{
	struct list family = { NULL, 0 };
	struct held *held;

	for_each(held, &comparison->gates)
		if (held->side == side && held->chance.sureness == SURE_TESTED)
			list_append(&family, &held->chance.p, sizeof(held->chance.p));
	stats_sort_p(family.items, family.nr);
	for_each(held, &comparison->gates)
		if (held->side == side)
			chance_correct(&held->chance, &family);
	free(family.items);
}

/* A gate that could never be breached is an error of the user, whatever the boots count. */
static bool can_tell(const struct comparison *comparison, const struct held *held,
		     size_t gates)
{
	const struct side *a = comparison->sides.items, *side = held->side;
	double least = stats_least_p(a->nr, side->nr);

	if (held->unlike || held->unknown || held->chance.sureness == SURE_EXACT ||
	    (side->tested && least * gates < STATS_ALPHA))
		return true;
	if (a->nr + side->nr > 2 && !side->tested)
		error(0, 0, "--fail-on '%s': copies of a boot can't tell what is chance: leave them out",
		      text_shown(held->gate->text));
	else
		error(0, 0, "--fail-on '%s': A and %s have too few boots to tell what is chance: you need %zu on each side",
		      text_shown(held->gate->text), side->name, stats_enough(gates));
	return false;
}

static enum status judge(struct comparison *comparison)
{
	enum status status = STATUS_OK;
	const struct gate *gate;
	struct side *side;
	struct held *held;
	size_t gates = 0;

	for_each(gate, &comparison->options->gates)
		gates += gate->significant;
	for_each(side, &comparison->sides)
		correct(comparison, side);
	for_each(held, &comparison->gates) {
		if (held->gate->significant && !can_tell(comparison, held, gates))
			status = STATUS_UNREADABLE;
		held->breached = held->unlike || held->unknown ||
				 gate_breached(held->gate, measure_one(held->which.by), held->a, held->b);
		held->overruled = held->breached && !held->unlike && !held->unknown &&
				  held->gate->significant && !held->chance.significant;
		held->breached &= !held->overruled;
		if (held->breached)
			status = status_worse(status, STATUS_FAIL);
	}
	return status;
}

enum status compare_gates(struct comparison *comparison)
{
	const struct side *sides = comparison->sides.items;
	enum status status = STATUS_OK;
	const struct gate *gate;
	size_t i;

	for_each(gate, &comparison->options->gates) {
		struct which which = { .pair = NULL };

		if (!find(comparison, gate->name, &which)) {
			error(0, 0, "--fail-on '%s': no boot has a phase or a reason %s: use a name of the table, or PHASE.REASON",
			      text_shown(gate->text), text_shown(gate->name));
			status = STATUS_USAGE;
			continue;
		}
		if (gate->fraction && which.by != BY_MS) {
			error(0, 0, "--fail-on '%s': this names a reason, and exits have no decimals",
			      text_shown(gate->text));
			status = STATUS_USAGE;
			continue;
		}
		if (comparison->baseline && which.by != BY_EXITS) {
			error(0, 0, "--fail-on '%s': a baseline has exits only, no time",
			      text_shown(gate->text));
			status = STATUS_USAGE;
			continue;
		}
		for (i = 1; i < comparison->sides.nr; i++)
			hold(comparison, gate, &which, &sides[i]);
	}
	return status ? status : judge(comparison);
}

static void print_unlike(const struct comparison *comparison,
			 const struct held *held)
{
	const struct side *a = comparison->sides.items, *side = held->side;
	size_t in_a = count_phase(held->which.pair, a);
	size_t in_side = count_phase(held->which.pair, side);
	ssize_t other = ends_otherwise(comparison, a);

	if (held->which.pair != total_pair(comparison)) {
		if (in_a == a->nr && !in_side)
			printf(": only A has that phase\n");
		else if (!in_a && in_side == side->nr)
			printf(": only %s has that phase\n", side->name);
		else
			printf(": not all boots have that phase\n");
		return;
	}
	if (other >= 0) {
		printf(": A ends with %s, and with %s\n", last_phase(comparison, 0),
		       last_phase(comparison, other));
		return;
	}
	other = ends_otherwise(comparison, side);
	printf(": A ends with %s, %s with %s\n", last_phase(comparison, 0),
	       side->name, last_phase(comparison, other));
}

void compare_held_text(const struct comparison *comparison, const struct held *held)
{
	char by[GROUPED], percent[GROUPED], bound[GROUPED + 8];

	fputs(held->breached ? "breach: " : "not significant: ", stdout);
	if (comparison->sides.nr > 2)
		printf("%s: ", held->side->name);
	printf("%s", held->gate->name);
	if (held->unlike) {
		print_unlike(comparison, held);
		return;
	}
	if (held->unknown) {
		puts(" is not known for all boots: records are missing");
		return;
	}
	printf(" %s (%s) %s", measure_difference(by, held->which.by, held->a, held->b),
	       held->a ? grouped_percent(percent, held->a, held->b) : "from 0",
	       gate_bound(bound, held->gate));
	if (held->chance.sureness == SURE_EXACT)
		fputs(", exact", stdout);
	else if (held->gate->significant)
		printf(", Holm's p %.2g", held->chance.holm);
	putchar('\n');
}

void compare_gates_text(const struct comparison *comparison)
{
	size_t nr = comparison->options->gates.nr, breaches = 0;
	const struct held *held;

	if (!nr)
		return;
	putchar('\n');
	for_each(held, &comparison->gates) {
		breaches += held->breached;
		if (held->breached || held->overruled)
			compare_held_text(comparison, held);
	}
	if (!breaches)
		printf("%zu gate%s\n", nr, nr == 1 ? " holds" : "s hold");
}

static json_t *limit_json(const struct gate *gate)
{
	if (gate->limit % 1000)
		return json_real(gate->limit / 1000.0);
	return json_integer(gate->limit / 1000);
}

json_t *compare_gates_json(const struct comparison *comparison)
{
	json_t *array = json_array(), *object;
	const struct held *held;

	for_each(held, &comparison->gates) {
		object = json_pack("{s:o, s:s, s:s?, s:s, s:o, s:s, s:b, s:b}",
				   "gate", json_text(held->gate->text),
				   "phase", held->which.pair->label,
				   "reason", held->which.reason,
				   "by", measure_names[held->which.by],
				   "limit", limit_json(held->gate),
				   "unit", held->gate->percent ? "percent" :
				   compare_unit(comparison, held->which.by),
				   "comparable", !held->unlike && !held->unknown,
				   "breached", held->breached);
		compare_difference(object, held->which.by, !held->unknown, held->a, held->b);
		json_object_set_new(object, "and_significant",
				    json_boolean(held->gate->significant));
		compare_p_json(object, &held->chance);
		json_object_set(object, "value", json_object_get(object,
				held->gate->percent ? "percent" : "difference"));
		json_object_set_new(object, "side", json_string(held->side->name));
		json_array_append_new(array, object);
	}
	return array;
}
