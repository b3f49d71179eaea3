/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by all subcommands: how they are called, and what they return. */
#ifndef BOOTEXITS_H
#define BOOTEXITS_H

#include <argp.h>
#include <stdbool.h>
#include <linux/types.h>

#include "lib/status.h"
#include "lib/version.h"

/** status_worse() - return the more severe of two statuses */
enum status status_worse(enum status a, enum status b);

/*
 * Subcommands.  Each takes its own argv, with "bootexits NAME" as argv[0], and
 * returns its exit status.  A wrong argument ends the program with status 2.
 */
enum status report_main(int argc, char **argv);
enum status check_main(int argc, char **argv);
enum status compare_main(int argc, char **argv);
enum status bisect_main(int argc, char **argv);
enum status baseline_main(int argc, char **argv);
enum status export_main(int argc, char **argv);
enum status record_main(int argc, char **argv);
enum status plot_main(int argc, char **argv);
enum status html_main(int argc, char **argv);
enum status bench_main(int argc, char **argv);
enum status doctor_main(int argc, char **argv);
enum status advise_main(int argc, char **argv);
enum status import_main(int argc, char **argv);

#define DEFAULT_TRACE	"bootexits.trace"	/* record writes it, and report reads it */

#define TRACE_STDOUT	"/dev/stdout"	/* the path of "-" */

/** trace_path() - return the path that @arg, the value of -o, means for a trace */
const char *trace_path(const char *arg);

/** refuse_terminal() - end the program with status 2 if a trace at @path would go to a terminal */
void refuse_terminal(const char *path, const struct argp_state *state);

/**
 * save() - write a command's output, or print one line on why that failed
 * @path: "-" is the standard output
 * @bytes: the output; is freed
 *
 * Return: STATUS_OK or STATUS_UNREADABLE.
 */
enum status save(const char *path, char *bytes, size_t size);

/** parse_arguments() - call argp_parse(), and also accept -h for --help */
void parse_arguments(const struct argp *argp, int argc, char **argv, unsigned int flags,
		     void *input);

/**
 * parse_one_log() - part of an argp parser that takes exactly one log
 * @path: NULL, or the log that was given before
 *
 * Return: 0, or ARGP_ERR_UNKNOWN for a key that is not about logs.  A wrong
 * number of logs ends the program with status 2.
 */
error_t parse_one_log(int key, char *arg, struct argp_state *state,
		      const char **path);

#define BPF_PROGRAM	"bootexits-bpf"		/* counts on a stock KVM (docs/bpf.md) */

/**
 * program_beside() - return the path of @name in the folder that this program is in
 *
 * PATH is not searched, because root may run the program.  The path is valid until the next
 * call.  NULL if the folder is not known, or the path is too long.
 */
const char *program_beside(const char *name);

/** any_link() - whether a directory has a link whose target is @wanted; a target is cut at 63 bytes */
bool any_link(const char *directory, bool (*wanted)(const char *target, const void *data), const void *data);

/** word_find() - return the index of @word in @words, which end with NULL, or -1 */
int word_find(const char *const words[], const char *word);

/** parse_number() - read a decimal number; false if it isn't one, or is above @max */
bool parse_number(const char *arg, __u64 max, __u64 *number);

/** parse_unit() - return @arg, the value of --unit; a wrong one ends the program with status 2 */
const char *parse_unit(const char *arg, struct argp_state *state);

#endif /* BOOTEXITS_H */
