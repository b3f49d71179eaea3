/* SPDX-License-Identifier: GPL-2.0-only */
/* Between log.c, which finds records, and decode.c, which decodes them. */
#ifndef BOOTEXITS_DECODE_H
#define BOOTEXITS_DECODE_H

#include "log.h"

/**
 * decode_number() - read a number as a log of @kind writes it
 * @text: decimal, to its NUL; in a host log 0x and hexadecimal digits, too
 *
 * Return: whether it is one, and of 64 bits; then it is in @number.
 */
bool decode_number(const char *text, enum log_kind kind, __u64 *number);

/**
 * decode_record() - decode a record and store it in a run
 * @text: "TAG [KEY=VALUE ...]"; is changed
 *
 * A tag or a key that is not known is ignored, as the ABI may add some.  A
 * value that is no value, or a needed one that lacks, is a defect of @run.
 */
void decode_record(struct log *log, struct run *run, unsigned long line,
		 char *text);

#endif /* BOOTEXITS_DECODE_H */
