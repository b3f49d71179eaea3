// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sources: QEMU's hw/i386 and SeaBIOS's src/hw for ports and addresses (PIIX4, ICH9);
 * SDM vol. 4 and APM vol. 2, appendix A for MSRs; Linux's Documentation/virt/kvm/x86 for KVM's.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "include/kvm_exit_trace.h"

#include "tools/report/site_names.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* If two ranges have a code, the first one names it. */
struct range {
	__u64 first, last;
	const char *name;
};

static const struct range ports[] = {
	{ 0x00, 0x0f, "DMA" }, { 0x20, 0x21, "PIC" }, { 0x40, 0x43, "PIT" },
	{ 0x60, 0x60, "i8042" }, { 0x64, 0x64, "i8042" }, { 0x61, 0x61, "PIT gate" },
	{ 0x70, 0x71, "CMOS/RTC" }, { 0x80, 0x80, "POST" }, { 0x81, 0x8f, "DMA page" },
	{ 0x92, 0x92, "A20 gate" }, { 0xa0, 0xa1, "PIC" }, { 0xb2, 0xb3, "SMI" },
	{ 0xc0, 0xdf, "DMA" }, { 0xe9, 0xe9, "debugcon" }, { 0xed, 0xed, "delay" },
	{ 0xf4, 0xf4, "isa-debug-exit" }, { 0x170, 0x177, "IDE 1" }, { 0x1ce, 0x1cf, "VBE" },
	{ 0x1f0, 0x1f7, "IDE 0" }, { 0x2e8, 0x2ef, "COM4" }, { 0x2f8, 0x2ff, "COM2" },
	{ 0x376, 0x376, "IDE 1" }, { 0x378, 0x37a, "LPT1" }, { 0x3b0, 0x3df, "VGA" },
	{ 0x3e8, 0x3ef, "COM3" }, { 0x3f6, 0x3f6, "IDE 0" }, { 0x3f0, 0x3f7, "floppy" },
	{ 0x3f8, 0x3ff, "COM1" }, { 0x402, 0x402, "debugcon" }, { 0x4d0, 0x4d1, "PIC ELCR" },
	{ 0x505, 0x505, "pvpanic" }, { 0x510, 0x511, "fw_cfg" }, { 0x514, 0x51b, "fw_cfg DMA" },
	{ 0x608, 0x60b, "ACPI PM timer" }, { 0x600, 0x67f, "ACPI PM" },
	{ 0x700, 0x73f, "SMBus" }, { 0xb008, 0xb00b, "ACPI PM timer" },
	{ 0xb000, 0xb03f, "ACPI PM" }, { 0xb100, 0xb13f, "SMBus" },
	{ 0xae00, 0xae17, "PCI hotplug" }, { 0xaf00, 0xaf1f, "CPU hotplug" },
	{ KVM_EXIT_TRACE_PORT, KVM_EXIT_TRACE_PORT, "mark" },
	{ KVM_EXIT_TRACE_PORT_CONSOLE, KVM_EXIT_TRACE_PORT_CONSOLE, "observer's console" },
	{ 0xcf9, 0xcf9, "reset" }, { 0xcf8, 0xcfb, "PCI config" },
	{ 0xcfc, 0xcff, "PCI config data" },
};

static const struct range msrs[] = {
	{ 0x10, 0x10, "TSC" }, { 0x11, 0x12, "KVM clock" }, { 0x17, 0x17, "PLATFORM_ID" },
	{ 0x1b, 0x1b, "APIC_BASE" }, { 0x3a, 0x3a, "FEATURE_CONTROL" },
	{ 0x3b, 0x3b, "TSC_ADJUST" }, { 0x48, 0x48, "SPEC_CTRL" }, { 0x49, 0x49, "PRED_CMD" },
	{ 0x79, 0x79, "microcode update" }, { 0x8b, 0x8b, "microcode revision" },
	{ 0xc1, 0xc8, "PMC" }, { 0xce, 0xce, "PLATFORM_INFO" }, { 0xfe, 0xfe, "MTRRcap" },
	{ 0x10a, 0x10a, "ARCH_CAPABILITIES" }, { 0x122, 0x122, "TSX_CTRL" },
	{ 0x140, 0x140, "MISC_FEATURES" }, { 0x174, 0x176, "SYSENTER" },
	{ 0x179, 0x17b, "machine check" }, { 0x186, 0x18d, "PERFEVTSEL" },
	{ 0x1a0, 0x1a0, "MISC_ENABLE" }, { 0x1d9, 0x1d9, "DEBUGCTL" },
	{ 0x200, 0x21f, "MTRR" }, { 0x277, 0x277, "PAT" }, { 0x250, 0x26f, "MTRR" },
	{ 0x2ff, 0x2ff, "MTRR" }, { 0x309, 0x30c, "PMC" }, { 0x38d, 0x390, "PMC" },
	{ 0x400, 0x47f, "machine check" }, { 0x480, 0x491, "VMX capability" },
	{ 0x6e0, 0x6e0, "TSC_DEADLINE" }, { 0x808, 0x808, "x2APIC TPR" },
	{ 0x80b, 0x80b, "x2APIC EOI" }, { 0x830, 0x830, "x2APIC ICR" },
	{ 0x832, 0x832, "x2APIC timer" }, { 0x838, 0x83e, "x2APIC timer" },
	{ 0x83f, 0x83f, "x2APIC self IPI" }, { 0x800, 0x8ff, "x2APIC" }, { 0xda0, 0xda0, "XSS" },
	{ 0x40000000, 0x400000ff, "Hyper-V" },
	{ 0x4b564d00, 0x4b564d01, "KVM clock" }, { 0x4b564d02, 0x4b564d02, "KVM async PF" },
	{ 0x4b564d03, 0x4b564d03, "KVM steal time" }, { 0x4b564d04, 0x4b564d04, "KVM PV EOI" },
	{ 0x4b564d05, 0x4b564d05, "KVM poll control" },
	{ 0x4b564d06, 0x4b564d07, "KVM async PF" },
	{ KVM_EXIT_TRACE_MSR_PAGE, KVM_EXIT_TRACE_MSR_PAGE, "tracer's page" },
	{ 0xc0000080, 0xc0000080, "EFER" }, { 0xc0000081, 0xc0000084, "SYSCALL" },
	{ 0xc0000100, 0xc0000102, "FS/GS base" }, { 0xc0000103, 0xc0000103, "TSC_AUX" },
	{ 0xc0010000, 0xc0010007, "PMC" }, { 0xc0010010, 0xc0010010, "SYSCFG" },
	{ 0xc0010015, 0xc0010015, "HWCR" }, { 0xc001001f, 0xc001001f, "NB_CFG" },
	{ 0xc0010055, 0xc0010055, "INT_PENDING" }, { 0xc0010114, 0xc0010114, "VM_CR" },
	{ 0xc0010117, 0xc0010117, "VM_HSAVE_PA" }, { 0xc0010200, 0xc001020b, "PMC" },
	{ 0xc0011020, 0xc0011020, "LS_CFG" }, { 0xc0011029, 0xc0011029, "DE_CFG" },
};

