// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <string.h>

#include "host-bpf/fields.h"

#define NOWHERE	(~0u)

/*
 * Returns the last structure of that name.  A module's own types come after the
 * kernel's.  A module that was built elsewhere may have another struct kvm_vcpu.
 */
static const struct btf_type *find_struct(const struct btf *btf, const char *name, size_t len)
{
	const struct btf_type *type;
	const char *other;
	__u32 id;

	for (id = btf__type_cnt(btf) - 1; id; id--) {
		type = btf__type_by_id(btf, id);
		other = btf__name_by_offset(btf, type->name_off);
		if (btf_is_struct(type) && !strncmp(other, name, len) && !other[len])
			return type;
	}
	return NULL;
}

static const struct btf_type *bare(const struct btf *btf, __u32 id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	while (btf_is_mod(type) || btf_is_typedef(type) || btf_is_array(type))
		type = btf__type_by_id(btf, btf_is_array(type) ? btf_array(type)->type : type->type);
	return type;
}

/*
 * Returns the offset in bytes of "a.b" within a structure.  If a member has no name, its
 * members are the structure's.  For an array, it is the offset within the first element.
 */
static __u32 find_member(const struct btf *btf, const struct btf_type *in, const char *path)
{
	size_t len = strcspn(path, ".");
	const struct btf_member *member = btf_members(in);
	const struct btf_type *type;
	const char *name;
	__u32 at, i, bytes;

	for (i = 0; i < btf_vlen(in); i++, member++) {
		name = btf__name_by_offset(btf, member->name_off);
		type = bare(btf, member->type);
		bytes = btf_member_bit_offset(in, i) / 8;
		at = NOWHERE;
		if (!*name && btf_is_composite(type))
			at = find_member(btf, type, path);
		else if (strncmp(name, path, len) || name[len])
			continue;
		else if (!path[len])
			at = 0;
		else if (btf_is_composite(type))
			at = find_member(btf, type, path + len + 1);
		if (at != NOWHERE)
			return bytes + at;
	}
	return NOWHERE;
}

static __u32 find(const struct btf *btf, const char *path)
{
	size_t len = strcspn(path, ".");
	const struct btf_type *type = find_struct(btf, path, len);

	return type ? find_member(btf, type, path + len + 1) : NOWHERE;
}

struct field {
	const char *path;
	size_t at;		/* within struct exits_at */
	const char *older;	/* its name in other versions, or NULL */
};

#define AT(member)	offsetof(struct exits_at, member)

static const struct field kernel_fields[] = {
	{ "task_struct.__state", AT(state), "task_struct.state" },
	{ "task_struct.signal", AT(signal), NULL },
	{ "signal_struct.pids", AT(group), NULL },
	{ "pid.numbers.nr", AT(number), NULL },
	{ "task_struct.flags", AT(task_flags), NULL },
	{ "task_struct.exit_code", AT(task_status), NULL },
	{ "file.f_op", AT(file_operations), NULL },
	{ "file.private_data", AT(file_data), NULL },
};

static const struct field kvm_fields[] = {
	{ "kvm_vcpu.kvm", AT(kvm), NULL },
	{ "kvm_vcpu.vcpu_idx", AT(index), NULL },
	{ "kvm_vcpu.vcpu_id", AT(id), NULL },
	{ "kvm_vcpu.stat.exits", AT(exits), NULL },
	{ "kvm_vcpu.stat.guest_mode", AT(guest_mode), NULL },
	{ "kvm_vcpu.stat.generic.blocking", AT(blocking), NULL },
	{ "kvm_vcpu.preempted", AT(preempted), NULL },
	{ "kvm_vcpu.arch.efer", AT(efer), NULL },
	{ "kvm_vcpu.arch.regs", AT(regs), NULL },
	{ "kvm_vcpu.arch.regs_avail", AT(regs_avail), NULL },
};

static const struct field svm_fields[] = {
	{ "vcpu_svm.vmcb", AT(vmcb), NULL },
	{ "vmcb.control.exit_code", AT(exit_code), NULL },
	{ "vmcb.save.cpl", AT(cpl), NULL },
	{ "vmcb.save.rflags", AT(rflags), NULL },
};

static const struct field vmx_fields[] = {
	{ "vcpu_vmx.exit_reason", AT(exit_reason), "vcpu_vmx.vt.exit_reason" },
	{ "vcpu_vmx.fail", AT(fail), NULL },
};

static const char *find_all(const struct btf *btf, const struct field *fields, size_t nr,
			    struct exits_at *at)
{
	__u32 offset;
	size_t i;

	for (i = 0; i < nr; i++) {
		offset = find(btf, fields[i].path);
		if (offset == NOWHERE && fields[i].older)
			offset = find(btf, fields[i].older);
		if (offset == NOWHERE)
			return fields[i].path;
		memcpy((char *)at + fields[i].at, &offset, sizeof(offset));
	}
	return NULL;
}

/* Finds a field that not every KVM has.  Returns whether this one has it. */
static bool find_some(const struct btf *btf, const char *path, __u32 *at)
{
	*at = find(btf, path);
	return *at != NOWHERE;
}

#define FIND(btf, fields) \
	find_all(btf, fields, sizeof(fields) / sizeof(*(fields)), at)

/* signal->pids is an array by type of process.  This is the group's: include/linux/pid_types.h */
#define PIDTYPE_PGID	2

const char *fields_find(const struct fields_types *types, struct exits_setup *setup)
{
	struct exits_at *at = &setup->at;
	const char *missing = FIND(types->kernel, kernel_fields);

	if (!missing)
		missing = FIND(types->kvm, kvm_fields);
	if (!missing)
		missing = types->vmx ? FIND(types->vendor, vmx_fields) : FIND(types->vendor, svm_fields);
	at->group += PIDTYPE_PGID * sizeof(void *);
	setup->told = find_some(types->kvm, "kvm_vcpu.wants_to_run", &at->wants_to_run);
	setup->clock = find_some(types->kvm, "kvm_vcpu.arch.time", &at->clock);
	setup->hyperv = find_some(types->kvm, "kvm.arch.hyperv.hv_guest_os_id", &at->os_id);
	return missing;
}

bool fields_function(const struct btf *btf, const char *name)
{
	return btf__find_by_name_kind(btf, name, BTF_KIND_FUNC) > 0;
}
