// SPDX-License-Identifier: GPL-2.0-only
/* Phases that end when the guest prints a text.  bootexits-bpf marks them at a signal. */
#include <ctype.h>
#include <error.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "host-bpf/exits.h"
#include "lib/text.h"
#include "tools/record/record.h"

#define NAME_MAX_LEN	32

static bool is_name(const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("-_.", name[i]))
			return false;
	return i && i <= NAME_MAX_LEN;
}

static void refuse(struct argp_state *state, const regex_t *regex, int err, const char *arg)
{
	char why[128];

	regerror(err, regex, why, sizeof(why));
	argp_error(state, "%s: in %s", why, text_shown(arg));
}

void record_text_add(struct record *record, char *arg, bool last, struct argp_state *state)
{
	char *name = strrchr(arg, '=');
	struct text text = { .last = last };
	int err;

	if (record->texts.nr == EXITS_TEXTS)
		argp_error(state, "more than %d texts", EXITS_TEXTS);
	if (!name || name == arg || !is_name(name + 1))
		argp_error(state, "not REGEX=NAME, with a NAME of 1 to %d letters, digits, -, _ and .: %s", NAME_MAX_LEN,
			   text_shown(arg));
	*name++ = '\0';
	text.name = name;
	err = regcomp(&text.regex, arg, REG_EXTENDED | REG_NOSUB);
	if (err)
		refuse(state, &text.regex, err, arg);
	list_append(&record->texts, &text, sizeof(text));
}

/* A child that was waited for has no PID any more, and another process may have it. */
static void tell(const struct record *record, int number)
{
	siginfo_t ended;

	if (!waitid(P_PID, record->child, &ended, WEXITED | WNOHANG | WNOWAIT))
		sigqueue(record->child, SIGRTMIN, (union sigval){ .sival_int = number });
}

void record_texts_find(struct record *record, const struct stream *stream)
{
	regmatch_t line = { .rm_so = 0, .rm_eo = stream->len };
	struct text *text, *texts = record->texts.items;

	if (!stream->len || strcmp(stream->trace.name, "serial"))
		return;
	for_each(text, &record->texts) {
		if (text->seen || regexec(&text->regex, stream->text, 1, &line, REG_STARTEND))
			continue;
		text->seen = true;
		tell(record, text - texts);
	}
}

void record_texts_check(const struct record *record)
{
	const struct text *text;

	for_each(text, &record->texts)
		if (!text->seen)
			error(0, 0, "the guest has not printed what ends phase %s", text->name);
}
