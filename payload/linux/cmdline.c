// SPDX-License-Identifier: GPL-2.0-only
#include <asm/fcntl.h>

#include "init.h"
#include "lib.h"
#include "syscall.h"

#define RDINIT		"rdinit="
#define BOOTLOADER	"bootexits.self.bootloader="
#define PAYLOAD		"bootexits.self.payload="

/* COMMAND_LINE_SIZE of x86 is 2048. */
static char text[4096];

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Cuts the first word off the text at *next; returns it, or NULL at the end. */
static char *next_word(char **next)
{
	char *word = *next;
	char *end;

	while (is_blank(*word))
		word++;
	for (end = word; *end && !is_blank(*end); end++)
		;
	*next = *end ? end + 1 : end;
	*end = 0;
	return *word ? word : NULL;
}

/* The kernel takes the last rdinit=; ours is not the user's. */
static void take_word(struct cmdline *cmdline, const char *word)
{
	const char *init = word + sizeof(RDINIT) - 1;

	if (str_starts(word, RDINIT) && !str_equal(init, OURSELVES))
		cmdline->init = init;
	else if (str_equal(word, "bootexits.sync"))
		cmdline->sync = true;
	else if (str_equal(word, "bootexits.observer"))
		cmdline->observer = true;
	else if (str_equal(word, "bootexits.stay"))
		cmdline->stay = true;
	else if (str_starts(word, BOOTLOADER))
		str_to_u64(word + sizeof(BOOTLOADER) - 1, &cmdline->bootloader_self);
	else if (str_starts(word, PAYLOAD))
		str_to_u64(word + sizeof(PAYLOAD) - 1, &cmdline->payload_self);
}

/* Words behind "--" are the init's own. */
void cmdline_read(struct cmdline *cmdline, int proc)
{
	int fd = sys_openat(proc, "cmdline", O_RDONLY | O_CLOEXEC);
	char *next = text;
	char *word;

	*cmdline = (struct cmdline){ .init = "/init" };
	sys_read(fd, text, sizeof(text) - 1);
	sys_close(fd);
	while ((word = next_word(&next)) && !str_equal(word, "--"))
		take_word(cmdline, word);
}
