// SPDX-License-Identifier: GPL-2.0-only
/* What bootexits-bpf needs to count exits on this host (docs/bpf.md). */
#include <stdio.h>
#include <unistd.h>

#include "tools/bootexits.h"
#include "tools/doctor/doctor.h"

#define BPF_MAJOR	6	/* the first Linux that it knows */
#define BPF_MINOR	1

static bool is_old(const struct host *host)
{
	int major = 0, minor = 0;

	sscanf(host->series, "%d.%d", &major, &minor);
	return major < BPF_MAJOR || (major == BPF_MAJOR && minor < BPF_MINOR);
}

static bool has_types(const struct host *host, const char *module)
{
	return doctor_exists(host, "/sys/kernel/btf/%s", module) || doctor_built_in(host);
}

/* Returns what the kernel lacks, or NULL. */
static const char *find_lacking(const struct host *host)
{
	if (is_old(host))
		return "it needs Linux 6.1 or later";
	if (!doctor_exists(host, "/sys/kernel/btf/vmlinux"))
		return "this kernel has no BTF";
	if (doctor_says(host, "/sys/kernel/security/lockdown", "[confidentiality]"))
		return "kernel lockdown is on, in mode confidentiality";
	return NULL;
}

static void find_program(struct host *host)
{
	const char *path = program_beside(BPF_PROGRAM);
	struct finding *finding;

	if (!path || !doctor_exists(host, "%s", path)) {
		finding = doctor_found(host, "bpf", STATE_MISSING, NEED_BPF,
				       "this KVM can be counted by BPF, but " BPF_PROGRAM " isn't there");
		doctor_fix(finding, "make bpf. It changes nothing in KVM");
	} else if (geteuid()) {
		finding = doctor_found(host, "bpf", STATE_MISSING, NEED_BPF,
				       "this KVM can be counted by BPF, but only by root");
		doctor_fix(finding, "sudo");
	} else {
		doctor_found(host, "bpf", STATE_OK, NEED_BPF,
			     "this KVM can be counted by BPF: bootexits record --bpf");
	}
}

void doctor_bpf(struct host *host)
{
	const char *lacking = find_lacking(host);

	if (lacking)
		doctor_found(host, "bpf", STATE_MISSING, NEED_BPF, "%s", lacking);
	else if (!host->vendor)
		doctor_found(host, "bpf", STATE_UNKNOWN, NEED_BPF, "it needs a CPU that has VMX or SVM");
	else if (!doctor_exists(host, "/sys/module/%s", host->vendor))
		doctor_found(host, "bpf", STATE_UNKNOWN, NEED_BPF, "it needs %s", host->vendor);
	else if (!has_types(host, "kvm") || !has_types(host, host->vendor))
		doctor_found(host, "bpf", STATE_NOTE, NEED_BPF, "%s was built without BTF",
			     has_types(host, "kvm") ? host->vendor : "kvm");
	else
		find_program(host);
}
