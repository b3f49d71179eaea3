// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gate.h"

#define DECIMALS	3
#define ONE		1000	/* 10 to the power of DECIMALS */

static const char *const op_texts[] = {
	[GATE_MORE] = ">",
	[GATE_MORE_EQUAL] = ">=",
	[GATE_LESS] = "<",
	[GATE_LESS_EQUAL] = "<=",
	[GATE_OTHER] = "!=",
};

static bool parse_op(const char *text, enum gate_op *op)
{
	unsigned int i;

	for (i = 0; i < sizeof(op_texts) / sizeof(op_texts[0]); i++) {
		if (strcmp(text, op_texts[i]))
			continue;
		*op = i;
		return true;
	}
	return false;
}

/* "[+-]N" or "[+-]N.NNN" in thousandths; at most 2^63 - 1 of what it is in. */
static bool parse_limit(const char *text, struct gate *gate)
{
	bool negative = *text == '-';
	size_t decimals = 0;
	char *end;
	__u64 whole;

	text += negative || *text == '+';
	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	whole = strtoull(text, &end, 10);
	if (errno || whole > LLONG_MAX)
		return false;
	gate->limit = whole;
	if (*end == '.') {
		decimals = strspn(++end, "0123456789");
		if (!decimals || decimals > DECIMALS || !gate->percent)
			return false;
	}
	for (size_t i = 0; i < DECIMALS; i++)
		gate->limit = gate->limit * 10 + (i < decimals ? *end++ - '0' : 0);
	if (negative)
		gate->limit = -gate->limit;
	return !*end;
}

bool gate_parse(const char *text, struct gate *gate)
{
	char op[3], limit[32];
	int used = 0;
	size_t len;

	*gate = (struct gate){ .text = text };
	/* 159 is GATE_NAME - 1. */
	sscanf(text, "%159[^<>=!]%2[<>=!] %31[-+.0-9]%n", gate->name, op, limit, &used);
	if (!used || !parse_op(op, &gate->op))
		return false;
	gate->percent = text[used] == '%';
	for (len = strlen(gate->name); len && gate->name[len - 1] == ' '; len--)
		gate->name[len - 1] = '\0';
	return len && !text[used + gate->percent] && parse_limit(limit, gate);
}

/*
 * Exits are below 2^65 when doubled, a limit below 2^73.  A product of both may
 * be too large; it is further out than any difference then.
 */
bool gate_breached(const struct gate *gate, __uint128_t twice_a,
		   __uint128_t twice_b)
{
	__int128 left = ((__int128)twice_b - (__int128)twice_a) * ONE;
	__int128 right = gate->limit * 2;

	if (gate->percent && twice_a) {
		left *= 100;
		if (__builtin_mul_overflow(gate->limit, (__int128)twice_a, &right))
			right = (gate->limit < 0 ? -1 : 1) * ((__int128)1 << 126);
	} else if (gate->percent && twice_b) {
		left = 1;	/* without bound */
		right = 0;
	}
	switch (gate->op) {
	case GATE_MORE:
		return left > right;
	case GATE_MORE_EQUAL:
		return left >= right;
	case GATE_LESS:
		return left < right;
	case GATE_LESS_EQUAL:
		return left <= right;
	case GATE_OTHER:
		return left != right;
	}
	return true;
}

const char *gate_bound(char text[GROUPED + 8], const struct gate *gate)
{
	bool negative = gate->limit < 0;
	__int128 size = negative ? -gate->limit : gate->limit;
	unsigned int fraction = size % ONE;
	char number[GROUPED], decimals[12] = "";

	if (fraction)
		snprintf(decimals, sizeof(decimals), ".%03u", fraction);
	while (fraction && decimals[strlen(decimals) - 1] == '0')
		decimals[strlen(decimals) - 1] = '\0';
	snprintf(text, GROUPED + 8, "%s %c%s%s%s", op_texts[gate->op],
		 negative ? '-' : '+', grouped(number, size / ONE), decimals,
		 gate->percent ? "%" : "");
	return text;
}
