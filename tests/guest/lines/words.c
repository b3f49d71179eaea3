// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares the payload's reading of a command line with Linux's own next_arg(), which
 * next_arg.inc has from linux-source.  Both read all lines of up to LENGTH pieces, as they
 * are, and once more with our words in them.  Status 0: no line differs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "payload/linux/cmdline.h"
#include "payload/lib/words.h"

#define LENGTH	7
#define WORDS	32
#define OURS	"/bootexits/init"

/* What Linux reads in a line: names and values up to a "--", and the rest after it */
struct parsed {
	char text[CMDLINE_MAX + 1];
	char *name[WORDS], *value[WORDS];
	int words;
	const char *rest;
};

static int isspace(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (unsigned char)c == 0xa0;
}

static char *skip_spaces(const char *text)
{
	while (isspace(*text))
		text++;
	return (char *)text;
}

#include "next_arg.inc"

/* Like parse_args() of kernel/params.c */
static void parse(struct parsed *to, const char *line)
{
	char *args = skip_spaces(strcpy(to->text, line));

	to->words = 0;
	to->rest = NULL;
	while (*args) {
		char **name = &to->name[to->words], **value = &to->value[to->words];

		args = next_arg(args, name, value);
		if (!*value && !strcmp(*name, "--")) {
			to->rest = args;
			break;
		}
		to->words++;
	}
}

static bool equal(const char *ours, u32 length, const char *text)
{
	if (!ours || !text)
		return !ours && !text;
	return strlen(text) == length && !strncmp(ours, text, length);
}

/* Do both read the same words? */
static bool reads(const char *line)
{
	struct word word = { .next = line };
	struct parsed theirs;
	int i;

	parse(&theirs, line);
	for (i = 0; words_next(word.next, &word); i++)
		if (i == theirs.words || !equal(word.name, word.name_length, theirs.name[i]) ||
		    !equal(word.value, word.value_length, theirs.value[i]))
			return false;
	return i == theirs.words;
}

static bool sets_rdinit(const struct parsed *line, int i)
{
	return line->value[i] && !strcmp(line->name[i], "rdinit");
}

static bool same(const struct parsed *a, int i, const struct parsed *b, int j)
{
	return !strcmp(a->name[i], b->name[j]) &&
	       equal(a->value[i], a->value[i] ? strlen(a->value[i]) : 0, b->value[j]);
}

/*
 * Does Linux read our words first, and then the user's?  Its last rdinit= must be ours,
 * followed by the user's last one under another name.
 */
static bool keeps(const char *line)
{
	struct parsed users, all;
	int last = -1, i, at;

	cmdline_set(line);
	cmdline_set_rdinit(OURS);
	cmdline_add_number("nr_cpus=", 1);
	parse(&users, line);
	parse(&all, cmdline_text());
	for (i = 0; i < users.words; i++)
		if (sets_rdinit(&users, i))
			last = i;
	if (strcmp(all.name[0], "nr_cpus") || strcmp(all.value[0], "1"))
		return false;
	for (i = 0, at = 1; i <= users.words; i++) {
		if (i == (last < 0 ? 0 : last)) {
			if (!sets_rdinit(&all, at) || strcmp(all.value[at++], OURS))
				return false;
		}
		if (i == users.words)
			break;
		if (i == last && (strcmp(all.name[at], "bootexits.rdinit") ||
				  strcmp(all.value[at], users.value[i])))
			return false;
		if (i != last && !same(&users, i, &all, at))
			return false;
		at++;
	}
	return at == all.words && equal(all.rest, all.rest ? strlen(all.rest) : 0, users.rest);
}

static const char *const pieces[] = { "rdinit", "=", "\"", " ", "--", "x", "\t" };
#define PIECES (sizeof(pieces) / sizeof(*pieces))

/*
 * Checks each line that begins with @line and has up to @pieces_left more pieces.  Returns how
 * many are wrong.
 */
static unsigned long check(char *line, int pieces_left, unsigned long *lines)
{
	char *end = line + strlen(line);
	unsigned long wrong = 0;
	size_t i;

	++*lines;
	if (!reads(line) || !keeps(line)) {
		printf("%s: %s\n", reads(line) ? "ours are read as something else" : "other words",
		       line);
		wrong++;
	}
	for (i = 0; pieces_left && i < PIECES; i++) {
		strcpy(end, pieces[i]);
		wrong += check(line, pieces_left - 1, lines);
		*end = '\0';
	}
	return wrong;
}

int main(void)
{
	char line[CMDLINE_MAX] = "";
	unsigned long lines = 0, wrong = check(line, LENGTH, &lines);
	int c;

	for (c = 1; c < 256; c++, lines++) {
		snprintf(line, sizeof(line), "a%crdinit=/b%c\"c%cd\"", c, c, c);
		wrong += !reads(line) || !keeps(line);
	}
	printf("%lu lines, %lu wrong\n", lines, wrong);
	return wrong != 0;
}
