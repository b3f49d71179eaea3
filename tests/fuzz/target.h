/* SPDX-License-Identifier: GPL-2.0-only */
/* The function that libFuzzer or replay.c calls, and what the targets share. */
#ifndef BOOTEXITS_FUZZ_H
#define BOOTEXITS_FUZZ_H

#include <stddef.h>
#include <stdlib.h>
#include <stdint.h>
#include <stdio.h>

#include "tools/trace/log.h"

/** LLVMFuzzerTestOneInput() - a target; it takes any bytes, and aborts at a finding */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** fuzz_read() - log_read() of bytes; the caller frees @log */
static inline void fuzz_read(const void *data, size_t size, enum log_kind kind,
			     struct log *log)
{
	FILE *file = fmemopen((void *)data, size, "r");

	if (!file || log_read(file, kind, log))
		__builtin_trap();
	fclose(file);
}

/** fuzz_silence() - discard all output; a control character in it is a finding */
void fuzz_silence(void);

#define FUZZ_BOOTS	2

/** struct fuzz_input - one or two boots, and what to do with them, made of a target's bytes */
struct fuzz_input {
	uint8_t flags;			/* the first byte of the input */
	char word[64];			/* the rest of the first line, without NULs */
	unsigned int boots;		/* 1 or 2; a byte 0x1e is between two */
	char paths[FUZZ_BOOTS][32];	/* their files */
	int fds[FUZZ_BOOTS];
};

/**
 * fuzz_open() - make files of a target's bytes, which fuzz_close() removes; false: too few bytes
 */
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
