/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A few lines for users without a serial line.  Each pair of characters may be an
 * exit, so nothing may be shown before the payload's mark.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include "payload/lib/types.h"

/* Uses the loader's text screen.  If there is none, the other functions do nothing. */
void screen_init(u32 magic, u32 info);

/* Shows text, or text and a number, in the next row. */
void screen_show(const char *text);
void screen_show_number(const char *text, u64 number);

#endif
