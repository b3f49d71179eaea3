/* SPDX-License-Identifier: GPL-2.0-only */
/* Logs as people keep them: compressed, or in the encoding of another system. */
#ifndef BOOTEXITS_INPUT_H
#define BOOTEXITS_INPUT_H

#include "log.h"

#define INPUT_MAX	(1 << 28)	/* bytes that are unpacked, or taken of a pipe */

/**
 * input_open() - open a log or a trace, whatever it is packed in
 * @path: "-" is the standard input
 * @cut: set to why its end is missing, or to ""
 *
 * Its first bytes tell, not its name.  gzip, bzip2, xz, zstd, lz4 and lzip unpack
 * what is theirs, UTF-16 and UTF-32 become UTF-8, and a byte order mark is left out.
 *
 * Return: a file, to be read from where it stands, or NULL after a message.
 */
FILE *input_open(const char *path, char cut[LOG_MESSAGE]);

#endif /* BOOTEXITS_INPUT_H */
