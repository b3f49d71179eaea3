// SPDX-License-Identifier: GPL-2.0-only
#include "payload/lib/lib.h"
#include "payload/lib/words.h"

/* isspace() of Linux's lib/ctype.c: Latin-1, including its non-breaking space */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\xa0';
}

/* Returns the end of a word: a space outside quotes, or the end of the line. */
static const char *find_end(const char *at, bool quoted)
{
	for (; *at && (quoted || !is_space(*at)); at++)
		if (*at == '"')
			quoted = !quoted;
	return at;
}

static const char *find_equals(const char *from, const char *end)
{
	for (const char *at = from + 1; at < end; at++)
		if (*at == '=')
			return at;
	return NULL;
}

/* Removes the quotes: one before the word or its value, and one at the end. */
static void cut(struct word *word, const char *start, const char *end)
{
	bool quoted = *start == '"';
	const char *equals = find_equals(start + quoted, end);
	const char *value = equals ? equals + 1 : NULL;
	const char *last = end;

	if (value && value < end && *value == '"') {
		value++;
		quoted = true;
	}
	if (quoted && end[-1] == '"' && end - 1 > start)
		last--;
	start += *start == '"';
	word->name = start;
	word->name_length = (equals ? equals : last) - start;
	word->value = value;
	word->value_length = value && value < last ? last - value : 0;
}

bool words_next(const char *line, struct word *word)
{
	const char *end;

	while (is_space(*line))
		line++;
	if (!*line)
		return false;
	end = find_end(line + (*line == '"'), *line == '"');
	cut(word, line, end);
	word->next = end;
	return word->value || word->name_length != 2 || !str_starts(word->name, "--");
}

bool words_sets(const struct word *word, const char *name)
{
	return word->value && word->name_length == str_length(name) &&
	       str_starts(word->name, name);
}
