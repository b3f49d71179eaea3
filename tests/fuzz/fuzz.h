/* SPDX-License-Identifier: GPL-2.0-only */
/* What libFuzzer calls, or replay.c, and what the targets share. */
#ifndef BOOTEXITS_FUZZ_H
#define BOOTEXITS_FUZZ_H

#include <stddef.h>
#include <stdlib.h>
#include <stdint.h>
#include <stdio.h>

#include "log.h"

/** LLVMFuzzerTestOneInput() - a target: takes any bytes, aborts at a finding */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** fuzz_read() - log_read() of bytes; @log is to be freed */
static inline void fuzz_read(const void *data, size_t size, enum log_kind kind,
			     struct log *log)
{
	FILE *file = fmemopen((void *)data, size, "r");

	if (!file || log_read(file, kind, log))
		__builtin_trap();
	fclose(file);
}

/** fuzz_silence() - print nothing, and let what a terminal might obey be a finding */
void fuzz_silence(void);

#define FUZZ_BOOTS	2

/** struct fuzz_input - two boots and what is to be done with them, of a target's bytes */
struct fuzz_input {
	uint8_t flags;			/* the first byte */
	char word[64];			/* the rest of the first line, no NUL in it */
	unsigned int boots;		/* that a byte 0x1e is between; 1 or 2 */
	char paths[FUZZ_BOOTS][32];	/* files of them */
	int fds[FUZZ_BOOTS];
};

/** fuzz_open() - make files of a target's bytes, for fuzz_close() to remove; false: too few */
bool fuzz_open(struct fuzz_input *input, const uint8_t *data, size_t size);

/** fuzz_close() - remove the files again */
void fuzz_close(struct fuzz_input *input);

/** fuzz_finding() - end with a message if @fine is false */
static inline void fuzz_finding(bool fine, const char *what)
{
	if (fine)
		return;
	dprintf(2, "finding: %s\n", what);
	abort();
}

#endif /* BOOTEXITS_FUZZ_H */
