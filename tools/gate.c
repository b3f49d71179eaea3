// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gate.h"

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

bool gate_parse(const char *text, struct gate *gate)
{
	char op[3], limit[32], *end;
	int used = 0;
	size_t len;

	*gate = (struct gate){ .text = text };
	/* 159 is GATE_NAME - 1. */
	sscanf(text, "%159[^<>=!]%2[<>=!] %31[-+0-9]%n", gate->name, op, limit, &used);
	if (!used || !parse_op(op, &gate->op))
		return false;
	gate->percent = text[used] == '%';
	for (len = strlen(gate->name); len && gate->name[len - 1] == ' '; len--)
		gate->name[len - 1] = '\0';
	errno = 0;
	gate->limit = strtoll(limit, &end, 10);
	return len && !text[used + gate->percent] && !*end && !errno;
}

/* The sides of the comparison are exact: 2^63 times 2^64 is below 2^127. */
bool gate_breached(const struct gate *gate, __u64 a, __u64 b)
{
	__int128 left = (__int128)b - a, right = gate->limit;

	if (gate->percent && a) {
		left *= 100;
		right *= a;
	} else if (gate->percent && b) {
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
	char number[GROUPED];

	grouped(number, negative ? -(__u64)gate->limit : (__u64)gate->limit);
	snprintf(text, GROUPED + 8, "%s %c%s%s", op_texts[gate->op],
		 negative ? '-' : '+', number, gate->percent ? "%" : "");
	return text;
}
