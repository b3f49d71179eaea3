/* SPDX-License-Identifier: GPL-2.0-only */
/* A gate: which difference of exits between two boots is a failure. */
#ifndef BOOTEXITS_GATE_H
#define BOOTEXITS_GATE_H

#include <stdbool.h>

#include "table.h"

#define GATE_NAME	160	/* bytes: a phase's label, a dot, a reason's name */

enum gate_op {
	GATE_MORE,		/* > */
	GATE_MORE_EQUAL,	/* >= */
	GATE_LESS,		/* < */
	GATE_LESS_EQUAL,	/* <= */
	GATE_OTHER,		/* != */
};

struct gate {
	const char *text;
	char name[GATE_NAME];	/* what stands left of the operator */
	enum gate_op op;
	long long limit;	/* exits, or percent of A's */
	bool percent;
};

/**
 * gate_parse() - read "NAME OP [+-]N[%]", OP being > >= < <= or !=
 * @text: is kept; blanks around OP may be there or not, N is a decimal integer
 *
 * NAME is any text without <, >, = and !, of at most GATE_NAME - 1 bytes; what
 * it names is for the logs to tell.
 *
 * Return: whether it is a gate.
 */
bool gate_parse(const char *text, struct gate *gate);

/**
 * gate_breached() - whether B - A is what the gate calls a failure
 * @a: exits of the first boot
 * @b: exits of the second
 *
 * Exact: no percentage is rounded.  From none to some is more than any
 * percentage, from none to none is 0 %.
 */
bool gate_breached(const struct gate *gate, __u64 a, __u64 b);

/** gate_bound() - write operator and limit, "> +1%", to @text; returns @text */
const char *gate_bound(char text[GROUPED + 8], const struct gate *gate);

#endif /* BOOTEXITS_GATE_H */
