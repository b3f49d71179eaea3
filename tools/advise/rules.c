// SPDX-License-Identifier: GPL-2.0-only
/* The set of rules: where they come from, and which one of an id is taken. */
#include <errno.h>
#include <error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "tools/advise/rule.h"
#include "tools/advise/rules.h"

extern const char _binary_advise_rules_json_start[], _binary_advise_rules_json_end[];

static size_t own_size(void)
{
	return _binary_advise_rules_json_end - _binary_advise_rules_json_start;
}

struct rule *rules_find(const struct rules *rules, const char *id)
{
	struct rule *rule;

	for_each(rule, &rules->rules)
		if (!strcmp(rule->id, id))
			return rule;
	return NULL;
}

/* Add a rule, or put it in the place of the one that it replaces. */
static const char *add(struct rules *rules, const struct rule *rule, size_t before)
{
	struct rule *old = rules_find(rules, rule->id);

	if (!old) {
		list_append(&rules->rules, rule, sizeof(*rule));
		return NULL;
	}
	if ((size_t)(old - (struct rule *)rules->rules.items) >= before)
		return "another rule of this file has this id";
	rule_free(old);
	*old = *rule;
	return NULL;
}

/* Returns false after a message. */
static bool add_array(struct rules *rules, const char *name, const json_t *array)
{
	size_t before = rules->rules.nr, i;
	char wrong[RULE_WRONG];
	const char *id, *twice;
	const json_t *each;
	struct rule rule;

	json_array_foreach(array, i, each) {
		id = json_string_value(json_object_get(each, "id"));
		if (rule_read(&rule, each, wrong)) {
			twice = add(rules, &rule, before);
			if (!twice)
				continue;
			snprintf(wrong, sizeof(wrong), "%s", twice);
		}
		rule_free(&rule);
		if (id)
			error(0, 0, "%s: rule %s: %s", text_shown(name), text_shown(id), wrong);
		else
			error(0, 0, "%s: rule number %zu: %s", text_shown(name), i + 1, wrong);
		return false;
	}
	return true;
}

static const char *wrong_head(const json_t *root)
{
	const char *key;
	json_t *value;

	if (!json_is_object(root))
		return "it isn't an object";
	json_object_foreach((json_t *)root, key, value)
		if (strcmp(key, "advise") && strcmp(key, "rules"))
			return "it has a key that isn't advise or rules";
	if (json_integer_value(json_object_get(root, "advise")) != RULES_FORMAT)
		return "the value of advise isn't 1, the format's version";
	if (!json_is_array(json_object_get(root, "rules")))
		return "the value of rules isn't an array";
	return NULL;
}

bool rules_add(struct rules *rules, const char *name, const char *text, size_t size)
{
	json_error_t wrong;
	json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &wrong);
	const char *head;

	if (!root) {
		error(0, 0, "%s:%d: %s", text_shown(name), wrong.line, text_shown(wrong.text));
		return false;
	}
	list_append(&rules->files, &root, sizeof(root));
	head = wrong_head(root);
	if (head)
		error(0, 0, "%s: %s", text_shown(name), head);
	return !head && add_array(rules, name, json_object_get(root, "rules"));
}

bool rules_load(struct rules *rules, const char *path)
{
	bool input = !strcmp(path, "-"), ok = false;
	FILE *file = input ? stdin : fopen(path, "r");
	char *text = malloc(RULES_MAX + 1);
	size_t size = 0;

	if (file && text)
		size = fread(text, 1, RULES_MAX + 1, file);
	if (!file || !text || ferror(file))
		error(0, errno, "%s", text_shown(path));
	else if (size > RULES_MAX)
		error(0, 0, "%s: it has more than 1 MiB", text_shown(path));
	else
		ok = rules_add(rules, path, text, size);
	if (file && !input)
		fclose(file);
	free(text);
	return ok;
}

bool rules_own(struct rules *rules)
{
	return rules_add(rules, "rules.json", _binary_advise_rules_json_start, own_size());
}

void rules_print(void)
{
	fwrite(_binary_advise_rules_json_start, 1, own_size(), stdout);
}

void rules_free(struct rules *rules)
{
	struct rule *rule;
	json_t **file;

	for_each(rule, &rules->rules)
		rule_free(rule);
	for_each(file, &rules->files)
		json_decref(*file);
	free(rules->rules.items);
	free(rules->files.items);
}
