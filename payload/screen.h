/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A few lines for who has no serial line.  Each pair of characters may be an
 * exit: nothing may be shown before the payload's mark.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include "types.h"

/* Uses the text screen that the loader left, if it says so; else the others do nothing. */
void screen_init(u32 magic, u32 info);

/* Shows text, and a number behind it, in the next row. */
void screen_show(const char *text);
void screen_show_number(const char *text, u64 number);

#endif
