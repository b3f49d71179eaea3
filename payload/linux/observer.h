/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The resident observer.  The last vCPU stays in the payload's own memory, and polls
 * while Linux boots on the others.
 */
#ifndef OBSERVER_H
#define OBSERVER_H

#include "payload/lib/types.h"

/*
 * Starts the observer.  From then on only the observer prints.  Returns NULL, or words
 * that say why there is no observer.
 */
const char *observer_start(void);

/* Stops the observer for good, so that other code may print. */
void observer_stop(void);

#endif
