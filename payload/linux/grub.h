/* SPDX-License-Identifier: GPL-2.0-only */
/* How GRUB 2 writes the words of its configuration into a command line. */
#ifndef GRUB_H
#define GRUB_H

#include "payload/lib/types.h"

/*
 * Copies a line without what GRUB adds: a backslash before each quote, apostrophe and
 * backslash, and quotes around a word with a blank.  If a word has no quotes of its own,
 * GRUB's quotes stay, because Linux needs some.  A line that GRUB can't have written is
 * copied as it is.  A line that does not fit is cut.
 */
void grub_unescape(char *to, const char *line, u32 max);

#endif
