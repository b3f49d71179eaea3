/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BOOTEXITS_CHECK_H
#define BOOTEXITS_CHECK_H

#include "bootexits.h"
#include "log.h"

/**
 * check_run() - add to a run of a serial log the defects that it has as a whole
 *
 * Sums, order, end and verdict, as docs/abi.md section 5 demands them.  The
 * defects then are in the order of their lines.
 */
void check_run(struct run *run);

/**
 * check_load() - read a log, and if it is a serial one, check its runs
 * @path: "-" is the standard input
 *
 * Return: STATUS_OK, or STATUS_UNREADABLE after a message.  Defects are no
 * error here.  @log is to be freed by log_free() in both cases.
 */
enum status check_load(const char *path, enum log_kind kind, struct log *log);

/**
 * check_unfinished() - whether a Linux was booted and its user space not marked
 * @text: says so then
 */
bool check_unfinished(const struct run *run, char text[LOG_MESSAGE]);

/** check_none() - what a log is that has no run */
const char *check_none(const struct log *log);

/** check_load_one() - as check_load(), and fails unless there is just one run */
enum status check_load_one(const char *path, struct log *log);

/** check_status() - what a checked run, alone, makes the exit status */
enum status check_status(const struct run *run);

/** check_warn() - say on standard error how many defects a run has, if any */
void check_warn(const char *path, const struct run *run);

/** check_print_defects() - print "PATH:LINE: DEFECT" for each defect of a run */
void check_print_defects(const char *path, const struct run *run);

#endif /* BOOTEXITS_CHECK_H */
