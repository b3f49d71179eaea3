/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts that aren't UTF-8.  For example, PowerShell's > writes UTF-16. */
#ifndef BOOTEXITS_ENCODING_H
#define BOOTEXITS_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct encoding {
	const char *name;	/* iconv's, or NULL */
	size_t width;		/* bytes of a unit */
	size_t skip;		/* bytes before the text */
};

/**
 * encoding_find() - find the encoding of a file by its first bytes
 * @encoding: filled in; for UTF-8 and for an unknown encoding only skip is set
 *
 * A byte order mark decides.  Without one, most units have to be ASCII.
 *
 * Return: whether the file has to be converted.
 */
bool encoding_find(const char *head, size_t len, struct encoding *encoding);

/**
 * encoding_convert() - write a file's text as UTF-8 to a new file
 * @from: is closed
 *
 * Bytes that aren't a character become a question mark.
 *
 * Return: the new file, or NULL after a message.
 */
FILE *encoding_convert(FILE *from, const char *path, const struct encoding *encoding);

#endif /* BOOTEXITS_ENCODING_H */
