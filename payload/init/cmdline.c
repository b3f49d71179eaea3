// SPDX-License-Identifier: GPL-2.0-only
#include <asm/fcntl.h>

#include "payload/init/init.h"
#include "payload/lib/lib.h"
#include "payload/init/syscall.h"
#include "payload/lib/words.h"

/* COMMAND_LINE_SIZE of x86 is 2048; a bootconfig may add to it. */
static char text[4096];

/* Does the word have this name, and no value? */
static bool says(const struct word *word, const char *name)
{
	return !word->value && word->name_length == str_length(name) &&
	       str_starts(word->name, name);
}

/* The kernel takes the last rdinit=, which is ours.  The user's may be in bootexits.rdinit=. */
static void take_init(struct cmdline *cmdline, const char *path)
{
	if (!str_equal(path, OURSELVES))
		cmdline->init = path;
}

static void take_word(struct cmdline *cmdline, const struct word *word)
{
	const char *value = "";

	if (word->value) {
		text[word->value - text + word->value_length] = 0;
		value = word->value;
	}
	if (words_sets(word, "rdinit") || words_sets(word, "bootexits.rdinit"))
		take_init(cmdline, value);
	else if (words_sets(word, "bootexits.self.bootloader"))
		str_to_u64(value, &cmdline->bootloader_self);
	else if (words_sets(word, "bootexits.self.payload"))
		str_to_u64(value, &cmdline->payload_self);
	else if (says(word, "bootexits.sync"))
		cmdline->sync = true;
	else if (says(word, "bootexits.observer"))
		cmdline->observer = true;
	else if (says(word, "bootexits.host-only"))
		cmdline->host_only = true;
	else if (says(word, "bootexits.stay"))
		cmdline->stay = true;
}

/* The kernel adds a newline.  It is not part of the line, and a quote may be open there. */
void cmdline_read(struct cmdline *cmdline, int proc)
{
	int fd = sys_openat(proc, "cmdline", O_RDONLY | O_CLOEXEC);
	struct word word = { .next = text };
	long bytes = sys_read(fd, text, sizeof(text) - 1);

	sys_close(fd);
	*cmdline = (struct cmdline){ .init = "/init" };
	if (bytes > 0 && text[bytes - 1] == '\n')
		text[bytes - 1] = 0;
	while (words_next(word.next, &word)) {
		if (*word.next)	/* take_word() writes a zero there, if a value ends there */
			word.next++;
		take_word(cmdline, &word);
	}
}
