/* SPDX-License-Identifier: GPL-2.0-only */
/* A gate says which difference between two boots is a failure. */
#ifndef BOOTEXITS_GATE_H
#define BOOTEXITS_GATE_H

#include <argp.h>
#include <stdbool.h>

#include "lib/list.h"
#include "lib/table.h"

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
	char name[GATE_NAME];	/* the text left of the operator */
	enum gate_op op;
	__int128 limit;		/* thousandths of its unit, or of a percent of A's figure */
	bool percent;
	bool fraction;		/* the limit has decimals */
	bool significant;	/* a difference that may be chance is no breach */
};

/**
 * gate_parse() - read "NAME OP [+-]N[%] [and significant]", where OP is > >= < <= or !=
 * @text: is kept.  Blanks around OP and % are optional.  N has up to three decimals,
 *	but only if it is a percentage or milliseconds.
 *
 * NAME is any text without <, >, = and !, of at most GATE_NAME - 1 bytes.  Whether
 * it names a phase or a reason, only the logs can say.
 *
 * Return: NULL, or a text for a message on what is wrong.
 */
const char *gate_parse(const char *text, struct gate *gate);

/**
 * gate_take() - append the gate that is an option's value to a list of struct gate
 * @parse: gate_parse(), or a function that takes fewer gates
 *
 * A wrong gate ends the program with status 2.
 */
void gate_take(struct list *gates, const char *text, const char *(*parse)(const char *text, struct gate *gate),
	       const struct argp_state *state);

/**
 * gate_breached() - whether B - A breaches the gate
 * @one: the value of 1 in the unit of the limit, at most a million
 * @twice_a: the base's value, doubled, because a median may have half an exit
 * @twice_b: the value of the side that is judged, doubled
 *
 * This is exact, because no percentage is rounded.  From 0 to any number is more
 * than any percentage.  From 0 to 0 is 0 %.
 */
bool gate_breached(const struct gate *gate, __u64 one, __uint128_t twice_a,
		   __uint128_t twice_b);

/** gate_bound() - write operator and limit, "> +1.5%", to @text; returns @text */
const char *gate_bound(char text[GROUPED + 8], const struct gate *gate);

#endif /* BOOTEXITS_GATE_H */
