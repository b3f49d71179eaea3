/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The virtualization features of a CPU: a table of registers with the meaning of their bits, and
 * the functions that read it.  The kernel module and bootexits-features share them.
 *
 * SDM is Intel's Software Developer's Manual.  APM is AMD's Architecture Programmer's Manual.  If a
 * section's number changes from edition to edition, comments give its name.
 */
#ifndef VIRT_CAPS_H
#define VIRT_CAPS_H

#ifdef __KERNEL__
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#endif

#define VIRT_COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define VIRT_LINE		160	/* most bytes of a report's line, with the final NUL */

enum virt_reg {
	VIRT_FEATURE_CONTROL,
	VIRT_BASIC,
	VIRT_PIN,
	VIRT_PROC,
	VIRT_EXIT,
	VIRT_ENTRY,
	VIRT_MISC,
	VIRT_CR0_FIXED0,
	VIRT_CR0_FIXED1,
	VIRT_CR4_FIXED0,
	VIRT_CR4_FIXED1,
	VIRT_VMCS_ENUM,
	VIRT_PROC2,
	VIRT_EPT_VPID,
	VIRT_TRUE_PIN,
	VIRT_TRUE_PROC,
	VIRT_TRUE_EXIT,
	VIRT_TRUE_ENTRY,
	VIRT_VMFUNC,
	VIRT_PROC3,
	VIRT_EXIT2,
	VIRT_SVM_EAX,
	VIRT_SVM_EBX,
	VIRT_SVM_ECX,
	VIRT_SVM_EDX,
	VIRT_VM_CR,
	VIRT_NR_REGS,
	VIRT_NONE = VIRT_NR_REGS,
};

/* What is known of a register.  An unreadable register is never taken for 0. */
enum virt_state {
	VIRT_UNDEFINED,		/* another register says that this CPU does not have it */
	VIRT_OK,
	VIRT_UNREADABLE,	/* reading it faults */
	VIRT_MISSING,		/* a saved dump has no line of it */
};

struct virt_need {
	__u8 reg;		/* an enum virt_reg */
	__u8 bit;
};

/* A register exists if the CPU has VMX, or SVM, and if one of its needs, if it has any, is 1. */
struct virt_reg_info {
	const char *name;
	__u32 index;		/* the MSR's number, or the CPUID leaf */
	bool cpuid;
	__u8 output;		/* CPUID: 0 to 3 for EAX to EDX */
	bool svm;		/* else VMX */
	const char *why;	/* what it needs, in words */
	struct virt_need needs[2];
	__u8 nr_needs;
};

enum virt_kind {
	VIRT_FLAGS,		/* a bit that is 1 means that the feature is there */
	VIRT_CONTROLS,		/* allowed 0-settings in bits 31:0, allowed 1-settings in 63:32 */
	VIRT_ALLOWED1,		/* allowed 1-settings; each bit may be 0 */
	VIRT_FIXED,		/* bits that are 1 in reg must be 1, bits that are 0 in second 0 */
};

struct virt_bit {
	__u8 bit;
	__u8 last;		/* a field's last bit; the same as bit if this is no field */
	const char *name;	/* the manual's name */
};

struct virt_group {
	const char *id;		/* its key in JSON: append-only */
	const char *name;
	const char *section;	/* the manual's section */
	enum virt_kind kind;
	enum virt_reg reg;
	enum virt_reg second;	/* CONTROLS: its TRUE MSR, FIXED: its FIXED1 MSR; else VIRT_NONE */
	const struct virt_bit *bits;
	unsigned int nr_bits;
};

extern const struct virt_reg_info virt_regs[VIRT_NR_REGS];
extern const struct virt_group virt_groups[];
extern const unsigned int virt_nr_groups;

struct virt_value {
	enum virt_state state;
	__u64 value;
};

/* What was read from one CPU */
struct virt_cpu {
	unsigned int number;
	char vendor[13];
	__u32 signature;	/* CPUID 1, EAX */
	bool vmx;
	bool svm;
	struct virt_value regs[VIRT_NR_REGS];
};

