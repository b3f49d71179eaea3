/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What virtualization features a CPU has: one table of registers and of what their bits mean, and
 * the functions that read it.  The same for the kernel module and for bootexits-features.
 *
 * SDM is Intel's Software Developer's Manual, APM AMD's Architecture Programmer's Manual; sections
 * are named rather than numbered where the number changes from edition to edition.
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
#define VIRT_LINE		160	/* bytes of a report's line at most, its end included */

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

/* What is known of a register; an unreadable one is never taken for 0. */
enum virt_state {
	VIRT_UNDEFINED,		/* another register says that this CPU has none */
	VIRT_OK,
	VIRT_UNREADABLE,	/* reading it faults */
	VIRT_MISSING,		/* a saved dump has no line of it */
};

struct virt_need {
	__u8 reg;		/* an enum virt_reg */
	__u8 bit;
};

/* A register exists if VMX or SVM does and, if it has needs, any of them is 1. */
struct virt_reg_info {
	const char *name;
	__u32 index;		/* of the MSR, or the CPUID leaf */
	bool cpuid;
	__u8 output;		/* CPUID: 0 to 3 for EAX to EDX */
	bool svm;		/* else VMX */
	const char *why;	/* what it needs, in words */
	struct virt_need needs[2];
	__u8 nr_needs;
};

enum virt_kind {
	VIRT_FLAGS,		/* what is 1 is there */
	VIRT_CONTROLS,		/* allowed 0-settings in bits 31:0, allowed 1-settings in 63:32 */
	VIRT_ALLOWED1,		/* allowed 1-settings; each bit may be 0 */
	VIRT_FIXED,		/* 1 in reg: must be 1; 0 in second: must be 0 */
};

struct virt_bit {
	__u8 bit;
	__u8 last;		/* of a field, which is a number; else as bit */
	const char *name;	/* as the manual has it */
};

struct virt_group {
	const char *id;		/* JSON's name of it: append-only */
	const char *name;
	const char *section;	/* of the manual */
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

/* One CPU, as it was read. */
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
	/* Output in the order EAX, EBX, ECX, EDX; zeros for a leaf that is not there. */
	void (*cpuid)(void *context, __u32 leaf, __u32 output[4]);
	void *context;
};

enum virt_answer {
	VIRT_NO,
	VIRT_YES,
	VIRT_UNKNOWN,		/* the register is not readable */
};

/* What a bit may be.  Of flags, only can_set is meant: whether it is there. */
struct virt_setting {
	enum virt_answer can_set;
	enum virt_answer can_clear;
	/* "yes", "no", "forced", "default" (1 unless TRUE is asked), "unknown", "contradictory" */
	const char *state;
};

/* Whether software may switch it on, as firmware left it. */
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
 * @cpu: all of it is set but @cpu->number
 * @source: where from; its functions run on that CPU
 *
 * CPUID 1 ECX.VMX and CPUID 0x80000001 ECX.SVM decide (SDM vol. 3C, Discovering Support for VMX;
 * APM vol. 2, 15.4), and the needs in virt_regs.  A register whose need is not readable is tried.
 */
void virt_read(struct virt_cpu *cpu, const struct virt_source *source);

/* Whether all that is reported of two CPUs is the same, their numbers apart. */
bool virt_same(const struct virt_cpu *a, const struct virt_cpu *b);

/* The first CPU of @cpus that is like that one: by its index, the number of a kind. */
unsigned int virt_kind(const struct virt_cpu *cpus, unsigned int cpu);

/* Whether the group is of a technique, VMX or SVM, that the CPU has. */
bool virt_group_present(const struct virt_cpu *cpu, const struct virt_group *group);

/* Whether one of the group's registers was read. */
bool virt_group_readable(const struct virt_cpu *cpu, const struct virt_group *group);

/* What the bit of that group may be; the group is readable. */
struct virt_setting virt_setting(const struct virt_cpu *cpu, const struct virt_group *group,
				 unsigned int bit);

/* The number in that field of the group's register, which was read. */
__u64 virt_field(const struct virt_cpu *cpu, const struct virt_group *group,
		 const struct virt_bit *field);

/*
 * Bits that the table has no name for and that are, or may be, 1.  Their name is "bit N (reserved)";
 * a reserved control that must be 1 is among them.
 */
__u64 virt_reserved(const struct virt_cpu *cpu, const struct virt_group *group);

enum virt_use virt_vmx_use(const struct virt_cpu *cpu);
enum virt_use virt_svm_use(const struct virt_cpu *cpu);

/* Family, model and stepping of a CPUID signature (SDM vol. 2A, CPUID; APM vol. 3, E.3.2). */
unsigned int virt_family(__u32 signature);
unsigned int virt_model(__u32 signature);
unsigned int virt_stepping(__u32 signature);

/* "not readable" and its like, of a state that is not VIRT_OK */
const char *virt_state_name(enum virt_state state);

/* Takes a line without its newline. */
typedef void (*virt_line_fn)(void *context, const char *line);

/**
 * virt_report - say it all
 * @cpus: of any number and kind
 * @nr_cpus: at least 1
 *
 * CPUs that are alike share one report; of each further kind only the differences are told.
 */
void virt_report(const struct virt_cpu *cpus, unsigned int nr_cpus, virt_line_fn line,
		 void *context);

#endif
