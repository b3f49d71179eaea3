// SPDX-License-Identifier: GPL-2.0-only
/* Advice as JSON, for `bootexits advise --json'.  docs/json.md has its keys. */
#include "lib/json.h"
#include "tools/advise/advise.h"

static json_t *cells_json(const struct advise *advise, const struct advice *advice)
{
	json_t *array = json_array(), *object;
	struct exits_cell **each;
	char text[SYMBOLS_TEXT];
	const char *name;

	for_each(each, &advice->cells) {
		const struct exits_cell *cell = *each;

		object = json_pack("{s:o, s:o, s:o}", "phase", json_text(cell->row->label),
				   "reason", json_text(advise->phases.reasons[cell->slot]->name),
				   "exits", json_u64(cell->exits));
		name = site_name(cell->kind, cell->code);
		if (cell->kind)
			json_object_set_new(object, "code", json_u64(cell->code));
		if (name)
			json_object_set_new(object, "name", json_string(name));
		name = cell->site ? symbols_site(&advise->symbols, cell->row->mark, cell->site, text) : NULL;
		if (name)
			json_object_set_new(object, "symbol", json_string(name));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *share_json(__u64 number, __u64 of)
{
	return of ? json_rounded(100.0 * number / of) : json_null();
}

static json_t *advice_json(const struct advise *advise, const struct advice *advice)
{
	const struct rule *rule = advice->rule;

	return json_pack("{s:s, s:s, s:o, s:b, s:o, s:o, s:b, s:o, s:o, s:s, s:s, s:s, s:s}",
			 "rule", rule->id, "title", rule->title,
			 "exits", json_u64(advice->exits), "estimate", advice->estimate,
			 "share", share_json(advice->exits, advise->exits),
			 "total", json_u64(advice->cost),
			 "total_estimate", advice->cost_estimate,
			 "matched", json_u64(advice->matched), "of", cells_json(advise, advice),
			 "setting", rule->setting, "takes_away", rule->takes_away,
			 "try", rule->attempt, "source", rule->source);
}

static json_t *gates_json(const struct list *gates)
{
	const struct advise_gate *each;
	json_t *array = json_array();

	for_each(each, gates)
		json_array_append_new(array, json_pack("{s:o, s:s, s:o, s:b}",
			"gate", json_text(each->gate.text), "rule", each->gate.name,
			"exits", json_u64(each->exits), "breached", each->breached));
	return array;
}

json_t *advise_json(const struct advise *advise, const struct list *gates)
{
	json_t *all = json_array(), *applied = json_array();
	const struct advice *advice;
	const struct rule **rule;

	for_each(advice, &advise->advice)
		json_array_append_new(all, advice_json(advise, advice));
	for_each(rule, &advise->applied)
		json_array_append_new(applied, json_string((*rule)->id));
	return json_pack("{s:o, s:s, s:b, s:b, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:I, s:o}",
			 "file", json_text(advise->path), "unit", advise->unit,
			 "sites", !!advise->sites.nr, "unknown", advise->unknown,
			 "exits", json_u64(advise->exits), "total", json_u64(advise->cost),
			 "avoidable", json_u64(advise->avoidable),
			 "estimate", advise->estimate,
			 "share", share_json(advise->avoidable, advise->exits),
			 "advice", all, "applied", applied,
			 "unseen", (json_int_t)advise->unseen, "gates", gates_json(gates));
}
