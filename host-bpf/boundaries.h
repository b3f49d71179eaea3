/* SPDX-License-Identifier: GPL-2.0-only */
/* The names of phases that no guest marked. */
#ifndef BOUNDARIES_H
#define BOUNDARIES_H

#include "payload/lib/types.h"

/**
 * boundary_text() - name the phase that ends with a text of the guest's
 * @name: must stay
 *
 * Return: its number, from 0 on, or -1 if there are EXITS_TEXTS already.
 */
int boundary_text(const char *name);

/** boundary_texts() - return how many texts have a name */
int boundary_texts(void);

/** boundary_name() - return the name of any phase; the guest's own are those of name_of_phase() */
const char *boundary_name(u32 phase);

#endif
