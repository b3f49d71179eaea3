/* SPDX-License-Identifier: GPL-2.0-only */
/* Names for the codes of sites: ports, MSRs, CPUID leaves and addresses. */
#ifndef BOOTEXITS_SITE_NAMES_H
#define BOOTEXITS_SITE_NAMES_H

#include <linux/types.h>

enum site_kind {
	SITE_NONE,			/* the reason has no code */
	SITE_PORT,
	SITE_MSR,
	SITE_LEAF,
	SITE_CALL,
	SITE_ADDRESS,
};

/** site_kind() - what the codes of a reason are; @reason is a name of either vendor */
enum site_kind site_kind(const char *reason);

/** site_name() - name of the device at a code, or NULL if no device of all PCs is there */
const char *site_name(enum site_kind kind, __u64 code);

#define SITE_TEXT	48

/** site_text() - "0x3f8 (COM1)", or only the code; "-" if the reason has none */
const char *site_text(char text[SITE_TEXT], const char *reason, __u64 code);

#endif /* BOOTEXITS_SITE_NAMES_H */
