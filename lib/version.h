/* SPDX-License-Identifier: GPL-2.0-only */
/* The versions of bootexits, bootexits-features and exitstat, and of their JSON. */
#ifndef BOOTEXITS_TOOLS_VERSION_H
#define BOOTEXITS_TOOLS_VERSION_H

#define BOOTEXITS_VERSION	"1.0"
#define JSON_SCHEMA		1	/* docs/json.md */

#endif /* BOOTEXITS_TOOLS_VERSION_H */
