/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BOOTEXITS_CHECK_H
#define BOOTEXITS_CHECK_H

#include "tools/bootexits.h"
#include "tools/trace/log.h"

/**
 * check_run() - add the defects that a run of a serial log has as a whole
 *
 * These are in sums, order, end and verdict, by docs/abi.md, section 5.  Then sort
 * all defects by their lines.
 */
void check_run(struct run *run);

/**
 * check_load() - read a log, and if it is a serial log, check its runs
 * @path: "-" is the standard input
 *
 * Return: STATUS_OK, or STATUS_UNREADABLE after a message.  Defects are not an
 * error here.  In both cases, free @log by log_free().
 */
enum status check_load(const char *path, enum log_kind kind, struct log *log);

/**
 * check_unfinished() - whether a Linux was booted, but its user space has no mark
 * @text: filled in with a message, if so
 */
bool check_unfinished(const struct run *run, char text[LOG_MESSAGE]);

/** check_none() - text for a message on a log that has no run */
const char *check_none(const struct log *log);

/** check_load_one() - as check_load(), but fail unless there is exactly one run */
enum status check_load_one(const char *path, struct log *log);

/** check_status() - the exit status that a checked run gives by itself */
enum status check_status(const struct run *run);

/** check_warn() - print on standard error how many defects a run has, if any */
void check_warn(const char *path, const struct run *run);

/** check_print_defects() - print "PATH:LINE: DEFECT" for each defect of a run */
void check_print_defects(const char *path, const struct run *run);

#endif /* BOOTEXITS_CHECK_H */
