/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Comparing boots: A is the base, and each further side is compared with it.  A
 * side is one boot or several.  Of several boots, the medians are compared.
 */
#ifndef BOOTEXITS_COMPARE_H
#define BOOTEXITS_COMPARE_H

#include "tools/bootexits.h"
#include "tools/compare/alike.h"
#include "tools/compare/gate.h"
#include "tools/compare/measure.h"
#include "tools/compare/shift.h"
#include "tools/trace/view.h"
#include "lib/table.h"

enum compare_format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_MARKDOWN,
	FORMAT_JUNIT,
	FORMAT_GITHUB,
	FORMATS,
};

struct compare_options {
	struct list arguments;	/* const char *: the sides */
	struct view view;	/* --vcpu */
	enum measure by;	/* for the table; a gate has its own */
	enum compare_format format;
	bool force;
	bool by_delta;		/* --sort=delta: rows with the largest difference first */
	__u64 top;		/* --top: number of rows; 0: all */
	double least;		/* --min: percent of A's figure by which a row differs */
	bool arranged;		/* --sort, --top or --min was given */
	struct list gates;	/* struct gate */
};

/* A file of one run.  Only its phases are kept. */
struct boot {
	char *path;
	struct log log;
	const struct run *run;
	struct phases phases;
};

struct side {
	char name[8];		/* A, B ... Z, AA ... */
	const char *argument;
	size_t first, nr;	/* a range of the comparison's boots */
	/*
	 * Each boot says that it repeats exactly, and all do repeat.  Each is made like
	 * A's boots, except for what is under test.  A itself: some other side is exact.
	 */
	bool exact;
	/* A further side: it and A have several boots, and no boot is a copy of another. */
	bool tested;
	bool copies;		/* it is not tested, only because of copies */
	struct list family;	/* double: the p of each row that is tested, sorted */
};

/* A phase of any boot, or the total. */
struct pair {
	const char *label;
	const struct phase **phase;	/* for each boot; NULL: it has no phase of this name */
};

/* A reason by its slot in each boot; -1: this boot doesn't have it. */
struct match {
	int *slot;
};

/* Selects exits of a phase, and a measure: those of a match, of all reasons of a name, or all. */
struct which {
	enum measure by;
	const struct pair *pair;
	const struct match *match;
	const char *reason;
};

/* The values of some exits in the boots of a side. */
struct figure {
	bool exists;			/* any boot has the phase */
	bool unknown;			/* records are missing: for some boot it isn't known */
	__u64 *values;			/* sorted */
	size_t nr;
	__uint128_t twice;	/* their median, doubled */
};

/* How a difference can be told from chance. */
enum sureness {
	SURE_UNTOLD,	/* it can't: there is one boot a side, or there are copies */
	SURE_EXACT,	/* the boots of both sides are exact */
	SURE_SAME,	/* all boots have the same value: nothing to test */
	SURE_TESTED,	/* by the p of a test */
};

/* Whether a side's difference to A may be chance. */
struct chance {
	enum sureness sureness;
	double p;		/* of the Mann-Whitney U test; 1 if there was none */
	double holm;		/* p, corrected for the number of tests */
	bool significant;
	struct shift shift;	/* not if it is exact or untold */
};

/* A gate and the values of A and a side.  chance is set if the gate asks for it. */
struct held {
	const struct gate *gate;
	const struct side *side;
	struct which which;
	__uint128_t a, b;	/* medians, doubled */
	struct chance chance;
	bool unlike;		/* some boot lacks the phase, or ends with another one */
	bool unknown;		/* the number isn't known for some boot */
	bool breached;
	bool overruled;		/* not breached, only because the difference may be chance */
};

/* How a side's first boot is made other than A's, or a further boot other than the first. */
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
	json_t *copies;		/* an array of arrays of files; each array is one boot */
	bool baseline;		/* A is a baseline's counts: no boots, so no chance can be told */
	bool by_name;		/* reasons match by name, case ignored, not by slot */
	struct list matches;	/* struct match */
	struct list pairs;	/* struct pair; the last one is the total */
	struct list gates;	/* struct held */
	bool equal;		/* all medians are the same as A's */
	bool unknown;		/* some medians are unknown */
};

/**
 * compare_load() - read the boots of all sides, and their phases
 *
 * Return: STATUS_OK, or STATUS_UNREADABLE after a message for each bad file: it
 * can't be read, isn't one boot with phases, or can't be compared with the first
 * one, unless that is forced.
 */
enum status compare_load(struct comparison *comparison);

/**
 * compare_load_side() - read the boots of the next side
 * @arguments: @nr files, directories or patterns, at least one.  All of their boots are of this side.
 *
 * Return: as compare_load().
 */
enum status compare_load_side(struct comparison *comparison, const char *const *arguments, size_t nr);

/**
 * compare_boots() - compare the sides that were loaded, judge them by the gates, and print
 *
 * Return: the status that the program would end with.
 */
enum status compare_boots(struct comparison *comparison);

/**
 * compare_origin() - find how the boots differ in what they are made of
 *
 * Puts it into @comparison->differences.  If only that may explain why a side's
 * counts differ from A's, the side is not exact any more.
 */
void compare_origin(struct comparison *comparison);

