// SPDX-License-Identifier: GPL-2.0-only
#include "payload/linux/cmdline.h"
#include "payload/lib/lib.h"
#include "payload/lib/words.h"

#define RDINIT	"rdinit"
#define USERS	"bootexits."	/* Linux takes it for a parameter of a module that is not there */

static char line[CMDLINE_MAX];

/* Inserts text at that place.  The caller knows that there is room. */
static void insert(u32 at, const char *text)
{
	u32 length = str_length(text);

	for (u32 end = str_length(line) + 1; end > at; end--)
		line[end - 1 + length] = line[end - 1];
	memcpy(line + at, text, length);
}

/* Returns the last word that sets rdinit.  If there is none, the word has no name. */
static struct word find_rdinit(void)
{
	struct word word = { .next = line };
	struct word found = { };

	while (words_next(word.next, &word))
		if (words_sets(&word, RDINIT))
			found = word;
	return found;
}

void cmdline_set(const char *text)
{
	memcpy(line, text, str_length(text) + 1);
}

void cmdline_add(const char *word)
{
	insert(0, " ");
	insert(0, word);
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
	struct word users = find_rdinit();
	u32 at = users.name ? users.name - line : 0;

	if (users.name) {
		insert(at, USERS);
		if (at && line[at - 1] == '"')
			at--;
	}
	insert(at, " ");
	insert(at, path);
	insert(at, RDINIT "=");
}

const char *cmdline_text(void)
{
	return line;
}
