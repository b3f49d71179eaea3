/* SPDX-License-Identifier: GPL-2.0-only */
/* Opens logs that are compressed, or in the encoding of another system. */
#ifndef BOOTEXITS_INPUT_H
#define BOOTEXITS_INPUT_H

#include "tools/trace/log.h"

#define INPUT_MAX	(1 << 28)	/* bytes that are unpacked, or read from a pipe, at most */

/**
 * input_open() - open a log or a trace, and unpack it
 * @path: "-" is the standard input
 * @cut: set to why the end is missing, or to ""
 *
 * The first bytes decide, not the name.  gzip, bzip2, xz, zstd, lz4 and lzip unpack
 * their own formats.  UTF-16 and UTF-32 become UTF-8.  A byte order mark is left out.
 *
 * Return: a file, to be read from its current position, or NULL after a message.
 */
FILE *input_open(const char *path, char cut[LOG_MESSAGE]);

#endif /* BOOTEXITS_INPUT_H */
