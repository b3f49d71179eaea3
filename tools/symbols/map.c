// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads symbols from lines of text:
 *
 *   ffffffff81000000 T _text			System.map, nm
 *   ffffffffc0201000 t floppy_init	[floppy]	/proc/kallsyms
 *     0x00fffd4a10    CpuIoWrite8		edk2's map of a firmware volume
 *
 * All other lines are skipped.  A line "# Linux version ..." says which Linux it is.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/symbols/image.h"

#define BLANKS	" \t\r\n"

static size_t next_word(char **at)
{
	*at += strspn(*at, BLANKS);
	return strcspn(*at, BLANKS);
}

static bool take_address(char **at, __u64 *address)
{
	size_t len = next_word(at), digits;
	char *end;

	if (len > 2 && !strncmp(*at, "0x", 2)) {
		*at += 2;
		len -= 2;
	}
	digits = strspn(*at, "0123456789abcdefABCDEF");
	if (!len || digits != len || len > 16)
		return false;
	*address = strtoull(*at, &end, 16);
	*at = end;
	return true;
}

/* nm(1): T and t are code, W and w are weak.  A has no address of its own.  All others are data. */
static bool kind_of(char type, enum symbol_kind *kind)
{
	switch (type) {
	case 'T':
		*kind = SYMBOL_GLOBAL;
		return true;
	case 't':
	case 'i':
		*kind = SYMBOL_LOCAL;
		return true;
	case 'W':
	case 'w':
		*kind = SYMBOL_WEAK;
		return true;
	case 'A':
	case 'a':
	case 'U':
		return false;
	}
	*kind = SYMBOL_END;
	return true;
}

/* Linux's names for the ends of its code.  A kernel without CONFIG_KALLSYMS_ALL names nothing that follows. */
static bool is_end(const char *name, size_t len)
{
	return (len == strlen("_etext") && !strncmp(name, "_etext", len)) ||
	       (len == strlen("_einittext") && !strncmp(name, "_einittext", len));
}

/* "floppy_init [floppy]": keep the module's name. */
static size_t name_of(char *at, size_t len)
{
	char *more = at + len;
	size_t module = next_word(&more);

	if (module < 3 || *more != '[' || more[module - 1] != ']')
		return len;
	at[len] = ':';
	memmove(at + len + 1, more + 1, module - 2);
	return len + module - 1;
}

/* "(Fixed Flash Address, BaseAddress=0x00fffcc094, ...": no function goes on into the next module. */
static bool take_module(struct image *image, const char *line)
{
	const char *base = strstr(line, "BaseAddress=0x");
	struct symbol symbol = { .kind = SYMBOL_END };

	if (!base)
		return true;
	symbol.address = strtoull(base + strlen("BaseAddress="), NULL, 16);
	symbol.end = symbol.address;
	return image_add(image, symbol, "", 0);
}

static bool take_line(struct image *image, char *line, bool *visible)
{
	struct symbol symbol = { .kind = SYMBOL_GLOBAL };
	size_t len;

	if (*line == '#') {
		line++;
		len = next_word(&line);
		image_banner(image, line, len ? strlen(line) : 0);
		return true;
	}
	if (!take_address(&line, &symbol.address))
		return take_module(image, line);
	len = next_word(&line);
	if (len == 1 && isalpha((unsigned char)*line) && line[1] && !strchr("\r\n", line[1])) {
		if (!kind_of(*line, &symbol.kind))
			return true;
		line++;
		len = next_word(&line);
		image->typed = true;
		if (is_end(line, len))
			symbol.kind = SYMBOL_STOP;
		len = len ? name_of(line, len) : 0;
	} else if (line[len + strspn(line + len, BLANKS)]) {
		return true;		/* a map has no third word */
	}
	*visible |= symbol.address;
	if (!symbol_is_code(&symbol))
		symbol.end = symbol.address;
	return !len || image_add(image, symbol, line, len);
}

const char *image_map(struct image *image, FILE *file)
{
	bool visible = false, room = true;
	char *line = NULL;
	size_t size = 0;

	while (room && getline(&line, &size, file) > 0)
		room = take_line(image, line, &visible);
	free(line);
	if (!room)
		return "has more than 4,194,304 symbols";
	if (image->symbols.nr && !visible)
		return "has no addresses: the kernel hides them from you; read it as root (kptr_restrict)";
	return NULL;
}
