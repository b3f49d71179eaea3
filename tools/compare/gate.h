/* SPDX-License-Identifier: GPL-2.0-only */
/* A gate: which difference between two boots is a failure. */
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
	__int128 limit;		/* thousandths of its unit, or of percent of A's */
	bool percent;
	bool fraction;		/* the limit has decimals */
	bool significant;	/* chance alone is no breach */
};

/**
 * gate_parse() - read "NAME OP [+-]N[%] [and significant]", OP being > >= < <= or !=
 * @text: is kept; blanks around OP and % may be there or not; N has up to three
 *	decimals, which only a percentage and milliseconds may have
 *
 * NAME is any text without <, >, = and !, of at most GATE_NAME - 1 bytes; what
 * it names is for the logs to tell.
 *
 * Return: NULL, or what is wrong with it, for a message.
 */
const char *gate_parse(const char *text, struct gate *gate);

/**
 * gate_breached() - whether B - A is what the gate calls a failure
 * @one: the value of 1 in the unit of the limit, at most a million
 * @twice_a: the base's value, doubled, for a median may be half an exit
 * @twice_b: the value of what is judged, doubled
 *
 * Exact: no percentage is rounded.  From none to some is more than any
 * percentage, from none to none is 0 %.
 */
bool gate_breached(const struct gate *gate, __u64 one, __uint128_t twice_a,
		   __uint128_t twice_b);

/** gate_bound() - write operator and limit, "> +1.5%", to @text; returns @text */
const char *gate_bound(char text[GROUPED + 8], const struct gate *gate);

#endif /* BOOTEXITS_GATE_H */
