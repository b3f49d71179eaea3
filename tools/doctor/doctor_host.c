// SPDX-License-Identifier: GPL-2.0-only
/* Reads the files of a host. */
#include <errno.h>
#include <error.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/bootexits.h"
#include "tools/doctor/doctor.h"

static void path_of(const struct host *host, char path[HOST_PATH], const char *format,
		    va_list arguments)
{
	int length = snprintf(path, HOST_PATH, "%s", host->root);

	if (length < HOST_PATH)
		vsnprintf(path + length, HOST_PATH - length, format, arguments);
}

const char *doctor_path(const struct host *host, char path[HOST_PATH], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	path_of(host, path, format, arguments);
	va_end(arguments);
	return path;
}

bool doctor_exists(const struct host *host, const char *format, ...)
{
	char path[HOST_PATH];
	va_list arguments;

	va_start(arguments, format);
	path_of(host, path, format, arguments);
	va_end(arguments);
	return !access(path, F_OK);
}

#define READ_PAD	8	/* zeros after the contents, for reads of a fixed byte */

/* Files of /proc and /sys have no size, so read to the end. */
char *doctor_read(const struct host *host, const char *format, ...)
{
	size_t size = 0, got;
	char *text = NULL, path[HOST_PATH];
	va_list arguments;
	FILE *file;

	va_start(arguments, format);
	path_of(host, path, format, arguments);
	va_end(arguments);
	file = fopen(path, "re");
	if (!file)
		return NULL;
	do {
		text = realloc(text, size + 65536 + READ_PAD);
		if (!text)
			error(STATUS_UNREADABLE, errno, "%s", path);
		got = fread(text + size, 1, 65536, file);
		size += got;
	} while (got);
	fclose(file);
	memset(text + size, 0, READ_PAD);
	return text;
}

bool doctor_says(const struct host *host, const char *format, const char *what)
{
	char *text = doctor_read(host, format, host->release);
	bool found = text && strstr(text, what);

	free(text);
	return found;
}

int doctor_switch(const struct host *host, const char *module, const char *parameter)
{
	char *text = doctor_read(host, "/sys/module/%s/parameters/%s", module, parameter);
	int on = text ? *text == 'Y' || (*text >= '1' && *text <= '9') : -1;

	free(text);
	return on;
}

/* Returns the value of a field in a stanza, up to @end, of dpkg's status file. */
static const char *field(const char *stanza, const char *end, const char *name)
{
	const char *found = strstr(stanza, name);

	return found && found < end ? found + strlen(name) : NULL;
}

bool doctor_version(const struct host *host, const char *package, char *version, size_t size)
{
	const char *stanza, *end, *value;
	char first[128];

	snprintf(first, sizeof(first), "\nPackage: %s\n", package);
	stanza = host->packages ? strstr(host->packages, first) : NULL;
	if (!stanza)
		return false;
	end = strstr(stanza, "\n\n") ?: stanza + strlen(stanza);
	if (!field(stanza, end, "\nStatus: install ok installed\n") &&
	    !field(stanza, end, "\nStatus: hold ok installed\n"))
		return false;
	value = field(stanza, end, "\nVersion: ");
	if (!value)
		return false;
	snprintf(version, size, "%.*s", (int)strcspn(value, "\n"), value);
	return true;
}

struct finding *doctor_found(struct host *host, const char *name, enum state state,
			     unsigned int needs, const char *format, ...)
{
	struct finding finding = { .name = name, .state = state, .needs = needs };
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding.text, sizeof(finding.text), format, arguments);
	va_end(arguments);
	return list_append(&host->findings, &finding, sizeof(finding));
}

void doctor_fix(struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->fix, sizeof(finding->fix), format, arguments);
	va_end(arguments);
}

const struct finding *doctor_unmet(const struct host *host, unsigned int needs)
{
	const struct finding *finding;

	for_each(finding, &host->findings)
		if (finding->needs & needs && finding->state != STATE_OK)
			return finding;
	return NULL;
}

void doctor_examine(struct host *host, const char *root)
{
	char *release;

	*host = (struct host){ .root = root };
	release = doctor_read(host, "/proc/sys/kernel/osrelease");
	if (release)
		snprintf(host->release, sizeof(host->release), "%.*s",
			 (int)strcspn(release, "\n"), release);
	free(release);
	if (sscanf(host->release, "%15[0-9.]", host->series) == 1) {
		char *second = strchr(host->series, '.');
		char *third = second ? strchr(second + 1, '.') : NULL;

		if (third)
			*third = '\0';
	}
	host->packages = doctor_read(host, "/var/lib/dpkg/status");
	doctor_cpu(host);
	doctor_kvm(host);
	doctor_bpf(host);
	doctor_build(host);
	doctor_swap(host);
	doctor_lab(host);
}

void doctor_free(struct host *host)
{
	free(host->packages);
	free(host->findings.items);
}
