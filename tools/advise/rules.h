/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules of `bootexits advise': rules.json, and files of users (docs/advise.md). */
#ifndef BOOTEXITS_RULES_H
#define BOOTEXITS_RULES_H

#include <stdbool.h>
#include <jansson.h>
#include <linux/types.h>

#include "lib/list.h"
#include "tools/report/site_names.h"

#define RULES_FORMAT	1
#define RULES_MAX	(1 << 20)	/* bytes of a file */

struct code_range {
	__u64 first, last;
};

/* Some exits.  A list that is NULL or empty matches all. */
struct clause {
	const json_t *phases, *reasons;	/* arrays of texts */
	enum site_kind kind;		/* of ranges; SITE_NONE: with any site, or with none */
	struct list ranges;		/* struct code_range */
};

enum claim_how {
	CLAIM_ALL,			/* all matched exits can be avoided */
	CLAIM_PERCENT,			/* so many percent of them */
	CLAIM_ABOVE,			/* all but so many */
};

/* Which exits of a boot can be avoided. */
struct claim {
	struct list clauses;		/* struct clause; an exit has to match one */
	enum claim_how how;
	__u64 number;
	/* Arrays of texts, or NULL.  The trace's command must have one of only, and none of the others. */
	const json_t *only, *not, *unless;	/* unless: the setting is applied already */
};

struct rule {
	const char *id, *title, *setting, *takes_away, *attempt, *source;
	__u64 at_least;			/* exits; fewer are no advice */
	struct claim claim;
	struct claim *blind;		/* for a trace without sites; NULL: there is none */
};

struct rules {
	struct list rules;		/* struct rule */
	struct list files;		/* json_t *: they have the texts */
};

/**
 * rules_add() - read a file of rules, and add them
 * @name: for messages
 *
 * A rule replaces the one of the same id that another file brought.
 *
 * Return: whether the text is right.  If not, a message was printed.
 */
bool rules_add(struct rules *rules, const char *name, const char *text, size_t size);

/** rules_load() - add the rules of a user's file, "-" being the standard input; as rules_add() */
bool rules_load(struct rules *rules, const char *path);

/** rules_own() - add the rules that the program was built with */
bool rules_own(struct rules *rules);

/** rules_find() - return the rule with an id, or NULL */
struct rule *rules_find(const struct rules *rules, const char *id);

/** rules_print() - print the rules that the program was built with */
void rules_print(void);

/** rules_sited() - whether a claim needs sites */
bool rules_sited(const struct claim *claim);

/** rules_free() - free what rules_add() stored */
void rules_free(struct rules *rules);

#endif /* BOOTEXITS_RULES_H */
