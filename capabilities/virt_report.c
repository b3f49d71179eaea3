// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report as lines of text.  The kernel's log, debugfs and bootexits-features have the same
 * lines.
 */
#include "capabilities/virt_caps.h"

struct out {
	virt_line_fn line;
	void *context;
	char text[VIRT_LINE];
};

#define say(out, ...) \
	do { \
		snprintf((out)->text, VIRT_LINE, __VA_ARGS__); \
		(out)->line((out)->context, (out)->text); \
	} while (0)

static const char * const answers[] = {
	[VIRT_NO] = "no",
	[VIRT_YES] = "yes",
	[VIRT_UNKNOWN] = "unknown",
};

/* A register's value, or why there is none */
static const char *reg_text(char *text, size_t size, const struct virt_value *reg)
{
	if (reg->state != VIRT_OK)
		return virt_state_name(reg->state);
	snprintf(text, size, "0x%016llx", reg->value);
	return text;
}

/* The state of a bit as a word, or a field as a number.  The group is readable. */
static void bit_word(char *text, size_t size, const struct virt_cpu *cpu,
		     const struct virt_group *group, const struct virt_bit *bit)
{
	if (bit->last != bit->bit)
		snprintf(text, size, "%llu", virt_field(cpu, group, bit));
	else
		snprintf(text, size, "%s", virt_setting(cpu, group, bit->bit).state);
}

/* The same, and for a control, whether software can set it and clear it */
static void bit_text(char *text, size_t size, const struct virt_cpu *cpu,
		     const struct virt_group *group, const struct virt_bit *bit)
{
	struct virt_setting setting;

	if (bit->last != bit->bit || group->kind == VIRT_FLAGS) {
		bit_word(text, size, cpu, group, bit);
		return;
	}
	setting = virt_setting(cpu, group, bit->bit);
	snprintf(text, size, "can set=%-3s  can clear=%-3s  %s", answers[setting.can_set],
		 answers[setting.can_clear], setting.state);
}

static void bit_place(char *text, size_t size, const struct virt_bit *bit)
{
	if (bit->last != bit->bit)
		snprintf(text, size, "bits %u:%u", bit->last, bit->bit);
	else if (bit->name)
		snprintf(text, size, "bit %u", bit->bit);
	else
		snprintf(text, size, "bit %u (reserved)", bit->bit);
}

static void say_bit(struct out *out, const struct virt_cpu *cpu, const struct virt_group *group,
		    const struct virt_bit *bit)
{
	char place[24], text[64];

	bit_place(place, sizeof(place), bit);
	bit_text(text, sizeof(text), cpu, group, bit);
	if (bit->name)
		say(out, "  %-10s  %-44s  %s", place, bit->name, text);
	else
		say(out, "  %-56s  %s", place, text);
}

static void say_reg(struct out *out, const struct virt_cpu *cpu, enum virt_reg reg)
{
	const struct virt_reg_info *info = &virt_regs[reg];
	char text[24];

	if (cpu->regs[reg].state == VIRT_UNDEFINED)
		say(out, "  %s: not there, for it needs %s", info->name, info->why);
	else if (info->cpuid)
		say(out, "  %s: 0x%08llx", info->name, cpu->regs[reg].value);
	else
		say(out, "  %s 0x%x: %s", info->name, info->index,
		    reg_text(text, sizeof(text), &cpu->regs[reg]));
}

static void say_group(struct out *out, const struct virt_cpu *cpu, const struct virt_group *group)
{
	__u64 reserved;
	unsigned int i;

	if (!virt_group_present(cpu, group))
		return;
	say(out, "%s (%s)", group->name, group->section);
	say_reg(out, cpu, group->reg);
	if (group->second != VIRT_NONE)
		say_reg(out, cpu, group->second);
	if (!virt_group_readable(cpu, group))
		return;
	for (i = 0; i < group->nr_bits; i++)
		say_bit(out, cpu, group, &group->bits[i]);
	reserved = virt_reserved(cpu, group);
	for (i = 0; i < 64; i++)
		if (reserved >> i & 1)
			say_bit(out, cpu, group, &(struct virt_bit){ i, i, NULL });
}

static void say_use(struct out *out, const struct virt_cpu *cpu)
{
	static const char * const vmx[] = {
		[VIRT_USE_OK] = "enabled by firmware",
		[VIRT_USE_UNLOCKED] = "left to the kernel by firmware (IA32_FEATURE_CONTROL is not locked)",
		[VIRT_USE_SMX] = "disabled by firmware outside SMX operation (IA32_FEATURE_CONTROL)",
		[VIRT_USE_DISABLED] = "disabled by firmware (IA32_FEATURE_CONTROL is locked without it)",
		[VIRT_USE_UNKNOWN] = "whether firmware enabled it is unknown (IA32_FEATURE_CONTROL)",
	};
	static const char * const svm[] = {
		[VIRT_USE_OK] = "enabled by firmware",
		[VIRT_USE_DISABLED] = "disabled by firmware (VM_CR.SVMDIS)",
		[VIRT_USE_UNKNOWN] = "whether firmware enabled it is unknown (VM_CR)",
	};

	if (cpu->vmx)
		say(out, "VMX: %s", vmx[virt_vmx_use(cpu)]);
	if (cpu->svm)
		say(out, "SVM: %s", svm[virt_svm_use(cpu)]);
	if (!cpu->vmx && !cpu->svm)
		say(out, "neither VMX nor SVM");
}

