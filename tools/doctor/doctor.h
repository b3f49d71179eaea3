/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds what a host has for tracing, by the files of its file system. */
#ifndef BOOTEXITS_DOCTOR_H
#define BOOTEXITS_DOCTOR_H

#include <stdbool.h>

#include "lib/list.h"

/* What a finding is needed for. */
enum need {
	NEED_HARDWARE = 1,	/* tracing on this machine's own CPU */
	NEED_RUN = 2,		/* tracing on it now */
	NEED_LOAD = 4,		/* changing KVM's modules */
	NEED_BUILD = 8,		/* building them for the running kernel */
	NEED_LAB = 16,		/* building the lab, and tracing there */
	NEED_BPF = 32,		/* counting exits by BPF, now */
};

enum state {
	STATE_OK,
	STATE_MISSING,
	STATE_UNKNOWN,		/* something else must come first */
	STATE_NOTE,		/* neither good nor bad */
};

#define FINDING_TEXT	240

struct finding {
	const char *name;
	enum state state;
	unsigned int needs;	/* of enum need */
	char text[FINDING_TEXT];
	char fix[FINDING_TEXT];	/* the command that fixes it, or "" */
};

struct host {
	const char *root;	/* of its file system, without a slash at the end */
	char release[80];	/* of the running kernel: "6.1.0-56-amd64" */
	char series[16];	/* of that kernel: "6.1" */
	const char *vendor;	/* KVM's module for this CPU, or NULL */
	char *packages;		/* dpkg's status file, or NULL */
	struct list findings;	/* struct finding */
};

/**
 * doctor_examine() - find out all about a host
 * @root: where its file system is mounted; "" for this machine
 *
 * It only reads files, and changes nothing.  A file that can't be read counts as missing.
 */
void doctor_examine(struct host *host, const char *root);

/** doctor_free() - free the findings of doctor_examine() */
void doctor_free(struct host *host);

/** doctor_unmet() - the first finding that is needed for @needs and isn't ok, or NULL */
const struct finding *doctor_unmet(const struct host *host, unsigned int needs);

/* The parts of doctor_examine(), in the order in which they are printed. */
void doctor_cpu(struct host *host);
void doctor_kvm(struct host *host);
void doctor_bpf(struct host *host);
void doctor_build(struct host *host);
void doctor_swap(struct host *host);
void doctor_lab(struct host *host);

/** doctor_found() - add a finding; its text is made as by printf() */
struct finding *doctor_found(struct host *host, const char *name, enum state state,
			     unsigned int needs, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/** doctor_fix() - set the command that fixes a finding */
void doctor_fix(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** doctor_built_in() - the part of KVM that is built into the kernel, or NULL */
const char *doctor_built_in(const struct host *host);

#define HOST_PATH	4096

/** doctor_path() - write a path below the host's root to @path, and return it */
const char *doctor_path(const struct host *host, char path[HOST_PATH], const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** doctor_exists() - whether the host has this file */
bool doctor_exists(const struct host *host, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** doctor_read() - contents of a file of the host, or NULL; the caller frees it */
char *doctor_read(const struct host *host, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** doctor_says() - whether @what is in a file; @format makes its path of the kernel's release */
bool doctor_says(const struct host *host, const char *format, const char *what);

/** doctor_switch() - a module's parameter: 1 for Y or not 0, 0 for N or 0, -1 if there is none */
int doctor_switch(const struct host *host, const char *module, const char *parameter);

/**
 * doctor_version() - find the version of an installed Debian package
 *
 * Return: whether it is installed.  Then @version is filled in, cut to @size.
 */
bool doctor_version(const struct host *host, const char *package, char *version, size_t size);

/**
 * doctor_opener() - find the lowest process that has a device open; for /dev/kvm, or a VM
 * @text: set to "PID (NAME)"
 *
 * Return: false if this user can see no such process.
 */
bool doctor_opener(const struct host *host, const char *device, char text[64]);

#endif /* BOOTEXITS_DOCTOR_H */
