// SPDX-License-Identifier: GPL-2.0-only
/* Reads one rule, and says what is wrong with it. */
#include <errno.h>
#include <error.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/status.h"
#include "lib/text.h"
#include "tools/advise/rule.h"

#define MAX_TEXT	500	/* bytes of a text */
#define MAX_TITLE	75	/* bytes; a table's cell has room for it */
#define LETTERS		"abcdefghijklmnopqrstuvwxyz0123456789-"

static const struct {
	const char *key;
	enum site_kind kind;
} kinds[] = {
	{ "port", SITE_PORT }, { "msr", SITE_MSR }, { "leaf", SITE_LEAF },
	{ "call", SITE_CALL }, { "address", SITE_ADDRESS },
};
#define KINDS	(sizeof(kinds) / sizeof(kinds[0]))

static bool refuse(char wrong[RULE_WRONG], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Always returns false. */
static bool refuse(char wrong[RULE_WRONG], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(wrong, RULE_WRONG, format, args);
	va_end(args);
	return false;
}

/* @known: the keys that @object may have, with a blank before and after each */
static bool keys_known(const json_t *object, const char *known, char wrong[RULE_WRONG])
{
	const char *key;
	char word[32];
	json_t *value;

	json_object_foreach((json_t *)object, key, value) {
		snprintf(word, sizeof(word), " %s ", key);
		if (strchr(key, ' ') || !strstr(known, word))
			return refuse(wrong, "unknown key %.40s; these are known:%s", text_shown(key),
				      known);
	}
	return true;
}

static bool read_text(const json_t *object, const char *key, const char **text,
		      char wrong[RULE_WRONG])
{
	*text = json_string_value(json_object_get(object, key));
	if (!*text || !**text)
		return refuse(wrong, "%s is missing, or is no text", key);
	if (strlen(*text) > MAX_TEXT)
		return refuse(wrong, "%s has more than %d bytes", key, MAX_TEXT);
	return true;
}

/* Read an array of texts.  If the key is not there, @texts is NULL. */
static bool read_texts(const json_t *object, const char *key, const json_t **texts,
		       char wrong[RULE_WRONG])
{
	const json_t *each;
	size_t i;

	*texts = json_object_get(object, key);
	if (!*texts)
		return true;
	if (!json_array_size(*texts))
		return refuse(wrong, "%s must be an array of texts", key);
	json_array_foreach(*texts, i, each)
		if (!json_string_length(each))
			return refuse(wrong, "%s must be an array of texts", key);
	return true;
}

/* "0x3f8" or "0x3f8-0x3ff" */
static bool read_range(struct clause *clause, const char *text)
{
	struct code_range range;
	char *end;

	if (!text || strncmp(text, "0x", 2) || strlen(text) > MAX_TEXT)
		return false;
	errno = 0;
	range.first = strtoull(text, &end, 16);
	range.last = range.first;
	if (*end == '-' && !strncmp(end + 1, "0x", 2))
		range.last = strtoull(end + 1, &end, 16);
	if (*end || errno || range.last < range.first)
		return false;
	list_append(&clause->ranges, &range, sizeof(range));
	return true;
}

static bool read_codes(struct clause *clause, const json_t *object, char wrong[RULE_WRONG])
{
	const json_t *codes, *each;
	size_t kind, i;

	for (kind = 0; kind < KINDS; kind++) {
		if (!json_object_get(object, kinds[kind].key))
			continue;
		if (clause->kind)
			return refuse(wrong, "a match can have only one of port, msr, leaf, call and address");
		clause->kind = kinds[kind].kind;
		if (!read_texts(object, kinds[kind].key, &codes, wrong))
			return false;
		json_array_foreach(codes, i, each)
			if (!read_range(clause, json_string_value(each)))
				return refuse(wrong, "%s must have numbers as \"0x3f8\" or \"0x3f8-0x3ff\", not %.40s",
					      kinds[kind].key, text_shown(json_string_value(each)));
	}
	return true;
}

static bool read_match(struct claim *claim, const json_t *object, char wrong[RULE_WRONG])
{
	const json_t *match = json_object_get(object, "match"), *each;
	struct clause *clause;
	size_t i;

	if (!json_array_size(match))
		return refuse(wrong, "match must be an array of objects");
	json_array_foreach(match, i, each) {
		if (!json_object_size(each))
			return refuse(wrong, "match must be an array of objects");
		if (!keys_known(each, " phase reason port msr leaf call address ", wrong))
			return false;
		clause = list_append(&claim->clauses, &(struct clause){ .kind = SITE_NONE },
				     sizeof(*clause));
		if (!read_texts(each, "phase", &clause->phases, wrong) ||
		    !read_texts(each, "reason", &clause->reasons, wrong) ||
		    !read_codes(clause, each, wrong))
			return false;
	}
	return true;
}

static bool read_number(const json_t *value, __u64 max, __u64 *number)
{
	json_int_t n = json_is_integer(value) ? json_integer_value(value) : -1;

	*number = n;
	return n >= 0 && *number <= max;
}

static bool read_saves(struct claim *claim, const json_t *object, char wrong[RULE_WRONG])
{
	const json_t *saves = json_object_get(object, "saves");
	const json_t *percent = json_object_get(saves, "percent");
	const json_t *above = json_object_get(saves, "above");

	claim->how = percent ? CLAIM_PERCENT : above ? CLAIM_ABOVE : CLAIM_ALL;
	if (json_is_string(saves) && !strcmp(json_string_value(saves), "all"))
		return true;
	if (json_object_size(saves) != 1 || !(percent || above))
		return refuse(wrong, "saves must be \"all\", {\"percent\": N} or {\"above\": N}");
	if (percent && !(read_number(percent, 100, &claim->number) && claim->number))
		return refuse(wrong, "percent must be an integer from 1 to 100");
	if (above && !read_number(above, LLONG_MAX, &claim->number))
		return refuse(wrong, "above must be an integer of at least 0");
	return true;
}

static bool read_claim(struct claim *claim, const json_t *object, char wrong[RULE_WRONG])
{
	return read_match(claim, object, wrong) && read_saves(claim, object, wrong) &&
	       read_texts(object, "only", &claim->only, wrong) &&
	       read_texts(object, "not", &claim->not, wrong) &&
	       read_texts(object, "unless", &claim->unless, wrong);
}

static bool read_blind(struct rule *rule, const json_t *object, char wrong[RULE_WRONG])
{
	const json_t *blind = json_object_get(object, "without_sites");

	if (!blind)
		return true;
	if (!json_is_object(blind))
		return refuse(wrong, "without_sites must be an object");
	rule->blind = calloc(1, sizeof(*rule->blind));
	if (!rule->blind)
		error(STATUS_UNREADABLE, errno, "memory");
	if (!keys_known(blind, " match saves only not ", wrong) ||
	    !read_claim(rule->blind, blind, wrong))
		return false;
	if (rules_sited(rule->blind))
		return refuse(wrong, "the match of without_sites can't have sites");
	return true;
}

bool rule_read(struct rule *rule, const json_t *object, char wrong[RULE_WRONG])
{
	const json_t *least;

	*rule = (struct rule){ .at_least = 1 };
	if (!json_is_object(object))
		return refuse(wrong, "it isn't an object");
	if (!keys_known(object, " id title match saves at_least only not unless without_sites setting takes_away try source ",
			wrong) || !read_text(object, "id", &rule->id, wrong))
		return false;
	if (strspn(rule->id, LETTERS) != strlen(rule->id) || strlen(rule->id) > 20 ||
	    !strcmp(rule->id, "total"))
		return refuse(wrong, "an id has at most 20 of a-z, 0-9 and -, and isn't total");
	if (json_string_length(json_object_get(object, "title")) > MAX_TITLE)
		return refuse(wrong, "title has more than %d bytes", MAX_TITLE);
	least = json_object_get(object, "at_least");
	if (least && !read_number(least, LLONG_MAX, &rule->at_least))
		return refuse(wrong, "at_least must be an integer of at least 0");
	return read_text(object, "title", &rule->title, wrong) &&
	       read_text(object, "setting", &rule->setting, wrong) &&
	       read_text(object, "takes_away", &rule->takes_away, wrong) &&
	       read_text(object, "try", &rule->attempt, wrong) &&
	       read_text(object, "source", &rule->source, wrong) &&
	       read_claim(&rule->claim, object, wrong) && read_blind(rule, object, wrong);
}

bool rules_sited(const struct claim *claim)
{
	const struct clause *clause;

	for_each(clause, &claim->clauses)
		if (clause->kind)
			return true;
	return false;
}

static void free_claim(struct claim *claim)
{
	struct clause *clause;

	for_each(clause, &claim->clauses)
		free(clause->ranges.items);
	free(claim->clauses.items);
}

void rule_free(struct rule *rule)
{
	free_claim(&rule->claim);
	if (rule->blind)
		free_claim(rule->blind);
	free(rule->blind);
}
