// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/text.h"

#define SHOWN	8	/* copies that are valid at a time */
#define FOLD	2	/* more blanks before the continuation of a line */

size_t text_character(const char *text, __u32 *code)
{
	static const __u32 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *bytes = (const unsigned char *)text;
	size_t size = *bytes < 0x80 ? 1 : *bytes < 0xc0 ? 0 : *bytes < 0xe0 ? 2 :
		      *bytes < 0xf0 ? 3 : *bytes < 0xf8 ? 4 : 0, i;

	*code = size > 1 ? *bytes & (0x7f >> size) : *bytes;
	for (i = 1; i < size; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (bytes[i] & 0x3f);
	}
	if (*code < least[size] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return size;
}

/* Unicode 15: not Cc, nor those of Cf and Z that no name needs.  XML 1.0: Char. */
static bool is_shown(__u32 code)
{
	static const struct {
		__u32 first, last;
	} hidden[] = {
		{ 0, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x61c, 0x61c },
		{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
		{ 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xfffe, 0xffff },
		{ 0xe0000, 0xe007f },
	};
	size_t i;

	for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return false;
	return true;
}

void text_clean(char *out, const char *text, bool utf8)
{
	size_t size;
	__u32 code;

	for (; *text; text += size ? size : 1) {
		size = text_character(text, &code);
		if (size && is_shown(code) && (utf8 || size == 1))
			out = memmove(out, text, size) + size;
		else
			*out++ = '?';
	}
	*out = '\0';
}

bool text_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", NULL);
	bool utf8;

	if (!locale)
		return false;
	utf8 = !strcmp(nl_langinfo_l(CODESET, locale), "UTF-8");
	freelocale(locale);
	return utf8;
}

const char *text_shown(const char *text)
{
	static char *copies[SHOWN];
	static unsigned int last;
	char *copy = strdup(text);

	if (!copy)
		error(3, errno, "memory");
	text_clean(copy, text, text_utf8());
	last = (last + 1) % SHOWN;
	free(copies[last]);
	copies[last] = copy;
	return copy;
}

/* Returns the length of a line end, a tab, or the beginning of a progress line at @text; or 0. */
static size_t own_sequence(const char *text)
{
	static const char *const own[] = {
		"\n", "\t", "\r\033[K",
	};
	size_t i;

	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (!strncmp(text, own[i], strlen(own[i])))
			return strlen(own[i]);
	return 0;
}

/* Each call has a whole message, because the stream has no buffer. */
static ssize_t write_guarded(void *cookie, const char *bytes, size_t size)
{
	char *text = strndup(bytes, size), *at, *end, kept;
	size_t own;

	(void)cookie;
	for (at = text; at && *at; at = end) {
		own = own_sequence(at);
		for (end = at + own; !own && *end && !own_sequence(end); )
			end++;
		kept = *end;
		*end = '\0';
		if (!own)
			text_clean(at, at, text_utf8());
		dprintf(STDERR_FILENO, "%s", at);
		*end = kept;
	}
	free(text);
	return size;
}

void text_guard(void)
{
	FILE *guarded = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = write_guarded });

	if (!guarded)
		return;
	setvbuf(guarded, NULL, _IONBF, 0);
	stderr = guarded;
}

/* Returns the columns of a text up to @end.  The program's own colour sequences take none. */
static unsigned int width_of(const char *text, const char *end)
{
	unsigned int width = 0;

	for (; text < end; text++) {
		if (*text == '\033')
			text += strcspn(text, "m");
		else
			width += (*text & 0xc0) != 0x80;
	}
	return width;
}

static void print_folded(FILE *out, const char *line, unsigned int columns)
{
	unsigned int indent = strspn(line, " "), used = 0, width;
	const char *at, *end = line;

	for (at = line; *at; at = end) {
		end += strspn(end, " ");
		end += strcspn(end, " ");
		width = width_of(at, end);
		if (used && used + width > columns) {
			at += strspn(at, " ");
			width = width_of(at, end);
			used = indent + FOLD;
			fprintf(out, "\n%*s", (int)used, "");
		}
		fprintf(out, "%.*s", (int)(end - at), at);
		used += width;
	}
}

/* A buffer has whole lines, unless a line is longer than the buffer. */
static ssize_t write_fitted(void *cookie, const char *bytes, size_t size)
{
	char *text = strndup(bytes, size), *line, *end;
	FILE *out = cookie;

	for (line = text; line && *line; line = end) {
		end = strchrnul(line, '\n');
		if (!*end) {
			fputs(line, out);
			break;
		}
		*end++ = '\0';
		print_folded(out, line, text_columns());
		putc('\n', out);
	}
	free(text);
	return !text || fflush(out) ? 0 : size;
}

void text_fit(void)
{
	static char lines[1 << 16];
	FILE *fitted;

	if (text_columns() < TEXT_LEAST)
		return;
	fitted = fopencookie(stdout, "w", (cookie_io_functions_t){ .write = write_fitted });
	if (!fitted)
		return;
	setvbuf(fitted, lines, _IOLBF, sizeof(lines));
	stdout = fitted;
}

static void check_output(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return;
	error(0, 0, "standard output: not all was written");
	_exit(3);
}

void text_whole(void)
{
	atexit(check_output);
}

static unsigned int kept_columns;

void text_keep_columns(void)
{
	kept_columns = text_columns();
}

unsigned int text_columns(void)
{
	struct winsize size;

	if (kept_columns)
		return kept_columns;
	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return 0;
	return size.ws_col;
}
