/* SPDX-License-Identifier: GPL-2.0-only */
/* The few types that a program without a C library needs. */
#ifndef TYPES_H
#define TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static inline u64 u64_join(u32 low, u32 high)
{
	return (u64)high << 32 | low;
}

#endif
