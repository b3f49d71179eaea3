/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts that aren't UTF-8: PowerShell's > writes UTF-16. */
#ifndef BOOTEXITS_ENCODING_H
#define BOOTEXITS_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct encoding {
	const char *name;	/* iconv's, or NULL */
	size_t width;		/* bytes of a unit */
	size_t skip;		/* bytes that stand before the text */
};

/**
 * encoding_find() - what a file is encoded in, by its first bytes
 * @encoding: of what is UTF-8, or anything else, only skip is set
 *
 * A byte order mark tells; without one most units have to be ASCII.
 *
 * Return: whether it has to be converted.
 */
bool encoding_find(const char *head, size_t len, struct encoding *encoding);

/**
 * encoding_convert() - a file's text as UTF-8, in a file of its own
 * @from: is closed
 *
 * What is no character becomes a question mark.
 *
 * Return: the new file, or NULL after a message.
 */
FILE *encoding_convert(FILE *from, const char *path, const struct encoding *encoding);

#endif /* BOOTEXITS_ENCODING_H */
