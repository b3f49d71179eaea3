/* SPDX-License-Identifier: GPL-2.0-only */
/* Advice: which exits of a boot can be avoided, by which setting. */
#ifndef BOOTEXITS_ADVISE_H
#define BOOTEXITS_ADVISE_H

#include "tools/advise/rules.h"
#include "tools/bootexits.h"
#include "tools/compare/gate.h"
#include "tools/symbols/symbols.h"
#include "tools/trace/phases.h"

/* Exits of one phase and reason, and of one site if the trace has sites. */
struct exits_cell {
	const struct phase *row;
	unsigned int slot;
	enum site_kind kind;		/* SITE_NONE: the site isn't known */
	__u64 code, exits;
	const struct log_site *site;	/* NULL: the site isn't known */
	__u64 claimed;			/* the most that a piece of advice avoids of them */
	bool first;			/* of its phase and reason */
};

struct advice {
	const struct rule *rule;
	const struct claim *claim;	/* the rule's, or the one for a trace without sites */
	struct list cells;		/* struct exits_cell *: what it matches, most exits first */
	__u64 matched;			/* exits */
	__u64 exits;			/* that can be avoided, of these */
	__u64 cost;			/* ticks of KVM and the VMM for them */
	bool estimate;			/* exits is one */
	bool cost_estimate;
};

struct advise {
	const char *path, *unit;
	char *command;			/* the words that made the trace; " ": not known */
	const struct run *run;
	struct phases phases;
	struct list sites;		/* made by sites_build() */
	const struct list *files;	/* struct symbols_file: of --symbols, or NULL */
	struct symbols symbols;
	struct list cells;		/* struct exits_cell */
	struct list advice;		/* struct advice, most exits first */
	struct list applied;		/* const struct rule *: the command shows that they are */
	size_t unseen;			/* rules that only sites could judge */
	bool unknown;			/* the reasons of a phase aren't known */
	__u64 exits, cost;		/* of the boot, where its reasons are known */
	__u64 avoidable;		/* exits; none is counted twice */
	bool estimate;			/* avoidable is one */
};

/**
 * advise_build() - judge the only run of a log
 * @advise: its path and files are set; free it by advise_free()
 */
void advise_build(struct advise *advise, const struct log *log, const struct rules *rules);

/** advise_cells() - split the exits of the run by phase, reason and site */
void advise_cells(struct advise *advise);

/** advise_cost() - ticks of KVM and the VMM for some of a cell's exits, as for all of its reason */
__u64 advise_cost(const struct exits_cell *cell, __u64 exits);

/** advise_judge() - find what each rule would avoid */
void advise_judge(struct advise *advise, const struct rules *rules);

/* A gate of --fail-on, and what it judges. */
struct advise_gate {
	struct gate gate;
	__u64 exits;			/* that can be avoided */
	bool breached;
};

/**
 * advise_gates() - judge the gates
 * @gates: struct advise_gate; their names are `total' or a rule's id
 *
 * Return: STATUS_OK, STATUS_FAIL, or STATUS_USAGE after a message on a name that no rule has.
 */
enum status advise_gates(const struct advise *advise, const struct rules *rules,
			 const struct list *gates);

/** advise_text() - print the advice as text */
void advise_text(const struct advise *advise, const struct list *gates);

/** advise_json() - return the advice as JSON */
json_t *advise_json(const struct advise *advise, const struct list *gates);

/**
 * advise_try() - `make run' with a rule's setting, and compare that boot with the trace
 * @meta: the trace's metadata, which say how it was made
 * @settings: const char *: the user's VARIABLE=VALUE for make
 *
 * Return: STATUS_OK; STATUS_USAGE after a message if the rule or the trace can't be tried; STATUS_UNREADABLE
 * after one if make failed; that of check_load_one().
 */
enum status advise_try(const struct advise *advise, const struct advice *advice, const json_t *meta,
		       const struct list *settings);

/** advise_free() - free what advise_build() stored */
void advise_free(struct advise *advise);

#endif /* BOOTEXITS_ADVISE_H */