/** compare_origin_text() - print a line for each part in which the boots differ */
void compare_origin_text(const struct comparison *comparison);

/** compare_origin_json() - return the same as a JSON array */
json_t *compare_origin_json(const struct comparison *comparison);

/**
 * compare_copies() - find boots that were given more than once
 *
 * A test needs boots that are independent of each other.  So a side is not tested
 * if it has copies, or copies of A's boots.  @comparison->copies gets their files.
 */
void compare_copies(struct comparison *comparison);

/** compare_copies_text() - print a line for each such boot, and for each side that has no p */
void compare_copies_text(const struct comparison *comparison);

/** compare_build() - match the phases and the reasons of all boots */
void compare_build(struct comparison *comparison);

/** compare_free() - free a comparison, but not its options */
void compare_free(struct comparison *comparison);

/** compare_name() - a reason's name in a boot, which is given by its number, or NULL */
const char *compare_name(const struct comparison *comparison,
			 const struct match *match, size_t boot);

/** compare_label() - a reason's name in the first boot that has it */
const char *compare_label(const struct comparison *comparison,
			  const struct match *match);

/** compare_called() - whether a reason has this name in any boot */
bool compare_called(const struct comparison *comparison,
		    const struct match *match, const char *name);

/** compare_varies() - whether some exits are known in all boots, and differ in any two */
bool compare_varies(const struct comparison *comparison, const struct which *which);

/** compare_figure() - the values of some exits in a side; free them by figure_free() */
struct figure compare_figure(const struct comparison *comparison,
			     const struct which *which, const struct side *side);

/** compare_unit() - unit of the table's numbers: exits, ms, cycles or instructions */
const char *compare_unit(const struct comparison *comparison, enum measure by);

/** compare_known() - whether the table's numbers of a phase are known in all boots that have it */
bool compare_known(const struct comparison *comparison, const struct pair *pair);

/** figure_free() - free a figure's values */
void figure_free(struct figure *figure);

/** compare_tells() - whether a side's differences can be told from chance */
bool compare_tells(const struct side *a, const struct side *side);

/** compare_families() - test all rows of each side, for Holm's correction */
void compare_families(struct comparison *comparison);

/** compare_chance() - whether the difference of two sides' figures in a row may be chance */
struct chance compare_chance(const struct side *a, const struct figure *base,
			     const struct side *side, const struct figure *figure);

/** chance_correct() - correct p by Holm; @family: double, the p of all tests, sorted */
void chance_correct(struct chance *chance, const struct list *family);

/**
 * compare_gates() - judge each side's difference to A by the gates
 *
 * Return: STATUS_OK; STATUS_FAIL if a gate is breached; STATUS_USAGE, after a
 * message, for each gate whose name no boot has; STATUS_UNREADABLE, after a
 * message, for each gate that asks whether a difference is significant if the
 * boots can't tell.
 */
enum status compare_gates(struct comparison *comparison);

/** compare_gates_text() - print a line for each breach, or one line if there is none */
void compare_gates_text(const struct comparison *comparison);

/** compare_gates_json() - return the gates as a JSON array */
json_t *compare_gates_json(const struct comparison *comparison);

/* A row of the table, and the largest difference of any side to A in it, doubled. */
struct compare_row {
	struct which which;
	__uint128_t by;
};

/**
 * compare_rows() - append the table's rows, struct compare_row, in the order of the options
 *
 * A phase has a row for each reason that varies, and one for all reasons.  A
 * row that isn't known counts as the largest difference.  The last row, the
 * total's, is always there.
 */
void compare_rows(const struct comparison *comparison, struct list *rows);

/** compare_text() - print a comparison as text */
void compare_text(const struct comparison *comparison);

/* The parts of the text */

/** compare_head_text() - print what is compared, a line each; the last line says whether it is equal */
void compare_head_text(const struct comparison *comparison);

/** compare_table() - make the table, and hand it to @print */
void compare_table(const struct comparison *comparison, void (*print)(const struct table *table));

/** compare_note_text() - explain the mark, or that nothing could be significant because there are too few boots */
void compare_note_text(const struct comparison *comparison);

/** compare_held_text() - print the line of a gate that is breached, or is not only because of chance */
void compare_held_text(const struct comparison *comparison, const struct held *held);

/** compare_formats - names of the formats, then NULL */
extern const char *const compare_formats[FORMATS + 1];

/** compare_format_find() - return the format of a name, or -1 */
int compare_format_find(const char *name);

/** compare_format() - print a comparison as Markdown, as JUnit's XML, or as GitHub's workflow commands */
void compare_format(const struct comparison *comparison, enum compare_format format);

/** compare_json() - return a comparison as a JSON object */
json_t *compare_json(const struct comparison *comparison);

/** compare_p_json() - add "p", "p_holm" and "significant" to a JSON object */
void compare_p_json(json_t *object, const struct chance *chance);

/**
 * compare_difference() - add B - A to a JSON object, in the measure's unit and in percent
 * @known: whether both are known; if not, null is added
 * @a: A, doubled
 * @b: B, doubled
 *
 * "difference" is made by measure_json().  "percent" is null if @a is 0.
 */
void compare_difference(json_t *object, enum measure by, bool known, __uint128_t a,
			__uint128_t b);

#endif /* BOOTEXITS_COMPARE_H */
