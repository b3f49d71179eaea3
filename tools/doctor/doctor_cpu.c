// SPDX-License-Identifier: GPL-2.0-only
/* Whether the CPU has VMX or SVM, and whether the firmware has switched it off. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/doctor/doctor.h"

/* APM vol. 2, 15.30.1 */
#define MSR_VM_CR	0xc0010114
#define VM_CR_SVMDIS	(1 << 4)
/* SDM vol. 3, 24.7 */
#define MSR_FEATURE_CONTROL 0x3a
#define FEATURE_LOCKED	(1 << 0)
#define FEATURE_VMX	(1 << 2)

#define FAMILY_SVM	0x10	/* all AMD families from here on have SVM */

/* Whether @word is a word of the line in @text that begins with @line. */
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

/* Read an MSR of CPU 0 through the module msr.  Returns false if it can't be read. */
static bool read_msr(const struct host *host, unsigned int number, __u64 *value)
{
	char path[HOST_PATH];
	int fd = open(doctor_path(host, path, "/dev/cpu/0/msr"), O_RDONLY | O_CLOEXEC);
	bool got = fd >= 0 && pread(fd, value, sizeof(*value), number) == sizeof(*value);

	if (fd >= 0)
		close(fd);
	return got;
}

static bool is_off_by_msr(const struct host *host, bool amd)
{
	__u64 value;

	if (amd)
		return read_msr(host, MSR_VM_CR, &value) && value & VM_CR_SVMDIS;
	return read_msr(host, MSR_FEATURE_CONTROL, &value) && value & FEATURE_LOCKED &&
	       !(value & FEATURE_VMX);
}

/* The messages of Linux and KVM, in the words of several versions. */
static bool is_said_off(char *line)
{
	char *c;

	for (c = line; *c; c++)
		*c = tolower((unsigned char)*c);
	return (strstr(line, "svm") || strstr(line, "vmx") || strstr(line, "kvm")) &&
	       (strstr(line, "disabled by bios") || strstr(line, "disabled (by bios)") ||
		strstr(line, "not enabled (by bios)"));
}

/* A read of the kernel's log returns a line, or EPIPE for lost ones.  With --root it is a file. */
static bool is_off_by_log(const struct host *host)
{
	char path[HOST_PATH], text[8192], *line, *rest;
	int fd = open(doctor_path(host, path, "/dev/kmsg"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	bool off = false;
	ssize_t length;

	if (fd < 0)
		return false;
	do {
		length = read(fd, text, sizeof(text) - 1);
		text[length > 0 ? length : 0] = '\0';
		for (line = strtok_r(text, "\n", &rest); line && !off;
		     line = strtok_r(NULL, "\n", &rest))
			off = is_said_off(line);
	} while (!off && (length > 0 || (length < 0 && errno == EPIPE)));
	close(fd);
	return off;
}

static bool is_amd(const char *info)
{
	return strstr(info, "AuthenticAMD") || strstr(info, "HygonGenuine");
}

static unsigned int family_of(const char *info)
{
	const char *line = strstr(info, "cpu family\t:");

	return line ? strtoul(line + strlen("cpu family\t:"), NULL, 10) : 0;
}

static void found_none(struct host *host, const char *text, const char *fix)
{
	doctor_fix(doctor_found(host, "cpu", STATE_MISSING, NEED_HARDWARE | NEED_RUN | NEED_BPF | NEED_LOAD,
				"%s", text), "%s", fix);
}

/* The flag is missing or can't be trusted.  Report the most likely cause, and the fix. */
static void tell_why(struct host *host, const char *info, bool amd, bool off)
{
	if (has_word(info, "flags\t", "hypervisor"))
		found_none(host, "this VM gets neither VMX nor SVM",
			   "switch on nesting on its host");
	else if (off && amd)
		found_none(host, "SVM (AMD-V) is switched off by the firmware",
			   "switch SVM on in the firmware's setup");
	else if (off)
		found_none(host, "VMX (Intel VT-x) is switched off by the firmware",
			   "switch VMX on in the firmware's setup");
	else if (amd && family_of(info) >= FAMILY_SVM)
		found_none(host, "SVM (AMD-V) is hidden, though each AMD CPU of this family has it",
			   "switch SVM on in the firmware's setup");
	else
		found_none(host, "the CPU has neither VMX nor SVM, or they are hidden",
			   "switch virtualization on in the firmware's setup, or in a VM, switch on nesting on its host");
}

static void find_cpu(struct host *host, const char *info)
{
	bool svm = has_word(info, "flags\t", "svm"), vmx = has_word(info, "flags\t", "vmx");
	bool amd = svm || (!vmx && is_amd(info));
	bool off = is_off_by_msr(host, amd) || is_off_by_log(host);

	if (off || (!svm && !vmx)) {
		tell_why(host, info, amd, off);
		return;
	}
	host->vendor = svm ? "kvm_amd" : "kvm_intel";
	doctor_found(host, "cpu", STATE_OK, NEED_HARDWARE | NEED_RUN | NEED_BPF | NEED_LOAD, "the CPU has %s",
		     svm ? "SVM (AMD-V)" : "VMX (Intel VT-x)");
}

void doctor_cpu(struct host *host)
{
	char *info = doctor_read(host, "/proc/cpuinfo");
	int nested;

	find_cpu(host, info ? info : "");
	free(info);
	nested = host->vendor ? doctor_switch(host, host->vendor, "nested") : -1;
	if (nested < 0)
		doctor_found(host, "nested", STATE_UNKNOWN, 0,
			     "load KVM to see whether guests may run VMs of their own");
	else
		doctor_found(host, "nested", STATE_NOTE, 0, "guests %s",
			     nested ? "may run VMs of their own" : "can't run VMs of their own");
}
