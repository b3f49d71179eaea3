/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts of others, as a terminal, a picture or a spreadsheet may have them. */
#ifndef BOOTEXITS_TEXT_H
#define BOOTEXITS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/**
 * text_character() - read one character of UTF-8 (RFC 3629)
 * @code: its number
 *
 * Return: its bytes, 1 to 4, or 0: @text begins with none.
 */
size_t text_character(const char *text, __u32 *code);

/**
 * text_clean() - write @text to @out, which has as much room, without what isn't shown
 * @utf8: false: nor anything else but ASCII
 *
 * Controls, characters that change the direction or have no width, those that XML
 * excludes, and bytes that are no UTF-8 become a "?" each.
 */
void text_clean(char *out, const char *text, bool utf8);

/**
 * text_shown() - a text of somebody else's, a file's name or what a trace says, for a terminal
 *
 * By text_clean(), with UTF-8 where the user's locale has it.
 *
 * Return: @text, or a copy that stands until the eighth further call.
 */
const char *text_shown(const char *text);

/**
 * text_guard() - let nothing reach the standard error that a terminal obeys
 *
 * Ends of lines pass, tabs, and what record's line of progress begins with.
 */
void text_guard(void);

/** text_whole() - end the program with status 3 if not all of the standard output is written */
void text_whole(void);

/**
 * text_fit() - on a terminal, let lines of the standard output end at a blank where they would be cut
 *
 * From then on; what a line continues with is indented.
 */
void text_fit(void);

/** text_utf8() - whether the user's locale is one of UTF-8 */
bool text_utf8(void);

#define TEXT_LEAST	20	/* columns of a terminal that are worth a thought */

/** text_columns() - how wide the terminal is that is the standard output; 0: it is none */
unsigned int text_columns(void);

/** text_keep_columns() - let text_columns() stay what it is, for a pager takes the standard output */
void text_keep_columns(void);

#endif /* BOOTEXITS_TEXT_H */
