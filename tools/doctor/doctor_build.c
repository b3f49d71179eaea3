// SPDX-License-Identifier: GPL-2.0-only
/* Finds what is needed to build KVM's modules for the running kernel, and to build the lab. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/doctor/doctor.h"

/* The Makefile sets these lists of words, from scripts/packages.sh and host-kvm/hooks/. */
#ifndef PACKAGES
#error "PACKAGES is the list of packages that the lab takes"
#endif

#ifndef BUILD
#error "BUILD is where the lab of this checkout is built"
#endif

#define VERSION	64	/* bytes of a package's version */

static bool is_one_of(const char *word, const char *words)
{
	const char *at;
	size_t length = strlen(word);

	for (at = words; length && (at = strstr(at, word)); at += length)
		if ((at == words || at[-1] == ' ') && strchr(" ", at[length]))
			return true;
	return false;
}

static bool find_kernel(struct host *host)
{
	struct finding *finding;

	if (is_one_of(host->series, KERNELS)) {
		doctor_found(host, "kernel", STATE_OK, NEED_BUILD, "%s: there are hooks for %s",
			     host->release, host->series);
		return true;
	}
	finding = doctor_found(host, "kernel", STATE_MISSING, NEED_BUILD,
			       "%s: there are hooks for " KERNELS " only",
			       *host->release ? host->release : "an unknown kernel");
	doctor_fix(finding, "boot one of these kernels, or write hooks: docs/porting.md");
	return false;
}

static bool find_headers(struct host *host, char version[VERSION])
{
	struct finding *finding;
	char package[128];

	snprintf(package, sizeof(package), "linux-headers-%s", host->release);
	if (doctor_version(host, package, version, VERSION) &&
	    doctor_exists(host, "/usr/src/%s/Makefile", package)) {
		doctor_found(host, "headers", STATE_OK, NEED_BUILD, "%s %s", package, version);
		return true;
	}
	finding = doctor_found(host, "headers", STATE_MISSING, NEED_BUILD, "no %s", package);
	doctor_fix(finding, "apt-get install %s", package);
	return false;
}

/* The source needs the version of the headers.  Otherwise it is not this kernel's KVM. */
static void find_source(struct host *host, const char *wanted)
{
	char package[64], version[VERSION];
	struct finding *finding;

	snprintf(package, sizeof(package), "linux-source-%s", host->series);
	if (!doctor_version(host, package, version, sizeof(version)) ||
	    !doctor_exists(host, "/usr/src/%s.tar.xz", package))
		finding = doctor_found(host, "source", STATE_MISSING, NEED_BUILD, "no %s", package);
	else if (strcmp(version, wanted))
		finding = doctor_found(host, "source", STATE_MISSING, NEED_BUILD,
				       "%s is %s, but the kernel's headers are %s", package, version,
				       wanted);
	else
		finding = doctor_found(host, "source", STATE_OK, NEED_BUILD, "%s %s", package,
				       version);
	if (finding->state != STATE_OK)
		doctor_fix(finding, "apt-get install %s=%s", package, wanted);
}

void doctor_build(struct host *host)
{
	char version[VERSION];

	if (!find_kernel(host)) {
		doctor_found(host, "headers", STATE_UNKNOWN, NEED_BUILD, "there are no hooks for this kernel");
		doctor_found(host, "source", STATE_UNKNOWN, NEED_BUILD, "there are no hooks for this kernel");
	} else if (!find_headers(host, version)) {
		doctor_found(host, "source", STATE_UNKNOWN, NEED_BUILD,
			     "it must have the version of the headers");
	} else {
		find_source(host, version);
	}
	if (doctor_version(host, "dkms", version, sizeof(version)))
		doctor_found(host, "dkms", STATE_OK, NEED_BUILD, "dkms %s", version);
	else
		doctor_fix(doctor_found(host, "dkms", STATE_MISSING, NEED_BUILD, "no dkms"),
			   "apt-get install dkms");
}

/* L1's packages come from Debian's archive.  They are not installed on this host. */
static void find_built(struct host *host)
{
	char *kernels = strdup(KERNELS), *kernel, *rest, built[FINDING_TEXT] = "";
	size_t length = 0;

	for (kernel = strtok_r(kernels, " ", &rest); kernel; kernel = strtok_r(NULL, " ", &rest))
		if (doctor_exists(host, BUILD "/lab/%s/l1.cpio", kernel) &&
		    length < sizeof(built))
			length += snprintf(built + length, sizeof(built) - length, " %s", kernel);
	free(kernels);
	if (length)
		doctor_found(host, "lab", STATE_OK, 0, "built, with Linux%s", built);
	else
		doctor_found(host, "lab", STATE_NOTE, 0,
			     "not built: make run downloads Linux and QEMU from Debian's archive. doctor didn't check if they are there");
}

static void find_packages(struct host *host)
{
	char *packages = strdup(PACKAGES), *package, *rest, version[VERSION];
	char missing[FINDING_TEXT] = "";
	struct finding *finding;
	size_t length = 0;

	for (package = strtok_r(packages, " ", &rest); package; package = strtok_r(NULL, " ", &rest))
		if (!doctor_version(host, package, version, sizeof(version)) &&
		    length < sizeof(missing))
			length += snprintf(missing + length, sizeof(missing) - length, " %s", package);
	free(packages);
	if (!length) {
		doctor_found(host, "packages", STATE_OK, NEED_LAB,
			     "all that make run needs on this machine");
		return;
	}
	finding = doctor_found(host, "packages", STATE_MISSING, NEED_LAB, "the lab lacks%.180s%s",
			       missing, length > 180 ? "..." : "");
	doctor_fix(finding, "make packages");
}

void doctor_lab(struct host *host)
{
	if (doctor_exists(host, "/usr/bin/qemu-system-x86_64"))
		doctor_found(host, "qemu", STATE_OK, NEED_HARDWARE | NEED_RUN, "qemu-system-x86_64");
	else
		doctor_fix(doctor_found(host, "qemu", STATE_MISSING, NEED_HARDWARE | NEED_RUN,
					"no qemu-system-x86_64"),
			   "apt-get install qemu-system-x86");
	if (!host->packages) {
		doctor_found(host, "packages", STATE_MISSING, NEED_LAB,
			     "this is not Debian, and the lab needs Debian's packages");
		return;
	}
	find_packages(host);
	find_built(host);
}
