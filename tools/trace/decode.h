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

/** decode_json() - the same of a trace's value, which json_u64() made */
bool decode_json(const json_t *value, __u64 *number);

/**
 * decode_pair() - cut the next KEY=VALUE off a text, quotes removed
 * @key: NULL if there is none; of what isn't a pair where it begins
 * @value: behind its quote, if it has one
 *
 * Return: the rest, or NULL if there is none or it isn't a pair.
 */
char *decode_pair(char *text, char **key, char **value);

/**
 * decode_record() - decode a record and store it in a run
 * @text: "TAG [KEY=VALUE ...]"; is changed
 *
 * A tag or a key that is not known is ignored, as the ABI may add some.  A
 * value that is no value, or a needed one that lacks, is a defect of @run.
 */
void decode_record(struct log *log, struct run *run, enum log_kind kind,
		   unsigned long line, char *text);

/** decode_object() - the same of a trace's line, whose keys are a record's */
void decode_object(struct log *log, struct run *run, enum log_kind kind,
		   unsigned long line, const char *tag, const json_t *object);

#endif /* BOOTEXITS_DECODE_H */
