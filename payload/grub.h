/* SPDX-License-Identifier: GPL-2.0-only */
/* How GRUB 2 writes the words of its configuration into a command line. */
#ifndef GRUB_H
#define GRUB_H

#include "types.h"

/*
 * Copies a line without what GRUB has put in: a backslash in front of each quote,
 * apostrophe and backslash, and quotes around a word with a blank.  These stay where the
 * word has no quotes of its own, as Linux wants some.  A line that is not as GRUB writes
 * them is copied as it is; one that does not fit is cut.
 */
void grub_unescape(char *to, const char *line, u32 max);

#endif
