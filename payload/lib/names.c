// SPDX-License-Identifier: GPL-2.0-only
/* The names come from the kernel's own lists, so there is no table to keep up to date here. */
#include <asm/kvm.h>
#include <asm/svm.h>
#include <asm/vmx.h>

#include "include/kvm_exit_trace.h"
#include "payload/lib/names.h"

/* Packed, because bootexits-init must be small: otherwise a quarter would be holes. */
struct name {
	u32 value;
	const char *name;
} __attribute__((packed));

static const struct name vmx_reasons[] = { VMX_EXIT_REASONS };
static const struct name svm_reasons[] = { SVM_EXIT_REASONS };
static const char *const slots[] = { KVM_EXIT_TRACE_SLOT_NAMES };
static const char *const phases[] = { KVM_EXIT_TRACE_PHASE_NAMES };

static const char *find(const struct name *names, u32 count, u32 value, const char *otherwise)
{
	for (u32 i = 0; i < count; i++)
		if (names[i].value == value)
			return names[i].name;
	return otherwise;
}

const char *name_of_vendor(u32 vendor)
{
	if (vendor == KVM_EXIT_TRACE_VENDOR_VMX)
		return "vmx";
	return vendor == KVM_EXIT_TRACE_VENDOR_SVM ? "svm" : "unknown";
}

const char *name_of_phase(u32 phase)
{
	if (phase < ARRAY_SIZE(phases) && phases[phase])
		return phases[phase];
	return phase >= KVM_EXIT_TRACE_PHASE_CUSTOM ? "custom" : "unknown";
}

const char *name_of_slot(u32 vendor, u32 slot, u32 code)
{
	if (slot < ARRAY_SIZE(slots) && slots[slot])
		return slots[slot];
	if (vendor == KVM_EXIT_TRACE_VENDOR_VMX)
		return find(vmx_reasons, ARRAY_SIZE(vmx_reasons), code, "unknown");
	return find(svm_reasons, ARRAY_SIZE(svm_reasons), code, "unknown");
}
