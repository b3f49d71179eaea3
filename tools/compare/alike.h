/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether two boots can be compared, and how they differ in what they are made of. */
#ifndef BOOTEXITS_ALIKE_H
#define BOOTEXITS_ALIKE_H

#include <jansson.h>

#include "tools/compare/compare_parts.h"
#include "tools/trace/log.h"

#define FORCE_OPTION { "force", 'F', NULL, 0, \
	"accept boots of different vendors, ABIs, lanes or units; match reasons by name if needed", 0 }

/**
 * alike_refuse() - refuse to compare a boot with another, unless that is forced
 * @base: the other's log; both logs have one run
 * @by_name: set to true if reasons can be matched only by name; may be NULL
 *
 * Slots mean the same only in traces of one vendor and one ABI major.  Traces
 * also have lane, unit and exactness, which must be the same.  Logs lack them.
 *
 * Return: true, after a message, if the boot is refused.  The status is then 3.
 */
bool alike_refuse(const char *base_path, const struct log *base, const char *path,
		  const struct log *log, bool force, bool *by_name);

/** alike_says() - value of @key in a trace's metadata, or NULL; a log has none */
const json_t *alike_says(const struct log *log, const char *key);

/** alike_part() - how one part of two boots differs: an array of texts, empty if they are alike */
json_t *alike_part(enum part_number number, const struct log *a, const struct log *b);

/**
 * alike_notes() - return an array with a sentence for each part in which two boots differ
 * @tested: also for the parts that a user may put under test
 */
json_t *alike_notes(const struct log *a, const struct log *b, bool tested);

/** alike_print_list() - print the first texts of a JSON array, and the number of the others */
void alike_print_list(const json_t *texts);

#endif /* BOOTEXITS_ALIKE_H */
