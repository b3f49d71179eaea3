/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The version of a release, and nowhere else: programs, packages and the payload take it
 * from here.  docs/promises.md tells what it promises.
 */
#ifndef BOOTEXITS_VERSION_H
#define BOOTEXITS_VERSION_H

#define BOOTEXITS_VERSION	"1.1"
#define JSON_SCHEMA		1	/* docs/json.md */

#endif /* BOOTEXITS_VERSION_H */
