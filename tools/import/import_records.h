/* SPDX-License-Identifier: GPL-2.0-only */
/* The payload's records of what was counted.  This header shares no name with the payload's. */
#ifndef BOOTEXITS_IMPORT_RECORDS_H
#define BOOTEXITS_IMPORT_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

struct records {
	const char *tool;		/* of the record hello: who counted */
	bool vmx, from_start;
	unsigned int vcpus;
	unsigned long long lost_marks;
};

/** records_reason() - the name of a slot, or NULL if the vendor has no such reason */
const char *records_reason(bool vmx, unsigned int slot);

/**
 * records_begin() - print all records of the marks
 * @take: takes each line, without its end
 */
void records_begin(const struct records *records, void (*take)(void *data, char *line, size_t len), void *data);

/** records_fault() - if there were faults, print a record that fails the run */
void records_fault(const char *name, unsigned long long faults);

/** records_end() - print the verdict and the last record, and free the marks */
void records_end(void);

#endif /* BOOTEXITS_IMPORT_RECORDS_H */
