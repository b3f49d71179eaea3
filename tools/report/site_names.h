/* SPDX-License-Identifier: GPL-2.0-only */
/* What a site's code is, in the words of those who know the device. */
#ifndef BOOTEXITS_SITE_NAMES_H
#define BOOTEXITS_SITE_NAMES_H

#include <linux/types.h>

enum site_kind {
	SITE_NONE,			/* of such a reason no code is kept */
	SITE_PORT,
	SITE_MSR,
	SITE_LEAF,
	SITE_CALL,
	SITE_ADDRESS,
};

/** site_kind() - what the codes of a reason are; by its name, of either vendor */
enum site_kind site_kind(const char *reason);

/** site_name() - who answers to a code, or NULL: nobody that all PCs have */
const char *site_name(enum site_kind kind, __u64 code);

#endif /* BOOTEXITS_SITE_NAMES_H */
