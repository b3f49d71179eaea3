// SPDX-License-Identifier: GPL-2.0-only
/*
 * bootexits-bpf's unit tests: BTF gives fields of the kernel's structures, a module's own BTF
 * first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "host-bpf/fields.h"

/* Adds a structure whose members have 8 bytes each, from offset @at on.  Returns its type. */
static int add_struct(struct btf *btf, const char *name, __u32 at, const char *const members[], int type)
{
	int id, i;

	id = btf__add_struct(btf, name, 4096);
	for (i = 0; members[i]; i++)
		assert_int_equal(btf__add_field(btf, members[i], type, (at + 8 * i) * 8, 0), 0);
	return id;
}

#define MEMBERS(...)	((const char *const[]){ __VA_ARGS__, NULL })

static int add_number(struct btf *btf)
{
	return btf__add_int(btf, "unsigned long", 8, 0);
}

/* struct kvm_vcpu: its count of exits is two structures deep, in one without a name */
static void add_vcpu(struct btf *btf, __u32 at, bool told)
{
	int number = add_number(btf), generic, stat, nameless, arch;

	generic = add_struct(btf, "generic", 0, MEMBERS("blocking"), number);
	stat = add_struct(btf, "stat", 16, MEMBERS("exits", "guest_mode"), number);
	assert_int_equal(btf__add_field(btf, "generic", generic, 0, 0), 0);
	nameless = add_struct(btf, "", 0, MEMBERS("preempted", "vcpu_id"), number);
	arch = add_struct(btf, "arch", 0, told ? MEMBERS("efer", "regs", "regs_avail", "time") :
			  MEMBERS("efer", "regs", "regs_avail"), number);
	add_struct(btf, "kvm_vcpu", at, told ? MEMBERS("kvm", "vcpu_idx", "wants_to_run") :
		   MEMBERS("kvm", "vcpu_idx"), number);
	assert_int_equal(btf__add_field(btf, "", nameless, (at + 200) * 8, 0), 0);
	assert_int_equal(btf__add_field(btf, "stat", stat, (at + 400) * 8, 0), 0);
	assert_int_equal(btf__add_field(btf, "arch", arch, (at + 600) * 8, 0), 0);
}

static struct btf *kernel_types(bool with_pid)
{
	struct btf *btf = btf__new_empty();
	int number = add_number(btf), upid, array;

	add_struct(btf, "task_struct", 8, MEMBERS("__state", "signal", "flags", "exit_code"), number);
	add_struct(btf, "file", 16, MEMBERS("f_op", "private_data"), number);
	add_struct(btf, "signal_struct", 64, MEMBERS("pids"), number);
	upid = add_struct(btf, "upid", 0, MEMBERS("nr"), number);
	array = btf__add_array(btf, number, upid, 1);
	add_struct(btf, "pid", 96, MEMBERS("numbers"), with_pid ? array : number);
	add_vcpu(btf, 0, true);
	return btf;
}

static struct btf *vendor_types(struct btf *kernel)
{
	struct btf *btf = btf__new_empty_split(kernel);
	int number = add_number(btf), control, save;

	add_struct(btf, "vcpu_svm", 2048, MEMBERS("vmcb"), number);
	control = add_struct(btf, "control", 112, MEMBERS("exit_code"), number);
	save = add_struct(btf, "save", 32, MEMBERS("cpl", "rflags"), number);
	add_struct(btf, "vmcb", 0, MEMBERS("control"), control);
	assert_int_equal(btf__add_field(btf, "save", save, 1024 * 8, 0), 0);
	add_struct(btf, "vcpu_vt", 24, MEMBERS("exit_reason"), number);
	return btf;
}

static void a_stock_module_has_the_kernels_types(void **state)
{
	struct exits_setup setup = { };
	struct fields_types types;

	(void)state;
	types.kernel = types.kvm = kernel_types(true);
	types.vendor = vendor_types(types.kernel);
	types.vmx = false;
	assert_null(fields_find(&types, &setup));
	assert_int_equal(setup.at.index, 8);
	assert_int_equal(setup.at.id, 208);
	assert_int_equal(setup.at.preempted, 200);
	assert_int_equal(setup.at.exits, 416);
	assert_int_equal(setup.at.guest_mode, 424);
	assert_int_equal(setup.at.blocking, 400);
	assert_true(setup.told);
	assert_int_equal(setup.at.wants_to_run, 16);
	assert_int_equal(setup.at.vmcb, 2048);
	assert_int_equal(setup.at.exit_code, 112);
	assert_int_equal(setup.at.cpl, 1056);
	assert_int_equal(setup.at.efer, 600);
	assert_true(setup.clock);
	assert_int_equal(setup.at.clock, 624);
	assert_false(setup.hyperv);
	assert_int_equal(setup.at.number, 96);
	assert_int_equal(setup.at.group, 64 + 2 * sizeof(void *));
}

/* Like the patched KVM */
static void a_modules_own_type_comes_first(void **state)
{
	struct exits_setup setup = { };
	struct fields_types types;

	(void)state;
	types.kernel = kernel_types(true);
	types.kvm = btf__new_empty_split(types.kernel);
	types.vendor = vendor_types(types.kernel);
	types.vmx = false;
	add_vcpu(types.kvm, 1000, false);
	assert_null(fields_find(&types, &setup));
	assert_int_equal(setup.at.index, 1008);
	assert_int_equal(setup.at.exits, 1416);
	assert_false(setup.told);
	assert_false(setup.clock);
}

static void what_is_missing_is_named(void **state)
{
	struct exits_setup setup = { };
	struct fields_types types;

	(void)state;
	types.kernel = types.kvm = kernel_types(false);
	types.vendor = vendor_types(types.kernel);
	types.vmx = false;
	assert_string_equal(fields_find(&types, &setup), "pid.numbers.nr");
	types.kernel = types.kvm = kernel_types(true);
	types.vendor = vendor_types(types.kernel);
	types.vmx = true;
	assert_string_equal(fields_find(&types, &setup), "vcpu_vmx.exit_reason");
}

/* Linux 7 has moved VMX's exit reason into a structure of its own. */
static void a_field_may_have_moved(void **state)
{
	struct exits_setup setup = { };
	struct fields_types types;

	(void)state;
	types.kernel = types.kvm = kernel_types(true);
	types.vendor = vendor_types(types.kernel);
	types.vmx = true;
	add_struct(types.vendor, "vcpu_vmx", 512, MEMBERS("fail"), add_number(types.vendor));
	btf__add_field(types.vendor, "vt", btf__find_by_name_kind(types.vendor, "vcpu_vt", BTF_KIND_STRUCT),
		       1024 * 8, 0);
	assert_null(fields_find(&types, &setup));
	assert_int_equal(setup.at.exit_reason, 1048);
	assert_int_equal(setup.at.fail, 512);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stock_module_has_the_kernels_types),
		cmocka_unit_test(a_modules_own_type_comes_first),
		cmocka_unit_test(what_is_missing_is_named),
		cmocka_unit_test(a_field_may_have_moved),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
