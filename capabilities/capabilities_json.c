// SPDX-License-Identifier: GPL-2.0-only
/* The features of CPUs as JSON.  Keys are append-only.  Registers are hexadecimal strings. */
#include "lib/json.h"
#include "capabilities/capabilities.h"

static json_t *hex(const char *format, __u64 value)
{
	char text[24];

	snprintf(text, sizeof(text), format, value);
	return json_string(text);
}

static json_t *answer(enum virt_answer answer)
{
	return answer == VIRT_UNKNOWN ? json_null() : json_boolean(answer == VIRT_YES);
}

static json_t *reg_json(const struct virt_cpu *cpu, enum virt_reg reg)
{
	const struct virt_value *value = &cpu->regs[reg];
	const struct virt_reg_info *info = &virt_regs[reg];

	return json_pack("{s:s, s:o, s:s, s:o}", "name", info->name,
			 info->cpuid ? "leaf" : "msr", hex("0x%llx", info->index),
			 "state", value->state == VIRT_OK ? "ok" : virt_state_name(value->state),
			 "value", value->state == VIRT_OK ? hex("0x%016llx", value->value) : json_null());
}

static json_t *bit_json(const struct virt_cpu *cpu, const struct virt_group *group,
			const struct virt_bit *bit)
{
	json_t *object = json_pack("{s:i, s:s?}", "bit", bit->bit, "name", bit->name);
	struct virt_setting setting;

	if (bit->last != bit->bit) {
		json_object_set_new(object, "last", json_integer(bit->last));
		json_object_set_new(object, "value", json_u64(virt_field(cpu, group, bit)));
		return object;
	}
	setting = virt_setting(cpu, group, bit->bit);
	if (group->kind != VIRT_FLAGS) {
		json_object_set_new(object, "can_set", answer(setting.can_set));
		json_object_set_new(object, "can_clear", answer(setting.can_clear));
	}
	json_object_set_new(object, "state", json_string(setting.state));
	return object;
}

static json_t *group_json(const struct virt_cpu *cpu, const struct virt_group *group)
{
	json_t *registers = json_array(), *bits = json_array();
	__u64 reserved = virt_reserved(cpu, group);
	unsigned int i;

	json_array_append_new(registers, reg_json(cpu, group->reg));
	if (group->second != VIRT_NONE)
		json_array_append_new(registers, reg_json(cpu, group->second));
	if (virt_group_readable(cpu, group)) {
		for (i = 0; i < group->nr_bits; i++)
			json_array_append_new(bits, bit_json(cpu, group, &group->bits[i]));
		for (i = 0; i < 64; i++)
			if (reserved >> i & 1)
				json_array_append_new(bits, bit_json(cpu, group,
					&(struct virt_bit){ i, i, NULL }));
	}
	return json_pack("{s:s, s:s, s:s, s:o, s:o}", "id", group->id, "name", group->name,
			 "section", group->section, "registers", registers, "bits", bits);
}

static json_t *kind_json(const struct virt_cpu *cpus, unsigned int nr_cpus, unsigned int kind)
{
	static const char * const uses[] = {
		[VIRT_USE_ABSENT] = "absent",
		[VIRT_USE_OK] = "enabled",
		[VIRT_USE_UNLOCKED] = "unlocked",
		[VIRT_USE_SMX] = "smx only",
		[VIRT_USE_DISABLED] = "disabled",
		[VIRT_USE_UNKNOWN] = "unknown",
	};
	const struct virt_cpu *cpu = &cpus[kind];
	json_t *numbers = json_array(), *groups = json_array();
	unsigned int i;

	for (i = kind; i < nr_cpus; i++)
		if (virt_same(cpu, &cpus[i]))
			json_array_append_new(numbers, json_integer(cpus[i].number));
	for (i = 0; i < virt_nr_groups; i++)
		if (virt_group_present(cpu, &virt_groups[i]))
			json_array_append_new(groups, group_json(cpu, &virt_groups[i]));
	return json_pack("{s:o, s:s, s:i, s:i, s:i, s:s, s:s, s:o}", "cpus", numbers,
			 "vendor", cpu->vendor, "family", virt_family(cpu->signature),
			 "model", virt_model(cpu->signature),
			 "stepping", virt_stepping(cpu->signature),
			 "vmx", uses[virt_vmx_use(cpu)], "svm", uses[virt_svm_use(cpu)],
			 "groups", groups);
}

json_t *features_json(const struct virt_cpu *cpus, unsigned int nr_cpus)
{
	json_t *kinds = json_array();
	unsigned int i;

	for (i = 0; i < nr_cpus; i++)
		if (virt_kind(cpus, i) == i)
			json_array_append_new(kinds, kind_json(cpus, nr_cpus, i));
	return json_pack("{s:i, s:o}", "cpus", nr_cpus, "kinds", kinds);
}
