/* SPDX-License-Identifier: GPL-2.0-only */
/* What a host has of what tracing takes, as its file system tells. */
#ifndef BOOTEXITS_DOCTOR_H
#define BOOTEXITS_DOCTOR_H

#include <stdbool.h>

#include "list.h"

/* What a finding has to be well for. */
enum need {
	NEED_HARDWARE = 1,	/* to trace on this machine's own CPU */
	NEED_RUN = 2,		/* to do so now */
	NEED_LOAD = 4,		/* to change KVM's modules */
	NEED_BUILD = 8,		/* to build them for the kernel that runs */
	NEED_LAB = 16,		/* to build the lab, and trace there */
};

enum state {
	STATE_OK,
	STATE_MISSING,
	STATE_UNKNOWN,		/* something else has to be there first */
	STATE_NOTE,		/* neither good nor bad */
};

#define FINDING_TEXT	240

struct finding {
	const char *name;
	enum state state;
	unsigned int needs;	/* of enum need */
	char text[FINDING_TEXT];
	char fix[FINDING_TEXT];	/* the command that mends it, or "" */
};

struct host {
	const char *root;	/* of its file system, with no slash at the end */
	char release[80];	/* of the kernel that runs: "6.1.0-56-amd64" */
	char series[16];	/* of it: "6.1" */
	const char *vendor;	/* KVM's module for this CPU, or NULL */
	char *packages;		/* dpkg's status file, or NULL */
	struct list findings;	/* struct finding */
};

/**
 * doctor_examine() - find all there is to be found out about a host
 * @root: where its file system is mounted, "" for this machine's
 *
 * Reads files only, and changes nothing.  What can't be read counts as missing.
 */
void doctor_examine(struct host *host, const char *root);

/** doctor_free() - free what doctor_examine() has found */
void doctor_free(struct host *host);

/** doctor_unmet() - the first finding that has to be well for @needs and isn't, or NULL */
const struct finding *doctor_unmet(const struct host *host, unsigned int needs);

/* The parts of doctor_examine(), in the order in which they are told */
void doctor_cpu(struct host *host);
void doctor_kvm(struct host *host);
void doctor_build(struct host *host);
void doctor_swap(struct host *host);
void doctor_lab(struct host *host);

/** doctor_found() - keep a finding, of which @text and @fix are printf's */
struct finding *doctor_found(struct host *host, const char *name, enum state state,
			     unsigned int needs, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/** doctor_fix() - say how a finding is mended */
void doctor_fix(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#define HOST_PATH	4096

/** doctor_path() - write a path of the host to @path, and return it */
const char *doctor_path(const struct host *host, char path[HOST_PATH], const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** doctor_exists() - is there that file? */
bool doctor_exists(const struct host *host, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** doctor_read() - what is in that file of the host, to be freed, or NULL */
char *doctor_read(const struct host *host, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** doctor_says() - whether @what stands in a file, of which @format makes the path with the kernel's release */
bool doctor_says(const struct host *host, const char *format, const char *what);

/** doctor_switch() - a module's parameter: 1 it's Y or not 0, 0 it's N or 0, -1 there is none */
int doctor_switch(const struct host *host, const char *module, const char *parameter);

/**
 * doctor_version() - the version of a Debian package that is installed
 *
 * Return: whether it is; @version is then filled, cut to @size.
 */
bool doctor_version(const struct host *host, const char *package, char *version, size_t size);

/**
 * doctor_opener() - the lowest process that has a device open, or, of /dev/kvm, a VM
 * @text: "PID (NAME)" of it
 *
 * Return: false if there is none that may be looked at.
 */
bool doctor_opener(const struct host *host, const char *device, char text[64]);

#endif /* BOOTEXITS_DOCTOR_H */
