// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints the records by the payload's own code, as bootexits-bpf does.  Some names in its headers are
 * also in the reader's, with another meaning.  So no other file of the tool includes both.
 */
#include <string.h>

#include "host-bpf/marks.h"
#include "payload/lib/leaves.h"
#include "payload/lib/names.h"
#include "payload/lib/records.h"
#include "payload/lib/serial.h"
#include "payload/machine/screen.h"
#include "tools/import/import_records.h"

static void (*put)(void *data, char *line, size_t len);
static void *put_data;

/* Takes one record.  Before the first one comes an empty line, which is left out. */
void serial_write(const char *bytes, u32 count)
{
	char line[1200];
	u32 len = count < sizeof(line) ? count : sizeof(line) - 1;

	memcpy(line, bytes, len);
	while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	line[len] = '\0';
	if (len && put)
		put(put_data, line, len);
}

/* phases_show() needs it, which nothing calls here. */
void screen_show_number(const char *label, u64 number)
{
	(void)label;
	(void)number;
}

const char *records_reason(bool vmx, unsigned int slot)
{
	const char *name;
	u32 code;

	tracer.vendor = vmx ? KVM_EXIT_TRACE_VENDOR_VMX : KVM_EXIT_TRACE_VENDOR_SVM;
	code = slot_code(slot);
	name = slot && !code ? "unknown" : name_of_slot(tracer.vendor, slot, code);
	return strcmp(name, "unknown") ? name : NULL;
}

void records_begin(const struct records *records, void (*take)(void *data, char *line, size_t len), void *data)
{
	put = take;
	put_data = data;
	marks_describe(records->vmx ? KVM_EXIT_TRACE_VENDOR_VMX : KVM_EXIT_TRACE_VENDOR_SVM,
		       records->vcpus, records->lost_marks);
	/* kvm_exit and kvm_entry split the time in two: the guest's, and the rest. */
	tracer.features &= ~KVM_EXIT_TRACE_FEATURE_SPLIT;
	if (!records->from_start)
		tracer.flags = 0;
	tracer.began = 0;
	marks_print_as(records->tool);
}

void records_fault(const char *name, unsigned long long faults)
{
	if (faults)
		expect(name, faults, 0, faults, false);
}

void records_end(void)
{
	verdict_print();
	marks_forget();
	put = NULL;
}
