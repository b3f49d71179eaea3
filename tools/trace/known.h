/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of a run that lacks records.  A part must never pass for the whole. */
#ifndef BOOTEXITS_KNOWN_H
#define BOOTEXITS_KNOWN_H

#include "tools/trace/phases.h"

/** known_missing() - number of records that a run lacks, by their sequence numbers */
__u64 known_missing(const struct run *run);

/** known_head() - number of records that a run lacks before its first one */
__u64 known_head(const struct run *run);

/** known_partial() - whether a run lacks any record, also the last ones */
bool known_partial(const struct run *run);

/** known_whole() - whether no record is missing between two lines */
bool known_whole(const struct run *run, unsigned long from, unsigned long to);

/**
 * known_guest() - the view of guest exits, without the observer's vCPU
 *
 * The record `observer' says which vCPU observed.  If it may be lost, samples show
 * that a vCPU observed.  By docs/abi.md, section 6, it is the last one.
 */
struct phases_view known_guest(const struct run *run);

/**
 * known_marks() - set what is unknown of each mark
 * @phases: its marks are filled in; unknown numbers are set to 0
 *
 * All reasons of a mark are there if they add up to its total.  The same goes for
 * its parts and its times.
 */
void known_marks(const struct run *run, struct phases_view view, struct phases *phases);

#define KNOWN_TEXT	(LOG_MESSAGE + LOG_TEXT)

/** known_text() - say what is unknown of a phase or the total, and why; false if all is known */
bool known_text(const struct phase *phase, char text[KNOWN_TEXT]);

/** known_all() - whether @part is known of each phase */
bool known_all(const struct phases *phases, enum phase_part part);

/** known_warn() - print on standard error what is unknown of the phases, line by line */
void known_warn(const char *path, const struct phases *phases);

/**
 * known_rows() - set what is unknown of each phase and of the total
 * @phases: its rows are subtracted; unknown numbers are set to 0
 */
void known_rows(const struct run *run, struct phases *phases);

#endif /* BOOTEXITS_KNOWN_H */
