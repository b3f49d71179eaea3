// SPDX-License-Identifier: GPL-2.0-only
/* What can prevent a change of KVM's modules: VMs, the user, signatures. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/bootexits.h"
#include "tools/doctor/doctor.h"

/* EFI's variable, after four bytes of attributes (UEFI 2.10, 3.3 and 8.2) */
#define SECURE_BOOT	"/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define KVM		"/dev/kvm"
/* The name that Debian's dkms gives to its own key */
#define DKMS_KEY	"DKMS module signing key"

static bool is_device(const char *target, const void *device)
{
	return !strcmp(target, device) || (!strcmp(device, KVM) && !strncmp(target, "anon_inode:kvm-v", 16));
}

static bool has_open(const struct host *host, const char *pid, const char *device)
{
	char path[HOST_PATH];

	return any_link(doctor_path(host, path, "/proc/%s/fd", pid), is_device, device);
}

bool doctor_opener(const struct host *host, const char *device, char text[64])
{
	unsigned long pid, lowest = 0;
	struct dirent *entry;
	char path[HOST_PATH], *name;
	DIR *dir = opendir(doctor_path(host, path, "/proc"));

	while (dir && (entry = readdir(dir))) {
		pid = strtoul(entry->d_name, NULL, 10);
		if (pid && (!lowest || pid < lowest) && has_open(host, entry->d_name, device))
			lowest = pid;
	}
	if (dir)
		closedir(dir);
	name = lowest ? doctor_read(host, "/proc/%lu/comm", lowest) : NULL;
	snprintf(text, 64, "%lu (%.*s)", lowest, (int)strcspn(name ?: "", "\n"), name ?: "");
	free(name);
	return lowest;
}

static void find_vms(struct host *host)
{
	struct finding *finding;
	char process[64], *count;
	long users;

	count = host->vendor ? doctor_read(host, "/sys/module/%s/refcnt", host->vendor) : NULL;
	users = count ? atol(count) : 0;
	free(count);
	if (doctor_opener(host, KVM, process)) {
		finding = doctor_found(host, "vms", STATE_NOTE, NEED_LOAD, "process %s has KVM open",
				       process);
		doctor_fix(finding, "shut that VM down");
	} else if (users > 0) {
		doctor_found(host, "vms", STATE_NOTE, NEED_LOAD, "KVM is in use, %ld times", users);
	} else {
		doctor_found(host, "vms", STATE_OK, NEED_LOAD, "no VM runs");
	}
}

static void find_signatures(struct host *host)
{
	char *lockdown = doctor_read(host, "/sys/kernel/security/lockdown");
	char *keys = doctor_read(host, "/proc/keys");
	char *secure = doctor_read(host, SECURE_BOOT);
	const char *boot = secure ? secure[4] ? ", Secure Boot is on" : ", Secure Boot is off" : "";
	bool locked = lockdown && !strstr(lockdown, "[none]");
	struct finding *finding;

	if (!locked && doctor_switch(host, "module", "sig_enforce") != 1) {
		doctor_found(host, "signatures", STATE_OK, NEED_LOAD,
			     "modules need no signature%s", boot);
	} else if (keys && strstr(keys, DKMS_KEY)) {
		doctor_found(host, "signatures", STATE_OK, NEED_LOAD,
			     "modules need a signature%s, and the kernel knows DKMS's key", boot);
	} else {
		finding = doctor_found(host, "signatures", STATE_MISSING, NEED_LOAD,
				       "modules need a signature%s, but the kernel doesn't know DKMS's key", boot);
		doctor_fix(finding, "mokutil --import /var/lib/dkms/mok.pub, reboot and enroll it");
	}
	free(lockdown);
	free(keys);
	free(secure);
}

/*
 * i915's virtual GPUs know only the structures of the kernel's own KVM.  If symbols have versions,
 * kvmgt does not load beside another KVM.  If not, nothing stops it.
 */
static void find_kvmgt(struct host *host)
{
	bool patched = doctor_switch(host, "kvm", "exit_trace") >= 0;
	struct finding *finding;

	if (doctor_exists(host, "/sys/module/kvmgt")) {
		finding = doctor_found(host, "kvmgt", STATE_MISSING,
				       NEED_LOAD | (patched ? NEED_HARDWARE | NEED_RUN : 0),
				       "kvmgt (GVT-g) is loaded, but %s", patched ?
				       "doesn't know the patched KVM's structures" :
				       "the patched KVM would break it");
		doctor_fix(finding, "modprobe -r kvmgt");
	} else if (doctor_exists(host, "/sys/module/i915") &&
		   doctor_says(host, "/lib/modules/%s/modules.dep", "/kvmgt.ko")) {
		if (doctor_says(host, "/boot/config-%s", "CONFIG_MODVERSIONS=y"))
			doctor_found(host, "kvmgt", STATE_NOTE, 0,
				     "kvmgt (GVT-g) won't load beside the patched KVM");
		else
			doctor_found(host, "kvmgt", STATE_NOTE, 0, "this kernel would let kvmgt (GVT-g) "
				     "load beside the patched KVM, and break: don't load it");
	}
}

void doctor_swap(struct host *host)
{
	find_kvmgt(host);
	find_signatures(host);
	find_vms(host);
	if (geteuid())
		doctor_fix(doctor_found(host, "user", STATE_NOTE, NEED_LOAD | NEED_BUILD,
					"not root: only root can change modules"), "sudo");
	else
		doctor_found(host, "user", STATE_OK, NEED_LOAD | NEED_BUILD, "root");
}
