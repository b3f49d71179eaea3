// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of registers: when each exists, and the manual's name of each of its bits.
 * Names of controls are from SDM vol. 3C, chapter "Virtual Machine Control Structures", tables
 * "Definitions of ... Controls".
 */
#include "capabilities/virt_caps.h"

#define ALLOWED1(bit)	(32 + (bit))	/* where a CONTROLS register says that a bit may be 1 */

#define MSR(reg, msr) \
	[VIRT_##reg] = { .name = "IA32_VMX_" #msr, .index = 0x480 + VIRT_##reg - VIRT_BASIC }
#define MSR_IF(reg, msr, why_, ...) \
	[VIRT_##reg] = { .name = "IA32_VMX_" #msr, .index = 0x480 + VIRT_##reg - VIRT_BASIC, \
		.why = (why_), .needs = { __VA_ARGS__ }, \
		.nr_needs = sizeof((struct virt_need[]){ __VA_ARGS__ }) / sizeof(struct virt_need) }
#define SVM_CPUID(number, name_) \
	{ .name = "CPUID 0x8000000a " name_, .index = 0x8000000a, .cpuid = true, \
		.output = (number), .svm = true }

/* VIRT_BASIC to VIRT_EXIT2 are in the order of their MSRs, 0x480 to 0x493. */
const struct virt_reg_info virt_regs[VIRT_NR_REGS] = {
	[VIRT_FEATURE_CONTROL] = { .name = "IA32_FEATURE_CONTROL", .index = 0x3a },
	MSR(BASIC, BASIC),
	MSR(PIN, PINBASED_CTLS),
	MSR(PROC, PROCBASED_CTLS),
	MSR(EXIT, EXIT_CTLS),
	MSR(ENTRY, ENTRY_CTLS),
	MSR(MISC, MISC),
	MSR(CR0_FIXED0, CR0_FIXED0),
	MSR(CR0_FIXED1, CR0_FIXED1),
	MSR(CR4_FIXED0, CR4_FIXED0),
	MSR(CR4_FIXED1, CR4_FIXED1),
	MSR(VMCS_ENUM, VMCS_ENUM),
	MSR_IF(PROC2, PROCBASED_CTLS2, "\"Activate secondary controls\"",
	       { VIRT_PROC, ALLOWED1(31) }),
	MSR_IF(EPT_VPID, EPT_VPID_CAP, "\"Enable EPT\" or \"Enable VPID\"",
	       { VIRT_PROC2, ALLOWED1(1) }, { VIRT_PROC2, ALLOWED1(5) }),
	MSR_IF(TRUE_PIN, TRUE_PINBASED_CTLS, "IA32_VMX_BASIC bit 55", { VIRT_BASIC, 55 }),
	MSR_IF(TRUE_PROC, TRUE_PROCBASED_CTLS, "IA32_VMX_BASIC bit 55", { VIRT_BASIC, 55 }),
	MSR_IF(TRUE_EXIT, TRUE_EXIT_CTLS, "IA32_VMX_BASIC bit 55", { VIRT_BASIC, 55 }),
	MSR_IF(TRUE_ENTRY, TRUE_ENTRY_CTLS, "IA32_VMX_BASIC bit 55", { VIRT_BASIC, 55 }),
	MSR_IF(VMFUNC, VMFUNC, "\"Enable VM functions\"", { VIRT_PROC2, ALLOWED1(13) }),
	MSR_IF(PROC3, PROCBASED_CTLS3, "\"Activate tertiary controls\"",
	       { VIRT_PROC, ALLOWED1(17) }),
	MSR_IF(EXIT2, EXIT_CTLS2, "the exit control \"Activate secondary controls\"",
	       { VIRT_EXIT, ALLOWED1(31) }),
	[VIRT_SVM_EAX] = SVM_CPUID(0, "EAX"),
	[VIRT_SVM_EBX] = SVM_CPUID(1, "EBX"),
	[VIRT_SVM_ECX] = SVM_CPUID(2, "ECX"),
	[VIRT_SVM_EDX] = SVM_CPUID(3, "EDX"),
	[VIRT_VM_CR] = { .name = "VM_CR", .index = 0xc0010114, .svm = true },
};

#define BIT_OF(n, name)			{ (n), (n), name }
#define FIELD_OF(from, to, name)	{ (from), (to), name }

static const struct virt_bit feature_control[] = {
	BIT_OF(0, "Lock"),
	BIT_OF(1, "Enable VMX inside SMX operation"),
	BIT_OF(2, "Enable VMX outside SMX operation"),
	FIELD_OF(8, 14, "SENTER local function enables"),
	BIT_OF(15, "SENTER global enable"),
	BIT_OF(17, "SGX launch control enable"),
	BIT_OF(18, "SGX global enable"),
	BIT_OF(20, "LMCE on"),
};

static const struct virt_bit basic[] = {
	FIELD_OF(0, 30, "VMCS revision identifier"),
	FIELD_OF(32, 44, "Bytes of a VMXON or VMCS region"),
	BIT_OF(48, "VMX addresses limited to 32 bits"),
	BIT_OF(49, "Dual-monitor treatment of SMIs and SMM"),
	FIELD_OF(50, 53, "Memory type (0 uncacheable, 6 write-back)"),
	BIT_OF(54, "Information on exits due to INS and OUTS"),
	BIT_OF(55, "Controls of the default1 class may be 0"),
	BIT_OF(56, "Exception injection with any error code"),
	BIT_OF(58, "Nested-exception injection"),
};

static const struct virt_bit pin[] = {
	BIT_OF(0, "External-interrupt exiting"),
	BIT_OF(3, "NMI exiting"),
	BIT_OF(5, "Virtual NMIs"),
	BIT_OF(6, "Activate VMX-preemption timer"),
	BIT_OF(7, "Process posted interrupts"),
};

static const struct virt_bit proc[] = {
	BIT_OF(2, "Interrupt-window exiting"),
	BIT_OF(3, "Use TSC offsetting"),
	BIT_OF(7, "HLT exiting"),
	BIT_OF(9, "INVLPG exiting"),
	BIT_OF(10, "MWAIT exiting"),
	BIT_OF(11, "RDPMC exiting"),
	BIT_OF(12, "RDTSC exiting"),
	BIT_OF(15, "CR3-load exiting"),
	BIT_OF(16, "CR3-store exiting"),
	BIT_OF(17, "Activate tertiary controls"),
	BIT_OF(19, "CR8-load exiting"),
	BIT_OF(20, "CR8-store exiting"),
	BIT_OF(21, "Use TPR shadow"),
	BIT_OF(22, "NMI-window exiting"),
	BIT_OF(23, "MOV-DR exiting"),
	BIT_OF(24, "Unconditional I/O exiting"),
	BIT_OF(25, "Use I/O bitmaps"),
	BIT_OF(27, "Monitor trap flag"),
	BIT_OF(28, "Use MSR bitmaps"),
	BIT_OF(29, "MONITOR exiting"),
	BIT_OF(30, "PAUSE exiting"),
	BIT_OF(31, "Activate secondary controls"),
};

static const struct virt_bit proc2[] = {
	BIT_OF(0, "Virtualize APIC accesses"),
	BIT_OF(1, "Enable EPT"),
	BIT_OF(2, "Descriptor-table exiting"),
	BIT_OF(3, "Enable RDTSCP"),
	BIT_OF(4, "Virtualize x2APIC mode"),
	BIT_OF(5, "Enable VPID"),
	BIT_OF(6, "WBINVD exiting"),
	BIT_OF(7, "Unrestricted guest"),
	BIT_OF(8, "APIC-register virtualization"),
	BIT_OF(9, "Virtual-interrupt delivery"),
	BIT_OF(10, "PAUSE-loop exiting"),
	BIT_OF(11, "RDRAND exiting"),
	BIT_OF(12, "Enable INVPCID"),
	BIT_OF(13, "Enable VM functions"),
	BIT_OF(14, "VMCS shadowing"),
	BIT_OF(15, "Enable ENCLS exiting"),
	BIT_OF(16, "RDSEED exiting"),
	BIT_OF(17, "Enable PML"),
	BIT_OF(18, "EPT-violation #VE"),
	BIT_OF(19, "Conceal VMX from PT"),
	BIT_OF(20, "Enable XSAVES/XRSTORS"),
	BIT_OF(21, "PASID translation"),
	BIT_OF(22, "Mode-based execute control for EPT"),
	BIT_OF(23, "Sub-page write permissions for EPT"),
	BIT_OF(24, "Intel PT uses guest physical addresses"),
	BIT_OF(25, "Use TSC scaling"),
	BIT_OF(26, "Enable user wait and pause"),
	BIT_OF(27, "Enable PCONFIG"),
	BIT_OF(28, "Enable ENCLV exiting"),
	BIT_OF(30, "VMM bus-lock detection"),
	BIT_OF(31, "Instruction timeout"),
};

static const struct virt_bit proc3[] = {
	BIT_OF(0, "LOADIWKEY exiting"),
	BIT_OF(1, "Enable HLAT"),
	BIT_OF(2, "EPT paging-write control"),
	BIT_OF(3, "Guest-paging verification"),
	BIT_OF(4, "IPI virtualization"),
	BIT_OF(5, "SEAM guest-physical address width"),
	BIT_OF(6, "Enable MSR-list instructions"),
	BIT_OF(7, "Virtualize IA32_SPEC_CTRL"),
	BIT_OF(8, "APIC-timer virtualization"),
	BIT_OF(9, "Enable PBNDKB"),
	BIT_OF(12, "PEBS uses guest physical addresses"),
};

static const struct virt_bit exit1[] = {
	BIT_OF(2, "Save debug controls"),
	BIT_OF(9, "Host address-space size"),
	BIT_OF(12, "Load IA32_PERF_GLOBAL_CTRL"),
	BIT_OF(15, "Acknowledge interrupt on exit"),
	BIT_OF(18, "Save IA32_PAT"),
	BIT_OF(19, "Load IA32_PAT"),
	BIT_OF(20, "Save IA32_EFER"),
	BIT_OF(21, "Load IA32_EFER"),
	BIT_OF(22, "Save VMX-preemption timer value"),
	BIT_OF(23, "Clear IA32_BNDCFGS"),
	BIT_OF(24, "Conceal VMX from PT"),
	BIT_OF(25, "Clear IA32_RTIT_CTL"),
	BIT_OF(26, "Clear IA32_LBR_CTL"),
	BIT_OF(27, "Clear UINV"),
	BIT_OF(28, "Load CET state"),
	BIT_OF(29, "Load PKRS"),
	BIT_OF(30, "Save IA32_PERF_GLOBAL_CTL"),
	BIT_OF(31, "Activate secondary controls"),
};

static const struct virt_bit exit2[] = {
	BIT_OF(0, "Save FRED"),
	BIT_OF(1, "Load FRED"),
	BIT_OF(2, "Load IA32_SPEC_CTRL"),
	BIT_OF(3, "Prematurely busy shadow stack"),
};

static const struct virt_bit entry[] = {
	BIT_OF(2, "Load debug controls"),
	BIT_OF(9, "IA-32e mode guest"),
	BIT_OF(10, "Entry to SMM"),
	BIT_OF(11, "Deactivate dual-monitor treatment"),
	BIT_OF(13, "Load IA32_PERF_GLOBAL_CTRL"),
	BIT_OF(14, "Load IA32_PAT"),
	BIT_OF(15, "Load IA32_EFER"),
	BIT_OF(16, "Load IA32_BNDCFGS"),
	BIT_OF(17, "Conceal VMX from PT"),
	BIT_OF(18, "Load IA32_RTIT_CTL"),
	BIT_OF(19, "Load UINV"),
	BIT_OF(20, "Load CET state"),
	BIT_OF(21, "Load guest IA32_LBR_CTL"),
	BIT_OF(22, "Load PKRS"),
	BIT_OF(23, "Load FRED"),
	BIT_OF(24, "Load IA32_SPEC_CTRL"),
	BIT_OF(25, "Allow SEAM-guest telemetry"),
};

static const struct virt_bit misc[] = {
	FIELD_OF(0, 4, "TSC bit that counts the VMX-preemption timer"),
	BIT_OF(5, "VM exits save EFER.LMA in the entry control"),
	BIT_OF(6, "Activity state HLT"),
	BIT_OF(7, "Activity state shutdown"),
	BIT_OF(8, "Activity state wait-for-SIPI"),
	BIT_OF(14, "Intel PT in VMX operation"),
	BIT_OF(15, "RDMSR of IA32_SMBASE in SMM"),
	FIELD_OF(16, 24, "CR3-target values"),
	FIELD_OF(25, 27, "Recommended MSR-list entries / 512, less 1"),
	BIT_OF(28, "IA32_SMM_MONITOR_CTL bit 2 can be 1"),
	BIT_OF(29, "VMWRITE to any supported field"),
	BIT_OF(30, "Injection with instruction length 0"),
	FIELD_OF(32, 63, "MSEG revision identifier"),
};

static const struct virt_bit cr0[] = {
	BIT_OF(0, "CR0.PE"), BIT_OF(1, "CR0.MP"), BIT_OF(2, "CR0.EM"), BIT_OF(3, "CR0.TS"),
	BIT_OF(4, "CR0.ET"), BIT_OF(5, "CR0.NE"), BIT_OF(16, "CR0.WP"), BIT_OF(18, "CR0.AM"),
	BIT_OF(29, "CR0.NW"), BIT_OF(30, "CR0.CD"), BIT_OF(31, "CR0.PG"),
};

static const struct virt_bit cr4[] = {
	BIT_OF(0, "CR4.VME"), BIT_OF(1, "CR4.PVI"), BIT_OF(2, "CR4.TSD"), BIT_OF(3, "CR4.DE"),
	BIT_OF(4, "CR4.PSE"), BIT_OF(5, "CR4.PAE"), BIT_OF(6, "CR4.MCE"), BIT_OF(7, "CR4.PGE"),
	BIT_OF(8, "CR4.PCE"), BIT_OF(9, "CR4.OSFXSR"), BIT_OF(10, "CR4.OSXMMEXCPT"),
	BIT_OF(11, "CR4.UMIP"), BIT_OF(12, "CR4.LA57"), BIT_OF(13, "CR4.VMXE"),
	BIT_OF(14, "CR4.SMXE"), BIT_OF(16, "CR4.FSGSBASE"), BIT_OF(17, "CR4.PCIDE"),
	BIT_OF(18, "CR4.OSXSAVE"), BIT_OF(19, "CR4.KL"), BIT_OF(20, "CR4.SMEP"),
	BIT_OF(21, "CR4.SMAP"), BIT_OF(22, "CR4.PKE"), BIT_OF(23, "CR4.CET"), BIT_OF(24, "CR4.PKS"),
	BIT_OF(25, "CR4.UINTR"), BIT_OF(27, "CR4.LASS"), BIT_OF(28, "CR4.LAM_SUP"),
	BIT_OF(32, "CR4.FRED"),
};

static const struct virt_bit vmcs_enum[] = {
	FIELD_OF(1, 9, "Highest index of a VMCS field"),
};

static const struct virt_bit ept_vpid[] = {
	BIT_OF(0, "EPT: execute-only translations"),
	BIT_OF(6, "EPT: page-walk length 4"),
	BIT_OF(7, "EPT: page-walk length 5"),
	BIT_OF(8, "EPT: uncacheable paging structures"),
	BIT_OF(14, "EPT: write-back paging structures"),
	BIT_OF(16, "EPT: 2-MByte pages"),
	BIT_OF(17, "EPT: 1-GByte pages"),
	BIT_OF(20, "INVEPT"),
	BIT_OF(21, "EPT: accessed and dirty flags"),
	BIT_OF(22, "EPT: advanced information on violations"),
	BIT_OF(23, "EPT: supervisor shadow-stack control"),
	BIT_OF(25, "INVEPT: single-context"),
	BIT_OF(26, "INVEPT: all-context"),
	BIT_OF(32, "INVVPID"),
	BIT_OF(40, "INVVPID: individual-address"),
	BIT_OF(41, "INVVPID: single-context"),
	BIT_OF(42, "INVVPID: all-context"),
	BIT_OF(43, "INVVPID: single-context-retaining-globals"),
	FIELD_OF(48, 53, "HLAT: maximum prefix size"),
};

static const struct virt_bit vmfunc[] = {
	BIT_OF(0, "EPTP switching"),
};

static const struct virt_bit svm_eax[] = {
	FIELD_OF(0, 7, "SvmRev"),
};

static const struct virt_bit svm_ebx[] = {
	FIELD_OF(0, 31, "NASID"),
};

static const struct virt_bit svm_ecx[] = {
	BIT_OF(6, "x2AVIC_EXT"),
};

static const struct virt_bit svm_edx[] = {
	BIT_OF(0, "NP"),
	BIT_OF(1, "LbrVirt"),
	BIT_OF(2, "SVML"),
	BIT_OF(3, "NRIPS"),
	BIT_OF(4, "TscRateMsr"),
	BIT_OF(5, "VmcbClean"),
	BIT_OF(6, "FlushByAsid"),
	BIT_OF(7, "DecodeAssists"),
	BIT_OF(8, "PmcVirt"),
	BIT_OF(10, "PauseFilter"),
	BIT_OF(12, "PauseFilterThreshold"),
	BIT_OF(13, "AVIC"),
	BIT_OF(15, "VMSAVEvirt"),
	BIT_OF(16, "VGIF"),
	BIT_OF(17, "GMET"),
	BIT_OF(18, "x2AVIC"),
	BIT_OF(19, "SSSCheck"),
	BIT_OF(20, "SpecCtrl"),
	BIT_OF(21, "ROGPT"),
	BIT_OF(23, "HOST_MCE_OVERRIDE"),
	BIT_OF(24, "TlbiCtl"),
	BIT_OF(25, "VNMI"),
	BIT_OF(26, "IbsVirt"),
	BIT_OF(27, "ExtLvtAvicAccessChg"),
	BIT_OF(28, "NestedVirtVmcbAddrChk"),
	BIT_OF(29, "BusLockThreshold"),
	BIT_OF(30, "IdleHltIntercept"),
};

static const struct virt_bit vm_cr[] = {
	BIT_OF(0, "DPD"),
	BIT_OF(1, "R_INIT"),
	BIT_OF(2, "DIS_A20M"),
	BIT_OF(3, "LOCK"),
	BIT_OF(4, "SVMDIS"),
};

#define GROUP(bits_, kind_, reg_, second_, name_, section_) \
	{ .id = #bits_, .name = (name_), .section = (section_), .kind = VIRT_##kind_, \
	  .reg = VIRT_##reg_, .second = VIRT_##second_, \
	  .bits = (bits_), .nr_bits = VIRT_COUNT(bits_) }

#define SVM_LEAF	"APM vol. 3, E.4.9, Fn8000_000A"

const struct virt_group virt_groups[] = {
	GROUP(feature_control, FLAGS, FEATURE_CONTROL, NONE, "Feature control",
	      "SDM vol. 4, IA-32 Architectural MSRs"),
	GROUP(basic, FLAGS, BASIC, NONE, "Basic VMX information", "SDM vol. 3D, A.1"),
	GROUP(pin, CONTROLS, PIN, TRUE_PIN, "Pin-based VM-execution controls",
	      "SDM vol. 3D, A.3.1"),
	GROUP(proc, CONTROLS, PROC, TRUE_PROC, "Primary processor-based VM-execution controls",
	      "SDM vol. 3D, A.3.2"),
	GROUP(proc2, CONTROLS, PROC2, NONE, "Secondary processor-based VM-execution controls",
	      "SDM vol. 3D, A.3.3"),
	GROUP(proc3, ALLOWED1, PROC3, NONE, "Tertiary processor-based VM-execution controls",
	      "SDM vol. 3D, A.3.4"),
	GROUP(exit1, CONTROLS, EXIT, TRUE_EXIT, "Primary VM-exit controls", "SDM vol. 3D, A.4.1"),
	GROUP(exit2, ALLOWED1, EXIT2, NONE, "Secondary VM-exit controls", "SDM vol. 3D, A.4.2"),
	GROUP(entry, CONTROLS, ENTRY, TRUE_ENTRY, "VM-entry controls", "SDM vol. 3D, A.5"),
	GROUP(misc, FLAGS, MISC, NONE, "Miscellaneous data", "SDM vol. 3D, A.6"),
	GROUP(cr0, FIXED, CR0_FIXED0, CR0_FIXED1, "Bits of CR0 in VMX operation",
	      "SDM vol. 3D, A.7"),
	GROUP(cr4, FIXED, CR4_FIXED0, CR4_FIXED1, "Bits of CR4 in VMX operation",
	      "SDM vol. 3D, A.8"),
	GROUP(vmcs_enum, FLAGS, VMCS_ENUM, NONE, "VMCS enumeration", "SDM vol. 3D, A.9"),
	GROUP(ept_vpid, FLAGS, EPT_VPID, NONE, "VPID and EPT capabilities", "SDM vol. 3D, A.10"),
	GROUP(vmfunc, ALLOWED1, VMFUNC, NONE, "VM functions", "SDM vol. 3D, A.11"),
	GROUP(svm_eax, FLAGS, SVM_EAX, NONE, "SVM revision", SVM_LEAF),
	GROUP(svm_ebx, FLAGS, SVM_EBX, NONE, "Address space identifiers", SVM_LEAF),
	GROUP(svm_ecx, FLAGS, SVM_ECX, NONE, "SVM features, continued", SVM_LEAF),
	GROUP(svm_edx, FLAGS, SVM_EDX, NONE, "SVM features", SVM_LEAF),
	GROUP(vm_cr, FLAGS, VM_CR, NONE, "SVM control", "APM vol. 2, 15.30.1"),
};

const unsigned int virt_nr_groups = VIRT_COUNT(virt_groups);
