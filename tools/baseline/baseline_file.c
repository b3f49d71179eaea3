// SPDX-License-Identifier: GPL-2.0-only
/* The file of a baseline. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/output.h"
#include "lib/text.h"
#include "tools/baseline/baseline.h"

static bool is_count(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0;
}

/* Returns what is wrong with a phase or the total, or NULL.  Medians of several boots need not add up. */
static const char *wrong_phase(const json_t *phase, bool sums)
{
	json_t *reasons = json_object_get(phase, "reasons"), *count;
	json_int_t sum = 0;
	const char *name;

	if (!is_count(json_object_get(phase, "exits")) || !json_is_object(reasons))
		return "a phase needs exits and reasons";
	json_object_foreach(reasons, name, count) {
		if (!is_count(count) || __builtin_add_overflow(sum, json_integer_value(count), &sum))
			return "the exits of a reason must be a number";
	}
	return sums && sum != json_integer_value(json_object_get(phase, "exits")) ?
	       "the reasons of a phase do not add up to its exits" : NULL;
}

static const char *wrong(const json_t *root)
{
	const json_t *phases = json_object_get(root, "phases"), *phase;
	bool one = json_integer_value(json_object_get(root, "boots")) == 1;
	const char *text;
	size_t i;

	if (json_integer_value(json_object_get(root, "bootexits_baseline")) != BASELINE_FORMAT)
		return "not a baseline, or of another version of bootexits";
	if (!json_is_array(json_object_get(root, "gates")))
		return "it needs gates, which may be an empty array";
	if (!json_is_object(json_object_get(root, "made")) || !json_array_size(phases))
		return "it needs made and phases";
	json_array_foreach(phases, i, phase) {
		if (!json_is_string(json_object_get(phase, "name")))
			return "a phase needs a name";
		text = wrong_phase(phase, one);
		if (text)
			return text;
	}
	return wrong_phase(json_object_get(root, "total"), one);
}

json_t *baseline_read(const char *path)
{
	json_error_t failed;
	const char *text;
	json_t *root;
	FILE *file;

	file = fopen(path, "re");
	if (!file) {
		error(0, errno, "%s", text_shown(path));
		return NULL;
	}
	root = json_loadf(file, JSON_REJECT_DUPLICATES, &failed);
	fclose(file);
	if (!root) {
		error(0, 0, "%s:%d: not a baseline: %s", text_shown(path), failed.line,
		      text_shown(failed.text));
		return NULL;
	}
	text = wrong(root);
	if (!text)
		return root;
	error(0, 0, "%s: %s", text_shown(path), text);
	json_decref(root);
	return NULL;
}

enum status baseline_write(const char *path, const json_t *root)
{
	char *text = json_dumps(root, JSON_INDENT(2) | JSON_ENSURE_ASCII), *line = NULL;
	int len = text ? asprintf(&line, "%s\n", text) : -1;

	free(text);
	if (len < 0)
		error(STATUS_UNREADABLE, errno, "memory");
	return save(path, line, len);
}

const char *baseline_gate(const char *text, struct gate *gate)
{
	const char *why = gate_parse(text, gate);

	return why || !gate->significant ? why :
	       "a baseline is no boot, so it can't tell chance: leave out `and significant'";
}

enum status baseline_gates(const char *path, const json_t *root, struct list *gates)
{
	const json_t *array = json_object_get(root, "gates"), *text;
	const struct gate *other;
	struct list more = *gates;
	enum status status = STATUS_OK;
	struct gate gate;
	const char *why;
	size_t i;

	*gates = (struct list){ NULL, 0 };
	json_array_foreach(array, i, text) {
		why = json_is_string(text) ? baseline_gate(json_string_value(text), &gate) :
		      "it is no text";
		if (why) {
			error(0, 0, "%s: not a gate: %s: %s", text_shown(path),
			      text_shown(json_is_string(text) ? json_string_value(text) : "?"), why);
			status = STATUS_USAGE;
			break;
		}
		list_append(gates, &gate, sizeof(gate));
	}
	for_each(other, &more)
		list_append(gates, other, sizeof(*other));
	free(more.items);
	return status;
}
