/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Boots side by side: A, the base, and each further side against it.  A side
 * is one boot or several; of several the medians are compared.
 */
#ifndef BOOTEXITS_COMPARE_H
#define BOOTEXITS_COMPARE_H

#include "bootexits.h"
#include "alike.h"
#include "gate.h"
#include "measure.h"
#include "shift.h"
#include "view.h"

struct compare_options {
	struct list arguments;	/* const char *: the sides */
	struct view view;	/* --vcpu */
	enum measure by;	/* of the table; a gate names its own */
	bool json, force;
	bool by_delta;		/* the table's rows: the largest differences first */
	__u64 top;		/* how many of them; 0: all */
	double least;		/* percent of A's by which they differ */
	bool arranged;		/* any of the last three */
	struct list gates;	/* struct gate */
};

/* A file, of one run.  What is not in its phases isn't kept of its log. */
struct boot {
	char *path;
	struct log log;
	const struct run *run;
	struct phases phases;
};

struct side {
	char name[8];		/* A, B ... Z, AA ... */
	const char *argument;
	size_t first, nr;	/* of the comparison's boots */
	/*
	 * Each of them says that it is, and so it repeats, and each is made as A's
	 * boots are but for what is under test; of A: some other side is exact.
	 */
	bool exact;
	/* Of a further side: its boots and A's are several, and none is another's copy. */
	bool tested;
	bool copies;		/* it's copies alone that keep it from being tested */
	struct list family;	/* double: p of each row that is tested, sorted */
};

/* A phase of any boot, or the total. */
struct pair {
	const char *label;
	const struct phase **phase;	/* of each boot; NULL: it has none of that name */
};

/* A reason of any boot, by its slot in each; -1: that boot has none of its name. */
struct match {
	int *slot;
};

/* Which exits of a phase: a match's, those of all reasons of a name, or, with neither, all; and what of them. */
struct which {
	enum measure by;
	const struct pair *pair;
	const struct match *match;
	const char *reason;
};

/* What the boots of a side have of some exits. */
struct figure {
	bool exists;			/* any of them has the phase */
	bool unknown;			/* records are missing: of any of them it isn't known */
	__u64 *values;			/* sorted */
	size_t nr;
	__uint128_t twice;	/* their median, doubled */
};

/* What tells that a difference isn't chance. */
enum sureness {
	SURE_UNTOLD,	/* nothing: it's one boot against another, or there are copies */
	SURE_EXACT,	/* on both sides exact boots that don't differ */
	SURE_SAME,	/* all boots have the same: there is nothing to test */
	SURE_TESTED,	/* a test, by its p */
};

/* What can be said of a side's difference to A. */
struct chance {
	enum sureness sureness;
	double p;		/* of the Mann-Whitney U test; 1 if there was none */
	double holm;		/* p, corrected for all tests that are looked at */
	bool significant;
	struct shift shift;	/* unless it's exact or untold */
};

/* A gate and what a side has for it beside A; chance: if the gate asks for it. */
struct held {
	const struct gate *gate;
	const struct side *side;
	struct which which;
	__uint128_t a, b;	/* medians, doubled */
	struct chance chance;
	bool unlike;		/* some boot lacks the phase, or ends with another */
	bool unknown;		/* of some boot the number isn't known */
	bool breached;
	bool overruled;		/* it would be breached, but that may be chance */
};

/* In what a side's first boot is made other than A's, or a boot of it than its first. */
struct difference {
	const struct side *side;
	bool within;
	const struct part *part;
	json_t *what;		/* an array of texts */
};

struct comparison {
	const struct compare_options *options;
	struct list boots;	/* struct boot */
	struct list sides;	/* struct side; the first is A */
	struct list differences;	/* struct difference */
	json_t *copies;		/* an array of arrays of files, each of one boot */
	bool by_name;		/* reasons match by name, in any case, not by slot */
	struct list matches;	/* struct match */
	struct list pairs;	/* struct pair; the last one is the total */
	struct list gates;	/* struct held */
	bool equal;		/* all medians are A's */
	bool unknown;		/* some of them can't be known */
};

/**
 * compare_load() - read the boots of all sides, and what phases they have
 *
 * Return: STATUS_OK, or STATUS_UNREADABLE after a message for each file that
 * can't be read or isn't one boot with phases, and for each that can't be
 * compared with the first one, unless that is forced.
 */
enum status compare_load(struct comparison *comparison);

