// SPDX-License-Identifier: GPL-2.0-only
#include "payload/linux/arguments.h"
#include "payload/linux/cmdline.h"
#include "payload/machine/fwcfg.h"
#include "payload/linux/grub.h"
#include "payload/lib/lib.h"

#define LINE_FILE	"bootexits.cmdline"
#define NAME_MAX	1024	/* bytes; a longer name with blanks is not recognized */
#define ELF		".elf"

static const char *word_end(const char *at)
{
	while (*at && *at != ' ')
		at++;
	return at;
}

static bool has_slash(const char *at, const char *end)
{
	while (at < end && *at != '/')
		at++;
	return at < end;
}

static bool ends_in_elf(const char *at, const char *end)
{
	return end - at >= (int)sizeof(ELF) && str_starts(end - sizeof(ELF) + 1, ELF);
}

/*
 * QEMU puts the name of its -kernel first, as the user gave it.  Other loaders put a path
 * there, or nothing.  A blank in the name looks like the blank after it.  So the name ends at
 * the last word that ends in .elf, because no option does.
 */
static const char *after_name(const char *text, bool qemu)
{
	const char *end = word_end(text);
	const char *after = qemu || has_slash(text, end) ? end : text;

	for (const char *at = text; *at; at = *end ? end + 1 : end) {
		end = word_end(at);
		if (ends_in_elf(at, end))
			after = end;
	}
	return after;
}

const char *arguments_options(u32 magic, u32 info)
{
	static char name[NAME_MAX];
	const char *text = bootinfo_command_line(magic, info);

	if (bootinfo_is_grub(magic, info))
		return text;
	if (fwcfg_read_text(FWCFG_KERNEL, name, sizeof(name)) && str_starts(text, name))
		return text + str_length(name);
	return after_name(text, str_equal(bootinfo_loader(magic, info), "qemu"));
}

/* Takes the file with that argument out of the list.  Returns whether it was there. */
static bool take_file(struct module *files, u32 *nr_files, u32 max, struct module *taken)
{
	bool found = false;

	for (u32 i = 0; i < *nr_files && i < max; i++) {
		if (found) {
			files[i - 1] = files[i];
		} else if (str_equal(files[i].arguments, LINE_FILE)) {
			*taken = files[i];
			found = true;
		}
	}
	*nr_files -= found;
	return found;
}

const char *arguments_linux(u32 magic, u32 info, struct module *files, u32 *nr_files, u32 max)
{
	static char line[CMDLINE_MAX];
	struct module file;
	bool is_file = take_file(files, nr_files, max, &file);

	if (fwcfg_read_text(FWCFG_CMDLINE, line, sizeof(line)))
		return line;
	if (is_file) {
		u32 bytes = file.bytes < sizeof(line) ? file.bytes : sizeof(line) - 1;

		memcpy(line, (const void *)file.start, bytes);
		return line;
	}
	if (!bootinfo_is_grub(magic, info))
		return files[0].arguments;
	grub_unescape(line, files[0].arguments, sizeof(line));
	return line;
}
