// SPDX-License-Identifier: GPL-2.0-only
/* The loaded KVM modules, other hypervisors, and /dev/kvm. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/doctor/doctor.h"

/* Whoever counts on this CPU needs to run VMs on it. */
#define NEED_DEVICE	(NEED_HARDWARE | NEED_RUN | NEED_BPF)

const char *doctor_built_in(const struct host *host)
{
	bool amd = host->vendor && !strcmp(host->vendor, "kvm_amd");

	if (!host->vendor)
		return NULL;
	if (doctor_says(host, "/lib/modules/%s/modules.builtin", "/kvm.ko") ||
	    doctor_says(host, "/boot/config-%s", "\nCONFIG_KVM=y\n"))
		return "kvm";
	if (doctor_says(host, "/lib/modules/%s/modules.builtin", amd ? "/kvm-amd.ko" : "/kvm-intel.ko") ||
	    doctor_says(host, "/boot/config-%s", amd ? "\nCONFIG_KVM_AMD=y\n" : "\nCONFIG_KVM_INTEL=y\n"))
		return host->vendor;
	/* Only a loaded module has a reference count. */
	if (doctor_exists(host, "/sys/module/%s", host->vendor) &&
	    !doctor_exists(host, "/sys/module/%s/refcnt", host->vendor))
		return host->vendor;
	return NULL;
}

/* Linux before 6.7 shows SVM's flag even if the firmware has it off.  modprobe then fails. */
static void find_missing(struct host *host)
{
	struct finding *finding = doctor_found(host, "modules", STATE_MISSING, NEED_HARDWARE | NEED_RUN,
					       "%s is not loaded", host->vendor);

	if (strcmp(host->vendor, "kvm_amd"))
		doctor_fix(finding, "modprobe %s", host->vendor);
	else
		doctor_fix(finding, "modprobe kvm_amd. If it says `Operation not supported': "
				    "switch SVM on in the firmware's setup");
}

static void find_modules(struct host *host, int tracing)
{
	const char *builtin = doctor_built_in(host);
	struct finding *finding;

	if (!host->vendor && doctor_exists(host, "/sys/module/kvm_pvm")) {
		doctor_found(host, "modules", STATE_MISSING, NEED_HARDWARE | NEED_RUN,
			     "KVM is kvm_pvm, which needs no VMX or SVM: there is no tracer for it");
	} else if (!host->vendor) {
		doctor_found(host, "modules", STATE_UNKNOWN, NEED_HARDWARE | NEED_RUN,
			     "KVM needs a CPU that has VMX or SVM");
	} else if (tracing < 0 && builtin) {
		finding = doctor_found(host, "modules", STATE_MISSING,
				       NEED_HARDWARE | NEED_RUN | NEED_LOAD,
				       "%s is built into this kernel: no module can take its place",
				       builtin);
		doctor_fix(finding, "boot a kernel that has KVM as modules, such as Debian's");
	} else if (!doctor_exists(host, "/sys/module/%s", host->vendor)) {
		find_missing(host);
	} else if (tracing < 0) {
		finding = doctor_found(host, "modules", STATE_MISSING, NEED_HARDWARE | NEED_RUN,
				       "kvm and %s are stock: they don't trace", host->vendor);
		doctor_fix(finding, "make install-host");
	} else {
		doctor_found(host, "modules", STATE_OK, NEED_HARDWARE | NEED_RUN,
			     "kvm and %s are patched", host->vendor);
	}
}

static void find_tracing(struct host *host, int tracing)
{
	struct finding *finding;

	if (tracing < 0) {
		doctor_found(host, "tracing", STATE_UNKNOWN, NEED_RUN, "it needs patched modules");
	} else if (tracing) {
		doctor_found(host, "tracing", STATE_OK, NEED_RUN, "it is on, for all VMs");
	} else {
		finding = doctor_found(host, "tracing", STATE_NOTE, NEED_RUN, "it is off");
		doctor_fix(finding, "echo 1 > /sys/module/kvm/parameters/exit_trace");
	}
}

/* Returns how often a module is in use, not counting other modules. */
static long users_of(const struct host *host, const char *module)
{
	char path[HOST_PATH], *text = doctor_read(host, "/sys/module/%s/refcnt", module);
	long users = text ? atol(text) : 0;
	struct dirent *entry;
	DIR *dir;

	free(text);
	dir = opendir(doctor_path(host, path, "/sys/module/%s/holders", module));
	while (dir && (entry = readdir(dir)))
		users -= *entry->d_name != '.';
	if (dir)
		closedir(dir);
	return users;
}

/* A CPU can run the VMs of only one hypervisor at a time. */
static void find_others(struct host *host)
{
	static const struct {
		const char *name, *module, *device;
	} others[] = {
		{ "VirtualBox", "vboxdrv", "/dev/vboxdrv" },
		{ "VMware", "vmmon", "/dev/vmmon" },
	};
	struct finding *finding;
	char process[64];
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (!doctor_exists(host, "/sys/module/%s", others[i].module))
			continue;
		if (doctor_opener(host, others[i].device, process))
			finding = doctor_found(host, "others", STATE_MISSING, NEED_DEVICE,
					       "%s has the CPU: process %s", others[i].name, process);
		else if (users_of(host, others[i].module) > 0)
			finding = doctor_found(host, "others", STATE_MISSING, NEED_DEVICE,
					       "%s has the CPU: its %s is in use", others[i].name,
					       others[i].module);
		else
			finding = doctor_found(host, "others", STATE_NOTE, 0,
					       "%s's %s is loaded: while its VMs run, KVM's can't",
					       others[i].name, others[i].module);
		if (finding->state == STATE_MISSING)
			doctor_fix(finding, "shut %s's VMs down", others[i].name);
	}
}

/* The node may exist without a driver, so try to open it. */
static void find_device(struct host *host)
{
	struct finding *finding;
	char path[HOST_PATH];
	int fd = open(doctor_path(host, path, "/dev/kvm"), O_RDWR | O_CLOEXEC);

	if (fd >= 0) {
		close(fd);
		doctor_found(host, "device", STATE_OK, NEED_DEVICE, "/dev/kvm opens");
	} else if (errno == EACCES || errno == EPERM) {
		finding = doctor_found(host, "device", STATE_MISSING, NEED_DEVICE,
				       "this user may not open /dev/kvm");
		doctor_fix(finding, "adduser %s kvm, and log in again", getenv("USER") ?: "USER");
	} else {
		finding = doctor_found(host, "device", STATE_MISSING, NEED_DEVICE, "%s",
				       errno == ENOENT ? "there is no /dev/kvm" :
							 "/dev/kvm is there, but no driver answers");
		if (host->vendor && doctor_built_in(host))
			doctor_fix(finding, "switch virtualization on in the firmware's setup");
		else if (host->vendor)
			doctor_fix(finding, "modprobe %s", host->vendor);
	}
}

void doctor_kvm(struct host *host)
{
	int tracing = doctor_switch(host, "kvm", "exit_trace");

	find_modules(host, tracing);
	find_others(host);
	find_tracing(host, tracing);
	find_device(host);
}
