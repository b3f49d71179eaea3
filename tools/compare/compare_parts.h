/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts that a boot of the lab is made of. */
#ifndef BOOTEXITS_COMPARE_PARTS_H
#define BOOTEXITS_COMPARE_PARTS_H

#include <jansson.h>
#include <stdbool.h>

/* The part that a file of a trace belongs to, by where lab/lab.sh takes it from. */
enum owner {
	OWNER_GUEST,		/* the command names the file */
	OWNER_L1,
	OWNER_MODULES,
	OWNER_SCRIPTS,
};

struct part {
	const char *key, *name;
	/*
	 * Whether a user may put it under test.  Any other part only disturbs the
	 * counts.
	 */
	bool tested;
	/* Add a text to @what for each difference of two traces' metadata.  May be NULL. */
	void (*add)(json_t *what, const json_t *a, const json_t *b);
};

enum part_number {
	PART_OBSERVER,
	PART_LANE,
	PART_EMULATOR,
	PART_L1,
	PART_LAB,
	PART_KVM,
	PART_GUEST,
	NR_PARTS,
};

extern const struct part compare_parts[NR_PARTS];

/** part_base() - the part of a path after its last slash */
const char *part_base(const char *path);

/** part_owner() - the part that a file belongs to, by its path */
enum owner part_owner(const char *path);

/** part_files() - the files in a trace's metadata */
const json_t *part_files(const json_t *meta);

/** part_text() - the text of a JSON string, or "" if @value is something else */
const char *part_text(const json_t *value);

/** part_path() - the path of one of those files */
const char *part_path(const json_t *file);

/** part_same() - whether two files have the same bytes */
bool part_same(const json_t *a, const json_t *b);

/** part_add() - add a text to @what, without control characters, which could reach a terminal */
void __attribute__((format(printf, 2, 3))) part_add(json_t *what, const char *format, ...);

/** part_add_guest() - add the differences of the files and words of two commands */
void part_add_guest(json_t *what, const json_t *a, const json_t *b);

#endif /* BOOTEXITS_COMPARE_PARTS_H */
