/* SPDX-License-Identifier: GPL-2.0-only */
/* What a C library would offer: strings, and one division. */
#ifndef LIB_H
#define LIB_H

#include "payload/lib/types.h"

void *memcpy(void *to, const void *from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);

/* Returns whether both strings are equal. */
bool str_equal(const char *a, const char *b);

/* Returns whether text begins with those characters. */
bool str_starts(const char *text, const char *with);

/* Returns how many characters there are before the zero byte. */
u32 str_length(const char *text);

/* Returns whether all of text is one number, in decimal, or in hex after 0x. */
bool str_to_u64(const char *text, u64 *value);

/* Writes a number in hex, at most eight digits and a zero byte. */
void str_hex(char *to, u32 value);

/* Writes a number in decimal, without a zero byte.  Returns how many digits it has. */
#define U64_DIGITS 20
u32 u64_to_digits(char *to, u64 value);

/* Divides *value by divisor.  *value becomes the quotient.  Returns the remainder. */
u32 u64_divide(u64 *value, u32 divisor);

#endif
