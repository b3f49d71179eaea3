// SPDX-License-Identifier: GPL-2.0-only
#include "payload/lib/lib.h"

/* The compiler calls these two on its own, too. */
void *memcpy(void *to, const void *from, size_t bytes)
{
	void *start = to;

	asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
	return start;
}

void *memset(void *to, int byte, size_t bytes)
{
	void *start = to;

	asm volatile("rep stosb" : "+D"(to), "+c"(bytes) : "a"(byte) : "memory");
	return start;
}

bool str_equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

bool str_starts(const char *text, const char *with)
{
	while (*with && *text == *with) {
		text++;
		with++;
	}
	return !*with;
}

u32 str_length(const char *text)
{
	const char *end = text;

	while (*end)
		end++;
	return end - text;
}

static u32 digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return ~0u;
}

bool str_to_u64(const char *text, u64 *value)
{
	u32 base = 10;
	u64 limit = ~0ull;
	u64 sum = 0;

	if (text[0] == '0' && text[1] == 'x') {
		base = 16;
		text += 2;
	}
	if (!*text)
		return false;
	u64_divide(&limit, base);
	for (; *text; text++) {
		u32 digit = digit_value(*text);

		if (digit >= base || sum > limit || sum * base > ~0ull - digit)
			return false;
		sum = sum * base + digit;
	}
	*value = sum;
	return true;
}

void str_hex(char *to, u32 value)
{
	u32 shift = 28;

	while (shift && !(value >> shift))
		shift -= 4;
	for (;; shift -= 4) {
		*to++ = "0123456789abcdef"[value >> shift & 15];
		if (!shift)
			break;
	}
	*to = 0;
}

/* Two DIVs, the high word first.  Each quotient fits, as a remainder is less than the divisor. */
u32 u64_divide(u64 *value, u32 divisor)
{
	u32 high = *value >> 32;
	u32 low = *value;
	u32 rest = high % divisor;

	high /= divisor;
	asm("divl %2" : "+a"(low), "+d"(rest) : "rm"(divisor) : "cc");
	*value = u64_join(low, high);
	return rest;
}

u32 u64_to_digits(char *to, u64 value)
{
	char reversed[U64_DIGITS];
	u32 count = 0;

	do {
		reversed[count++] = '0' + u64_divide(&value, 10);
	} while (value);
	for (u32 i = 0; i < count; i++)
		to[i] = reversed[count - 1 - i];
	return count;
}
