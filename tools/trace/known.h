/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run that lacks records still tells: nobody may take a part for the whole. */
#ifndef BOOTEXITS_KNOWN_H
#define BOOTEXITS_KNOWN_H

#include "phases.h"

/** known_missing() - how many records a run lacks, as far as their numbers tell */
__u64 known_missing(const struct run *run);

/** known_head() - how many records a run lacks in front of its first one */
__u64 known_head(const struct run *run);

/** known_partial() - whether a run lacks any record, the last ones included */
bool known_partial(const struct run *run);

/** known_whole() - whether no record is missing between two lines */
bool known_whole(const struct run *run, unsigned long from, unsigned long to);

/**
 * known_guest() - the view of the exits that are the boot's, no observer's
 *
 * The `observer' record says which vCPU observed.  Where that may be lost,
 * samples say that one did, and docs/abi.md, section 6, that it is the last.
 */
struct phases_view known_guest(const struct run *run);

/**
 * known_marks() - set what each mark lacks
 * @phases: its marks are filled in; what isn't known of one is made 0
 *
 * The reasons of a mark are all there if they add up to its total, and so are
 * its parts, and its times.
 */
void known_marks(const struct run *run, struct phases_view view, struct phases *phases);

#define KNOWN_TEXT	(LOG_MESSAGE + LOG_TEXT)

/** known_text() - what isn't known of a phase, or of the total, and why; false: all is */
bool known_text(const struct phase *phase, char text[KNOWN_TEXT]);

/** known_all() - whether that is known of each phase */
bool known_all(const struct phases *phases, enum phase_part part);

/** known_warn() - say on standard error what isn't known of the phases, line by line */
void known_warn(const char *path, const struct phases *phases);

/**
 * known_rows() - set what each phase lacks, and the total
 * @phases: its rows are subtracted; what isn't known of one is made 0
 */
void known_rows(const struct run *run, struct phases *phases);

#endif /* BOOTEXITS_KNOWN_H */
