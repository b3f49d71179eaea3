// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "tools/compare/gate.h"

#define DECIMALS	3
#define ONE		1000	/* 10 to the power of DECIMALS */
#define OP_BYTES	"<>=!"

static const char *const op_texts[] = {
	[GATE_MORE] = ">",
	[GATE_MORE_EQUAL] = ">=",
	[GATE_LESS] = "<",
	[GATE_LESS_EQUAL] = "<=",
	[GATE_OTHER] = "!=",
};

static bool parse_op(const char *text, size_t len, enum gate_op *op)
{
	unsigned int i;

	for (i = 0; i < sizeof(op_texts) / sizeof(op_texts[0]); i++) {
		if (strlen(op_texts[i]) != len || memcmp(text, op_texts[i], len))
			continue;
		*op = i;
		return true;
	}
	return false;
}

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

/* Read "[+-]N[.NNN][ %]" in thousandths.  N is at most 2^63 - 1.  @text is moved past it. */
static const char *parse_limit(const char **text, struct gate *gate)
{
	const char *at = *text;
	bool negative = *at == '-', point;
	size_t decimals = 0, i;
	char *end;
	__u64 whole;

	at += negative || *at == '+';
	if (*at < '0' || *at > '9')
		return "it has no number after the operator";
	errno = 0;
	whole = strtoull(at, &end, 10);
	if (errno || whole > LLONG_MAX)
		return "its number is too large";
	gate->limit = whole;
	point = *end == '.';
	if (point)
		decimals = strspn(++end, "0123456789");
	for (i = 0; i < DECIMALS; i++)
		gate->limit = gate->limit * 10 + (i < decimals ? end[i] - '0' : 0);
	if (negative)
		gate->limit = -gate->limit;
	at = skip_blanks(end + decimals);
	gate->percent = *at == '%';
	*text = skip_blanks(at + gate->percent);
	gate->fraction = point && !gate->percent;
	return point && (!decimals || decimals > DECIMALS) ?
	       "a number may have up to three decimals" : NULL;
}

/* Whether a gate is likely to judge milliseconds.  Only later can it turn out to name a reason. */
static bool of_ms(const char *name)
{
	const char *dot = strrchr(name, '.');

	return !strcmp(dot ? dot + 1 : name, "ms");
}

const char *gate_parse(const char *text, struct gate *gate)
{
	const char *name = skip_blanks(text), *wrong;
	size_t len = strcspn(name, OP_BYTES), op_len = strspn(name + len, OP_BYTES);
	const char *op = name + len, *rest = skip_blanks(op + op_len);
	int used = 0;

	*gate = (struct gate){ .text = text };
	if (!op_len)
		return "it has no operator. Put the gate in quotes: 'total>+0'";
	if (!parse_op(op, op_len, &gate->op))
		return "the operator must be >, >=, <, <= or !=";
	while (len && strchr(" \t", name[len - 1]))
		len--;
	if (!len || len >= GATE_NAME)
		return len ? "its name is too long" : "it has no name before the operator";
	memcpy(gate->name, name, len);
	wrong = parse_limit(&rest, gate);
	if (!wrong && gate->fraction && !of_ms(gate->name))
		wrong = "only a percentage and ms may have decimals";
	if (wrong || !*rest)
		return wrong;
	sscanf(rest, "and%*[ \t]significant %n", &used);
	gate->significant = used && !rest[used];
	return gate->significant ? NULL :
	       "only % and `and significant' may follow the number";
}

/*
 * A doubled value is below 2^65, and a limit below 2^73.  Their product may
 * overflow.  Then the limit is further out than any difference.
 */
void gate_take(struct list *gates, const char *text, const char *(*parse)(const char *text, struct gate *gate),
	       const struct argp_state *state)
{
	struct gate gate;
	const char *wrong = parse(text, &gate);

	if (wrong)
		argp_error(state, "not a gate: %s: %s", text_shown(text), wrong);
	list_append(gates, &gate, sizeof(gate));
}

bool gate_breached(const struct gate *gate, __u64 one, __uint128_t twice_a,
		   __uint128_t twice_b)
{
	__int128 left = ((__int128)twice_b - (__int128)twice_a) * ONE;
	__int128 right = gate->limit * 2 * one;

	if (gate->percent && twice_a) {
		left *= 100;
		if (__builtin_mul_overflow(gate->limit, (__int128)twice_a, &right))
			right = (gate->limit < 0 ? -1 : 1) * ((__int128)1 << 126);
	} else if (gate->percent && twice_b) {
		left = 1;	/* more than any percentage */
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
