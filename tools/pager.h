/* SPDX-License-Identifier: GPL-2.0-only */
/* A text that is longer than the terminal, a screen at a time, as git and perf show one. */
#ifndef BOOTEXITS_PAGER_H
#define BOOTEXITS_PAGER_H

/** pager_forbid() - let pager_start() do nothing from now on: --no-pager */
void pager_forbid(void);

/**
 * pager_start() - if the standard output is a terminal, let a pager show what is printed from now on
 *
 * It is $BOOTEXITS_PAGER, $PAGER, or less; LESS is FRX unless it is set: a text that fits the screen
 * needs no key.  An empty word and cat are none, nor has a dumb terminal one.  If there is no such
 * program, the text goes to the terminal.  The program ends after the pager.
 */
void pager_start(void);

#endif /* BOOTEXITS_PAGER_H */
