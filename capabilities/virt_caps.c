// SPDX-License-Identifier: GPL-2.0-only
/* Reads the registers, and answers what they say, by the table in virt_table.c. */
#include "capabilities/virt_caps.h"

#define CPUID_MAX_EXTENDED	0x80000000
#define CPUID_EXTENDED		0x80000001
#define CPUID_SVM		0x8000000a

static bool bit_of(__u64 value, unsigned int bit)
{
	return value >> bit & 1;
}

static bool has(const struct virt_cpu *cpu, const struct virt_reg_info *info)
{
	return info->svm ? cpu->svm : cpu->vmx;
}

/* Is a register there, by the registers that were read so far?  VIRT_OK means: read it. */
static enum virt_state wanted(const struct virt_cpu *cpu, const struct virt_reg_info *info)
{
	enum virt_state state = VIRT_UNDEFINED;
	unsigned int i;

	if (!has(cpu, info))
		return VIRT_UNDEFINED;
	if (!info->nr_needs)
		return VIRT_OK;
	for (i = 0; i < info->nr_needs; i++) {
		const struct virt_value *need = &cpu->regs[info->needs[i].reg];

		if (need->state == VIRT_UNREADABLE || need->state == VIRT_MISSING ||
		    (need->state == VIRT_OK && bit_of(need->value, info->needs[i].bit)))
			state = VIRT_OK;
	}
	return state;
}

static void read_identity(struct virt_cpu *cpu, const struct virt_source *source)
{
	__u32 output[4];

	source->cpuid(source->context, 0, output);
	memcpy(cpu->vendor, &output[1], 4);
	memcpy(cpu->vendor + 4, &output[3], 4);
	memcpy(cpu->vendor + 8, &output[2], 4);
	cpu->vendor[12] = 0;
	source->cpuid(source->context, 1, output);
	cpu->signature = output[0];
	cpu->vmx = bit_of(output[2], 5);
	cpu->svm = false;
	source->cpuid(source->context, CPUID_MAX_EXTENDED, output);
	if (output[0] < CPUID_SVM || output[0] > CPUID_MAX_EXTENDED + 0xffff)
		return;
	source->cpuid(source->context, CPUID_EXTENDED, output);
	cpu->svm = bit_of(output[2], 2);
}

void virt_read(struct virt_cpu *cpu, const struct virt_source *source)
{
	unsigned int i;

	read_identity(cpu, source);
	for (i = 0; i < VIRT_NR_REGS; i++) {
		const struct virt_reg_info *info = &virt_regs[i];
		struct virt_value *reg = &cpu->regs[i];
		__u32 output[4];

		reg->value = 0;
		reg->state = wanted(cpu, info);
		if (reg->state != VIRT_OK)
			continue;
		if (info->cpuid) {
			source->cpuid(source->context, info->index, output);
			reg->value = output[info->output];
		} else {
			reg->state = source->msr(source->context, info->index, &reg->value);
		}
	}
}

bool virt_same(const struct virt_cpu *a, const struct virt_cpu *b)
{
	unsigned int i;

	if (strcmp(a->vendor, b->vendor) || a->signature != b->signature ||
	    a->vmx != b->vmx || a->svm != b->svm)
		return false;
	for (i = 0; i < VIRT_NR_REGS; i++)
		if (a->regs[i].state != b->regs[i].state || a->regs[i].value != b->regs[i].value)
			return false;
	return true;
}

unsigned int virt_kind(const struct virt_cpu *cpus, unsigned int cpu)
{
	unsigned int i = 0;

	while (!virt_same(&cpus[i], &cpus[cpu]))
		i++;
	return i;
}

bool virt_group_present(const struct virt_cpu *cpu, const struct virt_group *group)
{
	return has(cpu, &virt_regs[group->reg]);
}

/* The state of one of a group's registers.  A group may lack the second. */
static enum virt_state state_of(const struct virt_cpu *cpu, enum virt_reg reg)
{
	return reg == VIRT_NONE ? VIRT_UNDEFINED : cpu->regs[reg].state;
}

bool virt_group_readable(const struct virt_cpu *cpu, const struct virt_group *group)
{
	return state_of(cpu, group->reg) == VIRT_OK || state_of(cpu, group->second) == VIRT_OK;
}

static enum virt_answer answer(bool yes)
{
	return yes ? VIRT_YES : VIRT_NO;
}

/*
 * SDM vol. 3D, A.2: control X may be 1 if bit 32 + X is 1, and may be 0 if bit X is 0.  By the
 * plain MSR, controls of the default1 class must be 1.  The TRUE MSR, if any, says which may be 0.
 */
