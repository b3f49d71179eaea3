/* SPDX-License-Identifier: GPL-2.0-only */
/* The samples of a run: what its observer polled. */
#ifndef BOOTEXITS_SAMPLES_H
#define BOOTEXITS_SAMPLES_H

#include "tools/trace/log.h"

/**
 * samples_take() - append the samples of a record to a run's
 * @record: decoded; first, nr and said are filled in, d is used up
 *
 * A malformed pair is a defect.  The pairs before it are kept.  Those after it are
 * lost, because each is a difference to the one before.
 */
void samples_take(struct log *log, struct run *run, struct log_samples *record);

/**
 * samples_next() - add "DTSC:DOTHERS" to a sample, and move past it and its comma
 *
 * Return: false if there is none, or if a sum has more than 64 bits.
 */
bool samples_next(const char **text, struct log_sample *sample);

/** samples_check() - add the defects of a run's samples, as a whole */
void samples_check(struct run *run);

/** samples_said() - number of samples in a run's records, also those not kept */
__u64 samples_said(const struct run *run);

/** samples_last() - the last sample of a run, or NULL */
const struct log_sample *samples_last(const struct run *run);

#endif /* BOOTEXITS_SAMPLES_H */
