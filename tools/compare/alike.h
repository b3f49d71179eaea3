/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether two boots can stand beside each other, and what makes them unlike. */
#ifndef BOOTEXITS_ALIKE_H
#define BOOTEXITS_ALIKE_H

#include <jansson.h>

#include "compare_parts.h"
#include "log.h"

#define FORCE_OPTION { "force", 'F', NULL, 0, \
	"compare what is of different vendors, ABIs, lanes or units: the reasons by name only, if need be", 0 }

/**
 * alike_refuse() - whether a boot can't be compared with another, unless that's forced
 * @base: the other's log; both are of one run
 * @by_name: set to true if reasons can be matched by their names only; may be NULL
 *
 * Slots mean the same only in traces of one vendor and one major of the ABI.
 * Traces, other than logs, tell lane, unit and exactness, too.
 *
 * Return: true after a message, for status 3.
 */
bool alike_refuse(const char *base_path, const struct log *base, const char *path,
		  const struct log *log, bool force, bool *by_name);

/** alike_says() - what a trace's metadata has for @key, or NULL, as of any log */
const json_t *alike_says(const struct log *log, const char *key);

/** alike_part() - in what one part of two boots differs: an array of texts, empty if in nothing */
json_t *alike_part(enum part_number number, const struct log *a, const struct log *b);

/**
 * alike_notes() - a sentence for each part in which two boots differ, as an array
 * @tested: those, too, that a user changes to see what that does
 */
json_t *alike_notes(const struct log *a, const struct log *b, bool tested);

/** alike_print_list() - print the first texts of a JSON array, and how many more it has */
void alike_print_list(const json_t *texts);

#endif /* BOOTEXITS_ALIKE_H */
