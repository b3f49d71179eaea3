/* SPDX-License-Identifier: GPL-2.0-only */
/* The line protocol of docs/abi.md, section 5. */
#ifndef RECORD_H
#define RECORD_H

#include "payload/lib/types.h"

/* In order of severity.  The worst one wins. */
enum verdict {
	VERDICT_PASS,
	VERDICT_SKIP,
	VERDICT_FAIL,
};

/*
 * A record is record_begin(), its values, and record_end(), which prints it.
 * If a record was begun and not ended, the next one discards it.
 */
void record_begin(const char *tag);
void record_number(const char *key, u64 value);

/* Prints a blank within a word as '_'. */
void record_word(const char *key, const char *word);

/*
 * Adds "A:B" to a list.  Give the key with the first pair, and NULL with the others.
 * The others get a comma.
 */
void record_pair(const char *key, u64 a, u64 b);

/* Prints a text in quotes, cut at 80 characters. */
void record_text(const char *key, const char *text);

/* Returns how many bytes the record had. */
u32 record_end(void);

/* Makes the verdict at least this bad. */
void verdict_worsen(enum verdict verdict);

/* Return the verdict so far, and its value for isa-debug-exit. */
enum verdict verdict_worst(void);
u8 verdict_exit(void);

/* Prints one `selftest` record.  If ok is false, the run fails. */
void expect(const char *name, u64 n, u64 expected, u64 got, bool ok);

/* Prints a `selftest` record that says why nothing was tested. */
void expect_none(const char *name, const char *why);

/* Prints `verdict` and `end`. */
void verdict_print(void);

/* Stops the machine with the verdict. */
void stop(void) __attribute__((noreturn));

/* Prints `verdict` and `end`, and stops the machine. */
void finish(void) __attribute__((noreturn));

#endif
