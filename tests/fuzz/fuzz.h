/* SPDX-License-Identifier: GPL-2.0-only */
/* What libFuzzer calls, or replay.c, and what the targets share. */
#ifndef BOOTEXITS_FUZZ_H
#define BOOTEXITS_FUZZ_H

#include <stddef.h>
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

#endif /* BOOTEXITS_FUZZ_H */
