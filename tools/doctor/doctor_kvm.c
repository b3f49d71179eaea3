// SPDX-License-Identifier: GPL-2.0-only
/* The CPU, KVM's modules as they are loaded, and /dev/kvm. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"

/* Is @word one of the words of @text's line that begins with @line? */
static bool has_word(const char *text, const char *line, const char *word)
{
	const char *from = strstr(text, line), *end, *at;
	size_t length = strlen(word);

	if (!from)
		return false;
	end = from + strcspn(from, "\n");
	for (at = from; (at = strstr(at, word)) && at < end; at += length)
		if (at[-1] == ' ' && isspace(at[length]))
			return true;
	return false;
}

void doctor_cpu(struct host *host)
{
	char *info = doctor_read(host, "/proc/cpuinfo");
	const char *what = NULL;
	int nested;

	if (info && has_word(info, "flags\t", "svm")) {
		host->vendor = "kvm_amd";
		what = "SVM (AMD-V)";
	} else if (info && has_word(info, "flags\t", "vmx")) {
		host->vendor = "kvm_intel";
		what = "VMX (Intel VT-x)";
	}
	free(info);
	if (what) {
		doctor_found(host, "cpu", STATE_OK, NEED_HARDWARE | NEED_RUN | NEED_LOAD,
			     "the CPU has %s", what);
	} else {
		doctor_fix(doctor_found(host, "cpu", STATE_MISSING,
					NEED_HARDWARE | NEED_RUN | NEED_LOAD,
					"the CPU has neither VMX nor SVM, or they are hidden"),
			   "switch virtualization on in the firmware's setup; in a VM: nesting, on its host");
	}

	nested = host->vendor ? doctor_switch(host, host->vendor, "nested") : -1;
	if (nested < 0)
		doctor_found(host, "nested", STATE_UNKNOWN, 0,
			     "whether guests get it, too, is known once KVM is loaded");
	else
		doctor_found(host, "nested", STATE_NOTE, 0, "guests %s",
			     nested ? "may run VMs of their own" : "don't get it");
}

static void find_modules(struct host *host, int tracing)
{
	struct finding *finding;

	if (!host->vendor && doctor_exists(host, "/sys/module/kvm_pvm")) {
		doctor_found(host, "modules", STATE_MISSING, NEED_HARDWARE | NEED_RUN,
			     "KVM is kvm_pvm, which does without VMX and SVM: there is no tracer for it");
	} else if (!host->vendor) {
		doctor_found(host, "modules", STATE_UNKNOWN, NEED_HARDWARE | NEED_RUN,
			     "KVM wants a CPU that has VMX or SVM");
	} else if (!doctor_exists(host, "/sys/module/%s", host->vendor)) {
		finding = doctor_found(host, "modules", STATE_MISSING, NEED_HARDWARE | NEED_RUN,
				       "%s is not loaded", host->vendor);
		doctor_fix(finding, "modprobe %s", host->vendor);
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
		doctor_found(host, "tracing", STATE_UNKNOWN, NEED_RUN, "it takes patched modules");
	} else if (tracing) {
		doctor_found(host, "tracing", STATE_OK, NEED_RUN, "it is on, for all VMs");
	} else {
		finding = doctor_found(host, "tracing", STATE_NOTE, NEED_RUN, "it is off");
		doctor_fix(finding, "echo 1 > /sys/module/kvm/parameters/exit_trace");
	}
}

/* A node may be there with nothing behind it: only opening it tells. */
static void find_device(struct host *host)
{
	struct finding *finding;
	char path[HOST_PATH];
	int fd = open(doctor_path(host, path, "/dev/kvm"), O_RDWR | O_CLOEXEC);

	if (fd >= 0) {
		close(fd);
		doctor_found(host, "device", STATE_OK, NEED_HARDWARE | NEED_RUN, "/dev/kvm opens");
	} else if (errno == EACCES || errno == EPERM) {
		finding = doctor_found(host, "device", STATE_MISSING, NEED_HARDWARE | NEED_RUN,
				       "/dev/kvm is not for this user");
		doctor_fix(finding, "adduser %s kvm, and log in again", getenv("USER") ?: "USER");
	} else {
		finding = doctor_found(host, "device", STATE_MISSING, NEED_HARDWARE | NEED_RUN, "%s",
				       errno == ENOENT ? "there is no /dev/kvm" :
							 "there is nothing behind /dev/kvm");
		if (host->vendor)
			doctor_fix(finding, "modprobe %s", host->vendor);
	}
}

void doctor_kvm(struct host *host)
{
	int tracing = doctor_switch(host, "kvm", "exit_trace");

	find_modules(host, tracing);
	find_tracing(host, tracing);
	find_device(host);
}
