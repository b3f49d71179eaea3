/* SPDX-License-Identifier: GPL-2.0-only */
/* What the subcommands share: how they are called and what they return. */
#ifndef BOOTEXITS_H
#define BOOTEXITS_H

#include <argp.h>
#include <jansson.h>
#include <stdbool.h>
#include <linux/types.h>

#include "version.h"

/* The exit status, as everywhere in bootexits. */
enum status {
	STATUS_OK = 0,
	STATUS_FAIL = 1,	/* a mismatch, a defect, or the verdict fail */
	STATUS_USAGE = 2,
	STATUS_UNREADABLE = 3,
	STATUS_SKIP = 4,	/* the verdict skip: there was nothing to read */
	STATUS_TIMEOUT = 124,	/* of a recording, like the next two */
	STATUS_HANG = 125,	/* in the lab */
	STATUS_INTERRUPTED = 130,
};

/** status_worse() - the one of two statuses that has to be told */
enum status status_worse(enum status a, enum status b);

/*
 * Subcommands.  Each takes its own argv, argv[0] being "bootexits NAME", and
 * returns its exit status; a wrong argument ends the program with status 2.
 */
enum status report_main(int argc, char **argv);
enum status check_main(int argc, char **argv);
enum status compare_main(int argc, char **argv);
enum status export_main(int argc, char **argv);
enum status record_main(int argc, char **argv);
enum status plot_main(int argc, char **argv);
enum status html_main(int argc, char **argv);
enum status bench_main(int argc, char **argv);
enum status doctor_main(int argc, char **argv);

#define DEFAULT_TRACE	"bootexits.trace"	/* what record writes, and report reads */

/**
 * save() - write a command's output, or say in a line why it can't be written
 * @path: - is the standard output
 * @bytes: are freed
 *
 * Return: STATUS_OK or STATUS_UNREADABLE.
 */
enum status save(const char *path, char *bytes, size_t size);

/** parse_arguments() - argp_parse() of all arguments, with -h for --help */
void parse_arguments(const struct argp *argp, int argc, char **argv, unsigned int flags,
		     void *input);

/**
 * parse_one_log() - the part of an argp parser that takes one log, and no more
 * @path: NULL, or the log that was given already
 *
 * Return: 0, or ARGP_ERR_UNKNOWN for what is not about logs.  A wrong number of
 * them ends the program with status 2.
 */
error_t parse_one_log(int key, char *arg, struct argp_state *state,
		      const char **path);

/** parse_number() - read a decimal number; false: it is none, or above @max */
bool parse_number(const char *arg, __u64 max, __u64 *number);

/** parse_unit() - the value of --unit, "cycles" or "instructions", or the same */
const char *parse_unit(const char *arg, struct argp_state *state);

/** json_u64() - a JSON integer, or a string of digits from 2^63 on */
json_t *json_u64(__u64 number);

/** json_text() - a JSON string of any bytes; what isn't UTF-8 becomes U+FFFD */
json_t *json_text(const char *bytes);

#define JSON_DIGITS	15	/* of a real: as many as a double always keeps */

/** json_rounded() - a JSON real of what was calculated, cut to six digits */
json_t *json_rounded(double number);

/** json_document() - an object with the schema's version first, then what is in @root, which it frees */
json_t *json_document(json_t *root);

/** json_show() - print @root as a document, indented, in a stable order, and free it */
void json_show(json_t *root);

#endif /* BOOTEXITS_H */