static const struct range leaves[] = {
	{ 0, 0, "vendor" }, { 1, 1, "features" }, { 2, 2, "caches" }, { 4, 4, "caches" },
	{ 7, 7, "features" }, { 0xb, 0xb, "topology" }, { 0xd, 0xd, "XSAVE" },
	{ 0x15, 0x16, "TSC" }, { 0x1f, 0x1f, "topology" },
	{ KVM_EXIT_TRACE_LEAF_SIGNATURE, KVM_EXIT_TRACE_LEAF_BOTH, "the tracer" },
	{ 0x40000000, 0x4fffffff, "hypervisor" }, { 0x80000002, 0x80000004, "brand" },
	{ 0x80000000, 0x8000ffff, "extended" },
};

static const struct range addresses[] = {
	{ 0, 0x1fffff, "first 2 MiB" }, { 0xa0000, 0xbffff, "VGA" },
	{ 0xfec00000, 0xfec00fff, "I/O APIC" }, { 0xfed00000, 0xfed003ff, "HPET" },
	{ 0xfed40000, 0xfed44fff, "TPM" }, { 0xfee00000, 0xfee00fff, "local APIC" },
	{ 0xffc00000, 0xffffffff, "firmware's flash" },
};

static const struct {
	enum site_kind kind;
	const struct range *ranges;
	size_t nr;
} names[] = {
	{ SITE_PORT, ports, ARRAY_SIZE(ports) },
	{ SITE_MSR, msrs, ARRAY_SIZE(msrs) },
	{ SITE_LEAF, leaves, ARRAY_SIZE(leaves) },
	{ SITE_ADDRESS, addresses, ARRAY_SIZE(addresses) },
};

static const struct {
	const char *reason;		/* KVM's name, of SVM and of VMX */
	enum site_kind kind;
} kinds[] = {
	{ "io", SITE_PORT }, { "IO_INSTRUCTION", SITE_PORT },
	{ "msr", SITE_MSR }, { "MSR_READ", SITE_MSR }, { "MSR_WRITE", SITE_MSR },
	{ "cpuid", SITE_LEAF }, { "CPUID", SITE_LEAF },
	{ "hypercall", SITE_CALL }, { "VMCALL", SITE_CALL },
	{ "npf", SITE_ADDRESS }, { "EPT_VIOLATION", SITE_ADDRESS },
	{ "EPT_MISCONFIG", SITE_ADDRESS },
};

enum site_kind site_kind(const char *reason)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].reason, reason))
			return kinds[i].kind;
	return SITE_NONE;
}

const char *site_name(enum site_kind kind, __u64 code)
{
	const struct range *range;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (names[i].kind != kind)
			continue;
		for (range = names[i].ranges; range < names[i].ranges + names[i].nr; range++)
			if (code >= range->first && code <= range->last)
				return range->name;
	}
	return NULL;
}

const char *site_text(char text[SITE_TEXT], const char *reason, __u64 code)
{
	enum site_kind kind = site_kind(reason);
	const char *name = site_name(kind, code);

	if (kind == SITE_NONE)
		snprintf(text, SITE_TEXT, "-");
	else
		snprintf(text, SITE_TEXT, name ? "0x%llx (%s)" : "0x%llx", code, name);
	return text;
}
