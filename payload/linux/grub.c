// SPDX-License-Identifier: GPL-2.0-only
/* Source: GRUB's grub_create_loader_cmdline(), as boots show it.  Some GRUBs leave \xNN alone. */
#include "payload/linux/grub.h"
#include "payload/lib/lib.h"

static bool is_escape(const char *at)
{
	return at[0] == '\\' && (at[1] == '\\' || at[1] == '\'' || at[1] == '"');
}

/* Returns a word's end, or NULL if GRUB can't have written it.  *quotes: it has its own quotes. */
static const char *find_end(const char *word, bool *quotes)
{
	bool quoted = *word == '"';
	const char *at = word + quoted;

	*quotes = false;
	for (; *at && *at != (quoted ? '"' : ' '); at++) {
		if (is_escape(at))
			*quotes |= *++at == '"';
		else if (*at == '"' || *at == '\'' || (*at == '\\' && at[1] != 'x'))
			return NULL;
	}
	if (quoted && (*at++ != '"' || (*at && *at != ' ')))
		return NULL;
	return at;
}

static bool is_grubs(const char *line)
{
	bool quotes;

	for (const char *at = line; at; at++) {
		at = find_end(at, &quotes);
		if (!at || !*at)
			return at;
	}
	return false;
}

/* Copies a word, cut at limit.  Returns where the copy ends. */
static char *copy_word(char *to, const char *limit, const char *word, const char *end, bool quotes)
{
	for (const char *at = word; at < end && to < limit; at++) {
		if (quotes && *at == '"')
			continue;
		at += is_escape(at);
		*to++ = *at;
	}
	return to;
}

static void copy(char *to, const char *line, u32 max)
{
	u32 bytes = str_length(line);

	if (bytes >= max)
		bytes = max - 1;
	memcpy(to, line, bytes);
	to[bytes] = 0;
}

void grub_unescape(char *to, const char *line, u32 max)
{
	const char *limit = to + max - 1;
	const char *end;
	bool quotes;

	if (!is_grubs(line)) {
		copy(to, line, max);
		return;
	}
	for (const char *at = line; *at; at = end) {
		end = *at == ' ' ? at + 1 : find_end(at, &quotes);
		to = copy_word(to, limit, at, end, quotes);
	}
	*to = 0;
}
