// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <iconv.h>
#include <string.h>

#include "tools/trace/encoding.h"
#include "lib/text.h"

#define LEAST_UNITS	16	/* needed for a guess */

/* The longest come first, because one mark is the beginning of another. */
static const struct mark {
	const char *bytes, *name;
	size_t len, width;
} marks[] = {
	{ "\xff\xfe\0", "UTF-32LE", 4, 4 },
	{ "\0\0\xfe\xff", "UTF-32BE", 4, 4 },
	{ "\xef\xbb\xbf", NULL, 3, 1 },
	{ "\xff\xfe", "UTF-16LE", 2, 2 },
	{ "\xfe\xff", "UTF-16BE", 2, 2 },
};

/* Whether at least three of four units from @at on are ASCII, low byte first. */
static bool mostly_ascii(const char *head, size_t len, size_t at, size_t width)
{
	size_t units = 0, ascii = 0, i;
	bool zeros;

	for (; at + width <= len; at += width, units++) {
		for (zeros = true, i = 1; i < width; i++)
			zeros &= !head[at + i];
		ascii += zeros && head[at] > 0;
	}
	return units >= LEAST_UNITS && ascii * 4 >= units * 3;
}

/*
 * Without a mark, the beginning may be missing, so the first byte may be any byte of
 * a unit.  A text with the high byte first can be read from its first low byte on as
 * one with the low byte first.
 */
static bool guess(const char *head, size_t len, struct encoding *encoding)
{
	size_t width, at;

	for (width = 4; width > 1; width /= 2)
		for (at = 0; at < width; at++)
			if (mostly_ascii(head, len, at, width)) {
				*encoding = (struct encoding){
					width == 4 ? "UTF-32LE" : "UTF-16LE", width, at };
				return true;
			}
	return false;
}

bool encoding_find(const char *head, size_t len, struct encoding *encoding)
{
	size_t i;

	*encoding = (struct encoding){ .width = 1 };
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (len >= marks[i].len && !memcmp(head, marks[i].bytes, marks[i].len)) {
			*encoding = (struct encoding){ marks[i].name, marks[i].width, marks[i].len };
			return marks[i].name;
		}
	return guess(head, len, encoding);
}

/* Convert @len bytes.  Returns how many are left: the beginning of a character. */
static size_t convert(iconv_t iconv_of, char *bytes, size_t len, size_t width, FILE *to)
{
	char text[1 << 14], *out;
	size_t left;

	while (len >= width) {
		out = text;
		left = sizeof(text);
		errno = 0;
		iconv(iconv_of, &bytes, &len, &out, &left);
		fwrite(text, 1, sizeof(text) - left, to);
		if (errno == EINVAL)
			break;
		if (errno != EILSEQ)
			continue;
		putc('?', to);
		bytes += width;
		len -= width;
	}
	return len;
}

FILE *encoding_convert(FILE *from, const char *path, const struct encoding *encoding)
{
	iconv_t iconv_of = iconv_open("UTF-8", encoding->name);
	char bytes[(1 << 14) + 8];
	size_t len, left = 0;
	FILE *to = tmpfile();
	bool failed;

	if (iconv_of == (iconv_t)-1 || !to) {
		error(0, errno, "%s: is %s, and can't be converted here: use iconv -f %s", text_shown(path),
		      encoding->name, encoding->name);
		fclose(from);
		return NULL;
	}
	fseeko(from, encoding->skip, SEEK_SET);
	do {
		len = fread(bytes + left, 1, sizeof(bytes) - 8 - left, from);
		left += len;
		if (!len && left % encoding->width) {	/* a missing last byte counts as 0 */
			memset(bytes + left, 0, encoding->width);
			left += encoding->width - left % encoding->width;
		}
		len = left;
		left = convert(iconv_of, bytes, left, encoding->width, to);
		memmove(bytes, bytes + len - left, left);
	} while (len > left);
	iconv_close(iconv_of);
	failed = ferror(from) || ferror(to) || fflush(to);
	fclose(from);
	if (!failed)
		return to;
	error(0, errno, "%s: can't be converted from %s", text_shown(path), encoding->name);
	fclose(to);
	return NULL;
}
