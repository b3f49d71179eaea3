// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "host-bpf/attach.h"
#include "lib/status.h"
#include "host-bpf/fields.h"
#include "tools/trace/host.h"

#define LOCKDOWN	"/sys/kernel/security/lockdown"

static bool verbose;
static char complaint[160];	/* libbpf's first one: those that follow only repeat it */

static int keep_complaint(enum libbpf_print_level level, const char *format, va_list args)
{
	if (verbose)
		return vfprintf(stderr, format, args);
	if (level != LIBBPF_WARN || *complaint)
		return 0;
	vsnprintf(complaint, sizeof(complaint), format, args);
	complaint[strcspn(complaint, "\n")] = '\0';
	return 0;
}

static bool locked_down(void)
{
	FILE *file = fopen(LOCKDOWN, "r");
	char line[80] = "";

	if (file && !fgets(line, sizeof(line), file))
		*line = '\0';
	if (file)
		fclose(file);
	return strstr(line, "[confidentiality]");
}

static void fail(int err)
{
	if (locked_down())
		error(STATUS_UNREADABLE, 0, "kernel lockdown is on, in mode confidentiality: no BPF program may read the kernel");
	if (err == EPERM)
		error(STATUS_UNREADABLE, 0, "BPF needs root, or CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN");
	error(STATUS_UNREADABLE, 0, "the kernel does not take the BPF programs: %s%s%s", strerror(err),
	      *complaint ? ": " : "", complaint);
}

/* Loads a module's types.  If the module is built in, they are the kernel's. */
static struct btf *load_types(const char *module, struct btf *kernel)
{
	char path[80];
	struct btf *btf;

	snprintf(path, sizeof(path), "/sys/kernel/btf/%s", module);
	if (access(path, F_OK)) {
		if (!fields_function(kernel, "kvm_arch_vcpu_load"))
			error(STATUS_UNREADABLE, 0, "%s has no BTF: the kernel needs CONFIG_DEBUG_INFO_BTF_MODULES, and its own modules",
			      module);
		return kernel;
	}
	btf = btf__load_module_btf(module, kernel);
	if (!btf)
		fail(errno);
	return btf;
}

static void load_all_types(struct fields_types *types)
{
	const char *vendor = NULL;

	if (!access("/sys/module/kvm_intel", F_OK))
		vendor = "kvm_intel";
	else if (!access("/sys/module/kvm_amd", F_OK))
		vendor = "kvm_amd";
	else
		error(STATUS_UNREADABLE, 0, "neither kvm_intel nor kvm_amd is loaded");
	if (access("/sys/kernel/btf/vmlinux", F_OK))
		error(STATUS_UNREADABLE, 0, "this kernel has no BTF (CONFIG_DEBUG_INFO_BTF)");
	types->vmx = !strcmp(vendor, "kvm_intel");
	types->kernel = btf__load_vmlinux_btf();
	if (!types->kernel)
		fail(errno);
	types->kvm = load_types("kvm", types->kernel);
	types->vendor = load_types(vendor, types->kernel);
}

static void free_types(struct fields_types *types)
{
	if (types->kvm != types->kernel)
		btf__free(types->kvm);
	if (types->vendor != types->kernel)
		btf__free(types->vendor);
	btf__free(types->kernel);
}

static void set_slots(struct exits_setup *setup, bool vmx)
{
	__u32 code;

	for (code = 0; code < EXITS_CODES; code++)
		setup->slots[code] = host_slot(vmx, code);
	setup->invalid = host_slot(vmx, (__u32)-1);
	setup->other = host_slot(vmx, EXITS_CODES);
}

/* Chooses the programs that this KVM needs. */
static void choose(struct exits_bpf *bpf, const struct fields_types *types)
{
	bool traced = fields_function(types->kvm, "exit_trace_mark");
	bool late = !types->vmx && fields_function(types->kvm, "kvm_load_host_xsave_state");
	bool told = bpf->rodata->setup.told, process = bpf->rodata->setup.process;

	bpf_program__set_autoload(bpf->progs.mark_traced, traced);
	bpf_program__set_autoload(bpf->progs.pio, !traced);
	bpf_program__set_autoload(bpf->progs.cpuid, !traced);
	bpf_program__set_autoload(bpf->progs.leave_svm, late);
	bpf_program__set_autoload(bpf->progs.leave, !late);
	bpf_program__set_autoload(bpf->progs.run_begins, !told);
	bpf_program__set_autoload(bpf->progs.run_ends, !told);
	bpf_program__set_autoload(bpf->progs.find_vcpus, process);
	bpf_program__set_autoload(bpf->progs.stop, process);
	bpf_program__set_autoattach(bpf->progs.find_vcpus, false);
}

/* Returns the address of a symbol. */
static __u64 address_of(const char *name)
{
	FILE *file = fopen("/proc/kallsyms", "r");
	unsigned long long address = 0;
	char line[512], symbol[256];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = strstr(line, name) && sscanf(line, "%llx %*c %255s", &address, symbol) == 2 && !strcmp(symbol, name);
	if (file)
		fclose(file);
	if (!found || !address)
		error(STATUS_UNREADABLE, 0, "/proc/kallsyms does not show where %s is (kernel.kptr_restrict, or no CONFIG_KALLSYMS_ALL)",
		      name);
	return address;
}

struct exits_bpf *attach(__u32 group, __u32 process, bool tell_all)
{
	struct exits_setup *setup;
	struct fields_types types;
	struct exits_bpf *bpf;
	const char *missing;

	verbose = tell_all;
	libbpf_set_print(keep_complaint);
	load_all_types(&types);
	bpf = exits_bpf__open();
	if (!bpf)
		fail(errno);
	setup = (struct exits_setup *)&bpf->rodata->setup;
	setup->group = group;
	setup->process = process;
	if (process)
		setup->vcpu_files = address_of("kvm_vcpu_fops");
	setup->vmx = types.vmx;
	set_slots(setup, types.vmx);
	missing = fields_find(&types, setup);
	if (missing)
		error(STATUS_UNREADABLE, 0, "this KVM has no %s: it is not from Linux 6.1 to 6.18", missing);
	choose(bpf, &types);
	if (exits_bpf__load(bpf) || exits_bpf__attach(bpf))
		fail(errno);
	free_types(&types);
	return bpf;
}

__u64 attach_missed(const struct exits_bpf *bpf)
{
	struct bpf_program *program;
	struct bpf_prog_info info;
	__u64 missed = 0;
	__u32 size;

	bpf_object__for_each_program(program, bpf->obj) {
		size = sizeof(info);
		memset(&info, 0, size);
		if (bpf_program__fd(program) >= 0 &&
		    !bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
			missed += info.recursion_misses;
	}
	return missed;
}
