/* SPDX-License-Identifier: GPL-2.0-only */
/* Two boots side by side: once built, held to gates and printed in one of two ways. */
#ifndef BOOTEXITS_COMPARE_H
#define BOOTEXITS_COMPARE_H

#include "bootexits.h"
#include "gate.h"
#include "phases.h"

struct compare_options {
	const char *paths[2];
	bool one;		/* --vcpu */
	__u64 vcpu;
	bool json, force;
	struct list gates;	/* struct gate */
};

struct side {
	const char *path;
	struct log log;
	const struct run *run;
	struct phases phases;
};

/* A phase of either log; NULL: that log has none of its name. */
struct pair {
	const char *label;
	const struct phase *phase[2];
};

/* A reason of either log, by its slot there; -1: that log has none of its name. */
struct match {
	int slot[2];
};

/* A gate and what the logs have for it, from pair's phase. */
struct held {
	const struct gate *gate;
	const struct pair *pair;
	const char *reason;	/* NULL: all */
	__u64 exits[2];
	bool unlike;		/* a log lacks the phase, or they end differently */
	bool breached;
};

struct comparison {
	const struct compare_options *options;
	struct side sides[2];
	bool by_name;		/* reasons match by name, in any case, not by slot */
	struct list matches;	/* struct match */
	struct list pairs;	/* struct pair; the last one is the total */
	struct list gates;	/* struct held */
	bool equal;
};

/**
 * compare_build() - put phases and reasons of both sides beside each other
 *
 * The sides have their phases, and at least one each; by_name is set.
 */
void compare_build(struct comparison *comparison);

/** compare_exits() - all exits of a phase in log @side, 0 or 1 */
__u64 compare_exits(const struct pair *pair, int side);

/** compare_count() - those of one reason */
__u64 compare_count(const struct pair *pair, const struct match *match, int side);

/** compare_name() - what log @side calls a reason, or NULL */
const char *compare_name(const struct comparison *comparison,
			 const struct match *match, int side);

/** compare_label() - what to call a reason: A's name, or else B's */
const char *compare_label(const struct comparison *comparison,
			  const struct match *match);

/**
 * compare_gates() - hold a comparison, with its pairs and matches, to its gates
 *
 * Return: STATUS_OK, STATUS_FAIL if one is breached, or STATUS_USAGE after a
 * message for each that names what neither log has.
 */
enum status compare_gates(struct comparison *comparison);

/** compare_gates_text() - print a line for each breach, or one that there is none */
void compare_gates_text(const struct comparison *comparison);

/** compare_gates_json() - the gates as a JSON array */
json_t *compare_gates_json(const struct comparison *comparison);

/** compare_text() - print a comparison for people */
void compare_text(const struct comparison *comparison);

/** compare_json() - a comparison as a JSON object */
json_t *compare_json(const struct comparison *comparison);

/**
 * compare_difference() - add @b - @a to a JSON object, in exits and in percent
 *
 * "difference" is an integer, or a string of digits if it has more than 63
 * bits; "percent" is null for an @a of 0.
 */
void compare_difference(json_t *object, __u64 a, __u64 b);

#endif /* BOOTEXITS_COMPARE_H */