/* Where registers come from: a CPU, or a saved dump. */
struct virt_source {
	enum virt_state (*msr)(void *context, __u32 index, __u64 *value);
	/* The output's order is EAX, EBX, ECX, EDX.  A leaf that is not there reads as zeros. */
	void (*cpuid)(void *context, __u32 leaf, __u32 output[4]);
	void *context;
};

enum virt_answer {
	VIRT_NO,
	VIRT_YES,
	VIRT_UNKNOWN,		/* the register is not readable */
};

/* What a bit may be.  For a flag only can_set has a meaning: the feature is there. */
struct virt_setting {
	enum virt_answer can_set;
	enum virt_answer can_clear;
	/* "yes", "no", "forced", "default" (1 by the plain MSR), "unknown", "contradictory" */
	const char *state;
};

/* May software switch VMX or SVM on?  This is how firmware left it. */
enum virt_use {
	VIRT_USE_ABSENT,
	VIRT_USE_OK,
	VIRT_USE_UNLOCKED,	/* firmware has not decided; the kernel may */
	VIRT_USE_SMX,		/* VMX in SMX operation only */
	VIRT_USE_DISABLED,
	VIRT_USE_UNKNOWN,
};

/**
 * virt_read - read all registers that a CPU has
 * @cpu: filled in, except @cpu->number
 * @source: the functions that read; they run on that CPU
 *
 * CPUID 1 ECX.VMX and CPUID 0x80000001 ECX.SVM say which registers there are (SDM vol. 3C,
 * Discovering Support for VMX; APM vol. 2, 15.4).  So do the needs in virt_regs.  If a register's
 * need is not readable, the register is read all the same.
 */
void virt_read(struct virt_cpu *cpu, const struct virt_source *source);

/* Do two CPUs have the same report, apart from their numbers? */
bool virt_same(const struct virt_cpu *a, const struct virt_cpu *b);

/* The index of the first CPU in @cpus that has the same report as @cpu.  It names a kind of CPU. */
unsigned int virt_kind(const struct virt_cpu *cpus, unsigned int cpu);

/* Does the CPU have the group's technique, VMX or SVM? */
bool virt_group_present(const struct virt_cpu *cpu, const struct virt_group *group);

/* Was at least one of the group's registers read? */
bool virt_group_readable(const struct virt_cpu *cpu, const struct virt_group *group);

/* What a bit of the group may be.  The group must be readable. */
struct virt_setting virt_setting(const struct virt_cpu *cpu, const struct virt_group *group,
				 unsigned int bit);

/* The number in a field of the group's register.  The register must have been read. */
__u64 virt_field(const struct virt_cpu *cpu, const struct virt_group *group,
		 const struct virt_bit *field);

/*
 * Bits that are 1, or may be, and that the table has no name for.  They are reported as
 * "bit N (reserved)".  A reserved control that must be 1 is one of them.
 */
__u64 virt_reserved(const struct virt_cpu *cpu, const struct virt_group *group);

enum virt_use virt_vmx_use(const struct virt_cpu *cpu);
enum virt_use virt_svm_use(const struct virt_cpu *cpu);

/* Family, model and stepping of a CPUID signature (SDM vol. 2A, CPUID; APM vol. 3, E.3.2). */
unsigned int virt_family(__u32 signature);
unsigned int virt_model(__u32 signature);
unsigned int virt_stepping(__u32 signature);

/* The words for a state that is not VIRT_OK, such as "not readable" */
const char *virt_state_name(enum virt_state state);

/* Gets one line at a time, without its newline. */
typedef void (*virt_line_fn)(void *context, const char *line);

/**
 * virt_report - report all CPUs
 * @cpus: the CPUs
 * @nr_cpus: their number, at least 1
 * @line: called for each line
 * @context: passed to @line
 *
 * CPUs of one kind share a report.  Further kinds report only how they differ from the first.
 */
void virt_report(const struct virt_cpu *cpus, unsigned int nr_cpus, virt_line_fn line,
		 void *context);

#endif
