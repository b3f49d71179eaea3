// SPDX-License-Identifier: GPL-2.0-only
#include "cmdline.h"
#include "lib.h"

#define RDINIT	"rdinit="
#define CPUS	"nr_cpus="

static char line[CMDLINE_MAX];

static u32 word_length(const char *word)
{
	u32 length = 0;

	while (word[length] && word[length] != ' ')
		length++;
	return length;
}

/* The next word from there on, or the end of Linux's own words. */
static char *next_word(char *at)
{
	while (*at == ' ')
		at++;
	if (at[0] == '-' && at[1] == '-' && (!at[2] || at[2] == ' '))
		return at + str_length(at);
	return at;
}

/* Returns the last word that begins so, or NULL. */
static char *find_last(const char *with)
{
	char *found = NULL;

	for (char *at = next_word(line); *at; at = next_word(at + word_length(at)))
		if (str_starts(at, with))
			found = at;
	return found;
}

/* The end of Linux's own last word */
static char *end_of_words(void)
{
	char *end = line;

	for (char *at = next_word(line); *at; at = next_word(end))
		end = at + word_length(at);
	return end;
}

/* Puts text in at that place; there is room. */
static void insert(char *at, const char *text)
{
	u32 length = str_length(text);

	for (char *end = line + str_length(line); end >= at; end--)
		end[length] = *end;
	memcpy(at, text, length);
}

void cmdline_set(const char *text)
{
	memcpy(line, text, str_length(text) + 1);
}

void cmdline_add(const char *word)
{
	char *end = end_of_words();

	insert(end, word);
	insert(end, " ");
}

void cmdline_add_number(const char *word, u64 number)
{
	char text[64 + U64_DIGITS] = { 0 };

	memcpy(text, word, str_length(word));
	u64_to_digits(text + str_length(word), number);
	cmdline_add(text);
}

void cmdline_set_rdinit(const char *path)
{
	char *users = find_last(RDINIT);
	char *at = users ? users + word_length(users) : line;

	insert(at, users ? path : " ");
	if (!users)
		insert(at, path);
	insert(at, users ? " " RDINIT : RDINIT);
}

void cmdline_limit_cpus(u32 cpus)
{
	const char *users = find_last(CPUS);
	char word[16] = { 0 };
	u64 wanted;

	if (users) {
		u32 digits = word_length(users) - str_length(CPUS);

		memcpy(word, users + str_length(CPUS),
		       digits < sizeof(word) ? digits : sizeof(word) - 1);
		if (str_to_u64(word, &wanted) && wanted && wanted <= cpus)
			return;
	}
	cmdline_add_number(CPUS, cpus);
}

const char *cmdline_text(void)
{
	return line;
}
