/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes foreign text safe for a terminal, a picture or a spreadsheet. */
#ifndef BOOTEXITS_TEXT_H
#define BOOTEXITS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/**
 * text_character() - read one character of UTF-8 (RFC 3629)
 * @code: set to its number
 *
 * Return: its length, 1 to 4 bytes, or 0 if @text doesn't begin with a character.
 */
size_t text_character(const char *text, __u32 *code);

/**
 * text_clean() - copy @text to @out, which has the same size, and replace unsafe characters
 * @utf8: false: also replace all that isn't ASCII
 *
 * Each of these becomes a "?": controls, characters that change the direction or have
 * no width, those that XML excludes, and bytes that aren't UTF-8.
 */
void text_clean(char *out, const char *text, bool utf8);

/**
 * text_shown() - make a file's name or a text of a trace safe for a terminal
 *
 * It uses text_clean(), with UTF-8 if the user's locale has it.
 *
 * Return: @text, or a copy that is valid until the eighth further call.
 */
const char *text_shown(const char *text);

/**
 * text_guard() - keep control sequences from the standard error
 *
 * Only line ends, tabs, and the beginning of record's progress line pass.
 */
void text_guard(void);

/** text_whole() - make the program end with status 3 if standard output can't be written */
void text_whole(void);

/**
 * text_fit() - on a terminal, fold long lines of the standard output at a blank from now on
 *
 * The continuation of a line is indented.
 */
void text_fit(void);

/** text_utf8() - whether the user's locale is UTF-8 */
bool text_utf8(void);

#define TEXT_LEAST	20	/* columns; a narrower terminal is ignored */

/** text_columns() - columns of the terminal that is the standard output; 0 if it isn't one */
unsigned int text_columns(void);

/** text_keep_columns() - freeze text_columns(), before a pager takes the standard output */
void text_keep_columns(void);

#endif /* BOOTEXITS_TEXT_H */
