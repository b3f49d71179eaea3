/* SPDX-License-Identifier: GPL-2.0-only */
/* The version of bootexits, bootexits-features and exitstat. */
#ifndef BOOTEXITS_TOOLS_VERSION_H
#define BOOTEXITS_TOOLS_VERSION_H

#define BOOTEXITS_VERSION	"1.0"

#endif /* BOOTEXITS_TOOLS_VERSION_H */
