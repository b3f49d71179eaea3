// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slot of a reason's name.  The kernel's names are those of the tracer.  libtraceevent's plugin
 * for KVM has its own ones: those of the kernel's macros, without their first word.
 */
#include <ctype.h>
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>
#include <asm/svm.h>
#include <asm/vmx.h>

#include "lib/text.h"
#include "tools/import/import.h"
#include "tools/import/import_records.h"
#include "tools/trace/host.h"

/* The plugin's names that can't be derived. */
static const struct {
	const char *name;
	bool vmx;
	__u32 code;
} aliases[] = {
	{ "PENDING_INTERRUPT", true, EXIT_REASON_INTERRUPT_WINDOW },
	{ "EXIT_INTR", false, SVM_EXIT_INTR },
	{ "EXIT_IOIO", false, SVM_EXIT_IOIO },
	{ "EXIT_VMMCALL", false, SVM_EXIT_VMMCALL },
	{ "EXIT_IDTR_READ", false, SVM_EXIT_IDTR_READ },
	{ "EXIT_GDTR_READ", false, SVM_EXIT_GDTR_READ },
	{ "EXIT_LDTR_READ", false, SVM_EXIT_LDTR_READ },
	{ "EXIT_TR_READ", false, SVM_EXIT_TR_READ },
	{ "EXIT_IDTR_WRITE", false, SVM_EXIT_IDTR_WRITE },
	{ "EXIT_GDTR_WRITE", false, SVM_EXIT_GDTR_WRITE },
	{ "EXIT_LDTR_WRITE", false, SVM_EXIT_LDTR_WRITE },
	{ "EXIT_TR_WRITE", false, SVM_EXIT_TR_WRITE },
	{ "EXIT_MWAIT_COND", false, SVM_EXIT_MWAIT_COND },
	{ "EXIT_ERR", false, (__u32)SVM_EXIT_ERR },
};

/* Returns a slot by the tracer's name, or -1. */
static int by_name(bool vmx, const char *name, size_t len)
{
	const char *known;
	int slot;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		known = records_reason(vmx, slot);
		if (known && strlen(known) == len && !strncmp(known, name, len))
			return slot;
	}
	return -1;
}

/* "EXIT_EXCP_PF" is "PF excp", and "EXIT_NPF" is "npf". */
static int by_plugin(bool vmx, const char *name)
{
	char text[IMPORT_REASON];
	size_t i;

	for (i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (aliases[i].vmx == vmx && !strcmp(aliases[i].name, name))
			return host_slot(vmx, aliases[i].code);
	if (vmx || strncmp(name, "EXIT_", 5))
		return -1;
	if (!strncmp(name, "EXIT_EXCP_", 10))
		snprintf(text, sizeof(text), "%.2s excp", name + 10);
	else
		snprintf(text, sizeof(text), "%s", name + 5);
	for (i = 0; strncmp(name, "EXIT_EXCP_", 10) && text[i]; i++)
		text[i] = tolower((unsigned char)text[i]);
	return by_name(false, text, strlen(text));
}

/* A number is a reason that the program had no name for. */
static bool is_number(const char *name, __u64 *number)
{
	char *end;

	if (!strncmp(name, "UNKNOWN (", 9))
		return import_number(name, "UNKNOWN (", 10, number);
	if (!isdigit((unsigned char)*name))
		return false;
	errno = 0;
	*number = strtoull(name, &end, 0);
	return !errno && (!*end || *end == ' ');
}

/* VMX's flags, such as FAILED_VMENTRY, follow the name after a blank. */
static int slot_of(bool vmx, const char *name)
{
	__u64 number;
	int slot;

	if (is_number(name, &number))
		return host_slot(vmx, number);
	slot = by_name(vmx, name, strlen(name));
	if (slot < 0 && vmx)
		slot = by_name(vmx, name, strcspn(name, " "));
	return slot < 0 ? by_plugin(vmx, name) : slot;
}

struct import_reason *import_reason(struct import *import, const char *name)
{
	struct import_reason reason = { .exits = 0 }, *found;

	for_each(found, &import->reasons)
		if (!strcmp(found->name, name))
			return found;
	if (import->reasons.nr == IMPORT_REASONS)
		return NULL;
	snprintf(reason.name, sizeof(reason.name), "%s", name);
	reason.vmx = slot_of(true, name);
	reason.svm = slot_of(false, name);
	return list_append(&import->reasons, &reason, sizeof(reason));
}

bool import_vendor(struct import *import)
{
	const struct import_reason *reason;
	__u64 vmx = 0, svm = 0, number;

	for_each(reason, &import->reasons) {
		if (is_number(reason->name, &number))
			continue;
		vmx += reason->vmx >= 0 ? reason->exits : 0;
		svm += reason->svm >= 0 ? reason->exits : 0;
	}
	import->vmx = vmx > svm;
	return vmx || svm;
}

void import_unknown(const struct import *import, const char *path)
{
	const struct import_reason *reason;
	char text[512] = "";
	size_t len = 0;
	unsigned int nr = 0;

	for_each(reason, &import->reasons) {
		if ((import->vmx ? reason->vmx : reason->svm) >= 0 || !reason->exits)
			continue;
		if (len < sizeof(text) - 1)
			len += snprintf(text + len, sizeof(text) - len, "%s%s (%llu)", nr ? ", " : "",
					reason->name, reason->exits);
		nr++;
	}
	if (nr)
		error(0, 0, "%s: %u reason%s of unknown name count%s as other: %s", text_shown(path), nr,
		      nr == 1 ? "" : "s", nr == 1 ? "s" : "", text_shown(text));
}
