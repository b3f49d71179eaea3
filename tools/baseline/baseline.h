/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A baseline: the exits that a boot may have, and what it was made of, in a small file of JSON that
 * lives in a repository (docs/ci.md).  People review its diff.
 */
#ifndef BOOTEXITS_BASELINE_H
#define BOOTEXITS_BASELINE_H

#include "tools/compare/compare.h"

#define BASELINE_FORMAT	1	/* value of the key "bootexits_baseline" */

/**
 * baseline_read() - read a baseline, and check its form
 *
 * Return: its JSON, or NULL after a message.
 */
json_t *baseline_read(const char *path);

/** baseline_write() - write a baseline, one number a line; the status, after a message if it fails */
enum status baseline_write(const char *path, const json_t *root);

/**
 * baseline_gates() - put the gates of a baseline before those in a list of struct gate
 *
 * Return: STATUS_OK, or STATUS_USAGE after a message.
 */
enum status baseline_gates(const char *path, const json_t *root, struct list *gates);

/** baseline_gate() - parse a gate; return NULL, or what is wrong; a baseline can't tell chance */
const char *baseline_gate(const char *text, struct gate *gate);

/**
 * baseline_take() - set the counts of a baseline, and what they were made of
 * @root: gets the keys boots, made, phases and total; all other keys stay
 * @of: the comparison whose first side has the boots; it is built
 *
 * Return: STATUS_OK; else, after a message, the status of a boot that has not passed or
 * has defects, or STATUS_UNREADABLE if records are missing.
 */
enum status baseline_take(json_t *root, const struct comparison *of);

/**
 * baseline_side() - make a baseline the first side of a comparison
 * @path: is kept
 *
 * Return: false, after a message, if it has too many phases or reasons.
 */
bool baseline_side(struct comparison *comparison, const char *const *path, const json_t *root);

/** baseline_differs() - print how the boots of B were made otherwise; false if by nothing but what is under test */
bool baseline_differs(const struct comparison *comparison, const char *path);

/**
 * baseline_check() - compare boots with a baseline, and print
 * @comparison: has its options; the caller frees it
 * @path: of the baseline; is kept
 * @traces: const char *: the boots
 *
 * Return: as compare_boots().  STATUS_UNREADABLE if the boots were made with another L1, unless
 * that is forced: then a line says so, and what to do.
 */
enum status baseline_check(struct comparison *comparison, const char *const *path, const json_t *root,
			   const struct list *traces);

#endif /* BOOTEXITS_BASELINE_H */