/**
 * compare_origin() - find in what the boots were made unlike
 *
 * What differs is kept in @comparison->differences, and a side whose counts may
 * differ from A's for that alone is exact no more.
 */
void compare_origin(struct comparison *comparison);

/** compare_origin_text() - print a line for each part in which boots were made unlike */
void compare_origin_text(const struct comparison *comparison);

/** compare_origin_json() - the same as a JSON array */
json_t *compare_origin_json(const struct comparison *comparison);

/**
 * compare_copies() - find boots that are there more than once
 *
 * A test needs boots that are independent of each other.  Sides with copies,
 * between them and A too, are not tested, and @comparison->copies has their files.
 */
void compare_copies(struct comparison *comparison);

/** compare_copies_text() - print a line for each such boot, and what that takes away */
void compare_copies_text(const struct comparison *comparison);

/** compare_build() - put phases and reasons of all boots beside each other */
void compare_build(struct comparison *comparison);

/** compare_free() - free all that a comparison has, but its options */
void compare_free(struct comparison *comparison);

/** compare_name() - what a boot, by its number, calls a reason, or NULL */
const char *compare_name(const struct comparison *comparison,
			 const struct match *match, size_t boot);

/** compare_label() - what to call a reason: its name in the first boot that has it */
const char *compare_label(const struct comparison *comparison,
			  const struct match *match);

/** compare_called() - whether any boot calls a reason so */
bool compare_called(const struct comparison *comparison,
		    const struct match *match, const char *name);

/** compare_varies() - whether any two boots differ in some exits, which all boots tell */
bool compare_varies(const struct comparison *comparison, const struct which *which);

/** compare_figure() - what a side has of some exits; to be freed by figure_free() */
struct figure compare_figure(const struct comparison *comparison,
			     const struct which *which, const struct side *side);

/** compare_unit() - what the table's numbers are: exits, ms, cycles or instructions */
const char *compare_unit(const struct comparison *comparison, enum measure by);

/** compare_known() - whether what the table has of a phase is known of each boot that has it */
bool compare_known(const struct comparison *comparison, const struct pair *pair);

/** figure_free() - free a figure's values */
void figure_free(struct figure *figure);

/** compare_tells() - whether anything can tell differences of a side from chance */
bool compare_tells(const struct side *a, const struct side *side);

/** compare_families() - test all rows of each side, for Holm's correction */
void compare_families(struct comparison *comparison);

/** compare_chance() - what can be said of the difference of two sides' figures, of a row */
struct chance compare_chance(const struct side *a, const struct figure *base,
			     const struct side *side, const struct figure *figure);

/** chance_correct() - correct p by Holm; @family: double, p of all that is tested, sorted */
void chance_correct(struct chance *chance, const struct list *family);

/**
 * compare_gates() - hold each side, beside A, to the gates
 *
 * Return: STATUS_OK, STATUS_FAIL if one is breached, STATUS_USAGE after a
 * message for each that names what no boot has, or STATUS_UNREADABLE after one
 * for each that asks of these boots whether it's chance, and they can't tell.
 */
enum status compare_gates(struct comparison *comparison);

/** compare_gates_text() - print a line for each breach, or one that there is none */
void compare_gates_text(const struct comparison *comparison);

/** compare_gates_json() - the gates as a JSON array */
json_t *compare_gates_json(const struct comparison *comparison);

/* A row of the table, and by how much any side differs from A in it, doubled. */
struct compare_row {
	struct which which;
	__uint128_t by;
};

/**
 * compare_rows() - append the rows of the table, struct compare_row, as the options arrange them
 *
 * Of each phase the reasons that vary, and all of it.  What isn't known differs
 * the most.  The last row, of the total, is there in any case.
 */
void compare_rows(const struct comparison *comparison, struct list *rows);

/** compare_text() - print a comparison for people */
void compare_text(const struct comparison *comparison);

/** compare_json() - a comparison as a JSON object */
json_t *compare_json(const struct comparison *comparison);

/** compare_p_json() - add "p", "p_holm" and "significant" to a JSON object */
void compare_p_json(json_t *object, const struct chance *chance);

/**
 * compare_difference() - add B - A to a JSON object, in its unit and in percent
 * @known: whether both are; else null is added
 * @a: A, doubled
 * @b: B, doubled
 *
 * "difference" is as of measure_json(); "percent" is null for an @a of 0.
 */
void compare_difference(json_t *object, enum measure by, bool known, __uint128_t a,
			__uint128_t b);

#endif /* BOOTEXITS_COMPARE_H */