/* One bit of two CPUs, if it differs */
static void say_difference(struct out *out, const struct virt_cpu *cpu, const struct virt_cpu *first,
			   const struct virt_group *group, const struct virt_bit *bit)
{
	char place[24], here[24], there[24];

	bit_word(here, sizeof(here), cpu, group, bit);
	bit_word(there, sizeof(there), first, group, bit);
	if (!strcmp(here, there))
		return;
	bit_place(place, sizeof(place), bit);
	say(out, "    %s%s%s: %s here, %s on CPU %u", place, bit->name ? " " : "", bit->name ?: "",
	    here, there, first->number);
}

static void say_differences(struct out *out, const struct virt_cpu *cpu,
			    const struct virt_cpu *first, const struct virt_group *group)
{
	const enum virt_reg regs[] = { group->reg, group->second };
	__u64 reserved = virt_reserved(cpu, group) | virt_reserved(first, group);
	char text[24], first_text[24];
	bool differ = false;
	unsigned int i;

	for (i = 0; i < 2 && regs[i] != VIRT_NONE; i++) {
		const struct virt_value *here = &cpu->regs[regs[i]], *there = &first->regs[regs[i]];

		if (here->state == there->state && here->value == there->value)
			continue;
		differ = true;
		say(out, "  %s: %s here, %s on CPU %u", virt_regs[regs[i]].name,
		    reg_text(text, sizeof(text), here),
		    reg_text(first_text, sizeof(first_text), there), first->number);
	}
	if (!differ || !virt_group_readable(cpu, group) || !virt_group_readable(first, group))
		return;
	for (i = 0; i < group->nr_bits; i++)
		say_difference(out, cpu, first, group, &group->bits[i]);
	for (i = 0; i < 64; i++)
		if (reserved >> i & 1)
			say_difference(out, cpu, first, group, &(struct virt_bit){ i, i, NULL });
}

/* Lists all CPUs of one kind, as ranges.  A full line ends with a comma, and a new one begins. */
static void say_numbers(struct out *out, const struct virt_cpu *cpus, unsigned int nr_cpus,
			unsigned int kind)
{
	const struct virt_cpu *cpu = &cpus[kind];
	unsigned int i, last, length = 0;
	char list[100] = "";

	for (i = kind; i < nr_cpus; i = last + 1) {
		last = i;
		if (!virt_same(cpu, &cpus[i]))
			continue;
		while (last + 1 < nr_cpus && virt_same(cpu, &cpus[last + 1]) &&
		       cpus[last + 1].number == cpus[last].number + 1)
			last++;
		if (length > sizeof(list) - 24) {
			say(out, "CPU %s,", list);
			length = 0;
		}
		length += snprintf(list + length, sizeof(list) - length, last > i ? "%s%u-%u" : "%s%u",
				   length ? "," : "", cpus[i].number, cpus[last].number);
	}
	say(out, "CPU %s: %s family %u model %u stepping %u", list, cpu->vendor,
	    virt_family(cpu->signature), virt_model(cpu->signature), virt_stepping(cpu->signature));
}

void virt_report(const struct virt_cpu *cpus, unsigned int nr_cpus, virt_line_fn line,
		 void *context)
{
	struct out out = { .line = line, .context = context };
	unsigned int i, group, kinds = 0;

	for (i = 0; i < nr_cpus; i++)
		kinds += virt_kind(cpus, i) == i;
	if (kinds > 1)
		say(&out, "%u CPUs of %u kinds", nr_cpus, kinds);
	else
		say(&out, "%u CPU%s", nr_cpus, nr_cpus > 1 ? "s, all alike" : "");
	for (i = 0; i < nr_cpus; i++) {
		if (virt_kind(cpus, i) != i)
			continue;
		say_numbers(&out, cpus, nr_cpus, i);
		say_use(&out, &cpus[i]);
		if (i)
			say(&out, "differs from CPU %u:", cpus[0].number);
		for (group = 0; group < virt_nr_groups; group++)
			if (i)
				say_differences(&out, &cpus[i], &cpus[0], &virt_groups[group]);
			else
				say_group(&out, &cpus[i], &virt_groups[group]);
	}
}
