/* SPDX-License-Identifier: GPL-2.0-only */
/* The line protocol of docs/abi.md, section 5. */
#ifndef RECORD_H
#define RECORD_H

#include "types.h"

/* In order of severity: the worst one wins. */
enum verdict {
	VERDICT_PASS,
	VERDICT_SKIP,
	VERDICT_FAIL,
};

/*
 * One record: record_begin(), its values, record_end(), which prints it.
 * A record that was begun and not ended is forgotten by the next one.
 */
void record_begin(const char *tag);
void record_number(const char *key, u64 value);

/* A blank within a word is printed as '_'. */
void record_word(const char *key, const char *word);

/*
 * "A:B", as one of a list: the key stands before the first, and is NULL for
 * those behind it, which get a comma.
 */
void record_pair(const char *key, u64 a, u64 b);

/* A text is printed in quotes, clipped at 80 characters. */
void record_text(const char *key, const char *text);

/* Returns how many bytes the record had. */
u32 record_end(void);

/* Makes the verdict at least this bad. */
void verdict_worsen(enum verdict verdict);

/* The verdict so far, and its value for isa-debug-exit. */
enum verdict verdict_worst(void);
u8 verdict_exit(void);

/* Prints one selftest record; a wrong count fails the run. */
void expect(const char *name, u64 n, u64 expected, u64 got, bool ok);

/* Prints one that says why nothing was tried. */
void expect_none(const char *name, const char *why);

/* Prints `verdict` and `end`. */
void verdict_print(void);

/* Stops the machine with the verdict. */
void stop(void) __attribute__((noreturn));

/* Does both. */
void finish(void) __attribute__((noreturn));

#endif
