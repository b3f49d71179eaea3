/* SPDX-License-Identifier: GPL-2.0-only */
/* log.c finds records, and decode.c decodes them. */
#ifndef BOOTEXITS_DECODE_H
#define BOOTEXITS_DECODE_H

#include "lib/json.h"
#include "tools/trace/log.h"

/**
 * decode_number() - read a number as a log of @kind has it
 * @text: decimal, up to its NUL; in a host log also 0x and hexadecimal digits
 *
 * Return: whether it is a number of 64 bits.  Then @number is set.
 */
bool decode_number(const char *text, enum log_kind kind, __u64 *number);

/** decode_json() - the same for a value of a trace, which json_u64() made */
bool decode_json(const json_t *value, __u64 *number);

/**
 * decode_pair() - cut the next KEY=VALUE off a text, and remove its quotes
 * @key: set to NULL at the end of the text, or to the beginning of what isn't a pair
 * @value: set to the value, after its quote if it has one
 *
 * Return: the rest of the text, or NULL at its end or if the next word isn't a pair.
 */
char *decode_pair(char *text, char **key, char **value);

/**
 * decode_record() - decode a record and store it in a run
 * @text: "TAG [KEY=VALUE ...]"; is changed
 *
 * Unknown tags and keys are ignored, because the ABI may add some.  An invalid
 * value, or a missing key that is needed, is a defect of @run.
 */
void decode_record(struct log *log, struct run *run, enum log_kind kind,
		   unsigned long line, char *text);

/** decode_object() - the same for a trace's line, which has the keys of a record */
void decode_object(struct log *log, struct run *run, enum log_kind kind,
		   unsigned long line, const char *tag, const json_t *object);

#endif /* BOOTEXITS_DECODE_H */
