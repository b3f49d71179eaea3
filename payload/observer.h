/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The resident observer: the last vCPU, which goes on polling in the payload's
 * own memory while Linux boots on the others.
 */
#ifndef OBSERVER_H
#define OBSERVER_H

#include "types.h"

/*
 * Starts it.  From then on only the observer prints.  Returns NULL, or why
 * there is none, in words.
 */
const char *observer_start(void);

/* Stops it for good, so that somebody else may print. */
void observer_stop(void);

#endif