static struct virt_setting control(const struct virt_cpu *cpu, const struct virt_group *group,
				   unsigned int bit)
{
	const struct virt_value *plain = &cpu->regs[group->reg];
	enum virt_state state = state_of(cpu, group->second);
	const struct virt_value *best = state == VIRT_OK ? &cpu->regs[group->second] : plain;
	struct virt_setting setting = {
		.can_set = answer(bit_of(best->value, 32 + bit)),
		.can_clear = answer(!bit_of(best->value, bit)),
	};

	if (best == plain && setting.can_clear == VIRT_NO && state != VIRT_UNDEFINED)
		setting.can_clear = VIRT_UNKNOWN;	/* the TRUE MSR would have told */
	if (setting.can_set == VIRT_YES && setting.can_clear == VIRT_YES &&
	    plain->state == VIRT_OK && bit_of(plain->value, bit))
		setting.state = "default";
	return setting;
}

/* SDM vol. 3D, A.7 and A.8 */
static struct virt_setting fixed(const struct virt_cpu *cpu, const struct virt_group *group,
				 unsigned int bit)
{
	const struct virt_value *ones = &cpu->regs[group->reg];
	const struct virt_value *zeros = &cpu->regs[group->second];
	struct virt_setting setting = { VIRT_UNKNOWN, VIRT_UNKNOWN, NULL };

	if (zeros->state == VIRT_OK)
		setting.can_set = answer(bit_of(zeros->value, bit));
	if (ones->state == VIRT_OK)
		setting.can_clear = answer(!bit_of(ones->value, bit));
	return setting;
}

struct virt_setting virt_setting(const struct virt_cpu *cpu, const struct virt_group *group,
				 unsigned int bit)
{
	struct virt_setting setting = { VIRT_UNKNOWN, VIRT_YES, NULL };

	switch (group->kind) {
	case VIRT_CONTROLS:
		setting = control(cpu, group, bit);
		break;
	case VIRT_FIXED:
		setting = fixed(cpu, group, bit);
		break;
	case VIRT_ALLOWED1:
	case VIRT_FLAGS:
		setting.can_set = answer(bit_of(cpu->regs[group->reg].value, bit));
		break;
	}
	if (setting.state)
		return setting;
	if (setting.can_set == VIRT_UNKNOWN || setting.can_clear == VIRT_UNKNOWN)
		setting.state = "unknown";
	else if (setting.can_clear == VIRT_NO)
		setting.state = setting.can_set == VIRT_YES ? "forced" : "contradictory";
	else
		setting.state = setting.can_set == VIRT_YES ? "yes" : "no";
	return setting;
}

__u64 virt_field(const struct virt_cpu *cpu, const struct virt_group *group,
		 const struct virt_bit *field)
{
	unsigned int bits = field->last - field->bit + 1;

	return cpu->regs[group->reg].value >> field->bit & (~0ULL >> (64 - bits));
}

__u64 virt_reserved(const struct virt_cpu *cpu, const struct virt_group *group)
{
	__u64 ones = cpu->regs[group->reg].value, named = 0;
	unsigned int i, bit;

	if (group->second != VIRT_NONE)
		ones |= cpu->regs[group->second].value;
	if (group->kind == VIRT_CONTROLS)
		ones = (ones >> 32 | ones) & 0xffffffff;
	for (i = 0; i < group->nr_bits; i++)
		for (bit = group->bits[i].bit; bit <= group->bits[i].last; bit++)
			named |= 1ULL << bit;
	return ones & ~named;
}

enum virt_use virt_vmx_use(const struct virt_cpu *cpu)
{
	const struct virt_value *control = &cpu->regs[VIRT_FEATURE_CONTROL];

	if (!cpu->vmx)
		return VIRT_USE_ABSENT;
	if (control->state != VIRT_OK)
		return VIRT_USE_UNKNOWN;
	if (!bit_of(control->value, 0))
		return VIRT_USE_UNLOCKED;
	if (bit_of(control->value, 2))
		return VIRT_USE_OK;
	return bit_of(control->value, 1) ? VIRT_USE_SMX : VIRT_USE_DISABLED;
}

enum virt_use virt_svm_use(const struct virt_cpu *cpu)
{
	const struct virt_value *control = &cpu->regs[VIRT_VM_CR];

	if (!cpu->svm)
		return VIRT_USE_ABSENT;
	if (control->state != VIRT_OK)
		return VIRT_USE_UNKNOWN;
	return bit_of(control->value, 4) ? VIRT_USE_DISABLED : VIRT_USE_OK;
}

unsigned int virt_family(__u32 signature)
{
	unsigned int family = signature >> 8 & 15;

	return family == 15 ? family + (signature >> 20 & 255) : family;
}

unsigned int virt_model(__u32 signature)
{
	unsigned int family = signature >> 8 & 15, model = signature >> 4 & 15;

	return family == 6 || family == 15 ? model | (signature >> 16 & 15) << 4 : model;
}

unsigned int virt_stepping(__u32 signature)
{
	return signature & 15;
}

const char *virt_state_name(enum virt_state state)
{
	return state == VIRT_UNREADABLE ? "not readable" :
	       state == VIRT_MISSING ? "not in the dump" : "not there";
}
