// SPDX-License-Identifier: GPL-2.0-only
/* How two boots of the lab differ on purpose: by files and words of the command. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "tools/bootexits.h"
#include "tools/compare/compare_parts.h"

/* Returns the guest's file with the same path, or else with the same contents, or NULL. */
static const json_t *find_guest(const json_t *meta, const json_t *file)
{
	const json_t *other, *found = NULL;
	size_t i;

	json_array_foreach(part_files(meta), i, other) {
		if (part_owner(part_path(other)) != OWNER_GUEST)
			continue;
		if (!strcmp(part_path(other), part_path(file)))
			return other;
		if (part_same(other, file))
			found = other;
	}
	return found;
}

/* Returns the guest's next file, from @i on, without a counterpart in the other trace, or NULL. */
static const json_t *next_lone(const json_t *meta, const json_t *other, size_t *i)
{
	const json_t *file;

	while ((file = json_array_get(part_files(meta), (*i)++)))
		if (part_owner(part_path(file)) == OWNER_GUEST && !find_guest(other, file))
			return file;
	return NULL;
}

/* Pair files that only one boot has, because one likely replaces the other. */
static void add_guest_files(json_t *what, const json_t *a, const json_t *b)
{
	const json_t *file, *other;
	size_t i, j = 0;

	json_array_foreach(part_files(a), i, file) {
		other = part_owner(part_path(file)) == OWNER_GUEST ? find_guest(b, file) : NULL;
		if (other && !part_same(file, other))
			part_add(what, "%s", part_path(file));
	}
	i = 0;
	do {
		file = next_lone(a, b, &i);
		other = next_lone(b, a, &j);
		if (file || other)
			part_add(what, "%s / %s", file ? part_path(file) : "none",
			    other ? part_path(other) : "none");
	} while (file || other);
}

/* Returns a word of the command, or of a file's name its base.  NULL: the file differs. */
static const char *word_of(const json_t *meta, const json_t *other, size_t i)
{
	const char *word = part_text(json_array_get(json_object_get(meta, "command"), i));
	const json_t *file, *found;
	size_t at;

	if (!i)
		return part_base(word);
	json_array_foreach(part_files(meta), at, file) {
		if (strcmp(part_path(file), word))
			continue;
		found = find_guest(other, file);
		return found && part_same(file, found) ? part_base(word) : NULL;
	}
	return word;
}

static json_t *words_of(const json_t *meta, const json_t *other)
{
	size_t nr = json_array_size(json_object_get(meta, "command")), i;
	json_t *words = json_array();
	const char *word;

	for (i = 0; i < nr; i++) {
		word = word_of(meta, other, i);
		if (word)
			json_array_append_new(words, json_text(word));
	}
	return words;
}

/* Returns @words without the first @skip and the last @keep, or "none".  The caller frees it. */
static char *middle_of(const json_t *words, size_t skip, size_t keep)
{
	size_t nr = json_array_size(words), i;
	char *text = NULL, *longer;

	for (i = skip; i + keep < nr; i++) {
		if (asprintf(&longer, "%s%s%s", text ? text : "", text ? " " : "",
			     part_text(json_array_get(words, i))) < 0)
			error(STATUS_UNREADABLE, errno, "compare");
		free(text);
		text = longer;
	}
	return text ? text : strdup("none");
}

/* Add the words that differ: both command lines begin and end with the same words. */
static void add_command(json_t *what, const json_t *a, const json_t *b)
{
	json_t *of_a = words_of(a, b), *of_b = words_of(b, a);
	size_t nr_a = json_array_size(of_a), nr_b = json_array_size(of_b);
	size_t least = nr_a < nr_b ? nr_a : nr_b, skip = 0, keep = 0;
	char *text_a, *text_b;

	while (skip < least && json_equal(json_array_get(of_a, skip), json_array_get(of_b, skip)))
		skip++;
	while (keep < least - skip && json_equal(json_array_get(of_a, nr_a - 1 - keep),
						 json_array_get(of_b, nr_b - 1 - keep)))
		keep++;
	if (skip + keep < nr_a || skip + keep < nr_b) {
		text_a = middle_of(of_a, skip, keep);
		text_b = middle_of(of_b, skip, keep);
		part_add(what, "%s / %s", text_a, text_b);
		free(text_a);
		free(text_b);
	}
	json_decref(of_a);
	json_decref(of_b);
}

void part_add_guest(json_t *what, const json_t *a, const json_t *b)
{
	add_guest_files(what, a, b);
	add_command(what, a, b);
}
