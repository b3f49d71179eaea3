/* SPDX-License-Identifier: GPL-2.0-only */
/* Shows long text a screen at a time, as git and perf do. */
#ifndef BOOTEXITS_PAGER_H
#define BOOTEXITS_PAGER_H

/** pager_forbid() - make pager_start() do nothing from now on, for --no-pager */
void pager_forbid(void);

/**
 * pager_start() - show all further output in a pager, if the standard output is a terminal
 *
 * The pager is $BOOTEXITS_PAGER, $PAGER, or less.  LESS is FRX unless it is set, so text that fits
 * the screen needs no key.  An empty value or cat means no pager.  A dumb terminal gets none.  If
 * the pager doesn't exist, the text goes to the terminal.  The program ends after the pager.
 */
void pager_start(void);

#endif /* BOOTEXITS_PAGER_H */
