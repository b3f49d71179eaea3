// SPDX-License-Identifier: GPL-2.0-only
/* How two traces of the lab differ: in L1, its emulator, KVM's modules, the guest. */
#include <errno.h>
#include <error.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bootexits.h"
#include "tools/compare/compare_parts.h"
#include "lib/text.h"

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), of = strlen(end);

	return len >= of && !strcmp(text + len - of, end);
}

const char *part_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Whether @path is, or ends in, FOLDER/ANY/NAME. */
static bool is_below(const char *path, const char *folder)
{
	const char *name = part_base(path), *any, *end;
	size_t len = strlen(folder);

	end = name > path ? name - 1 : path;
	any = memrchr(path, '/', end - path);
	if (!any || (size_t)(any - path) < len || memcmp(any - len, folder, len))
		return false;
	return any - len == path || any[-(ssize_t)len - 1] == '/';
}

enum owner part_owner(const char *path)
{
	/* Up to version 1.0 the lab was in scripts/. */
	static const char *const scripts[] = {
		"lab/l1/", "lab/machine.sh", "lab/bochs.",
		"scripts/l1/", "scripts/machine.sh", "scripts/bochs.",
	};
	const char *name = part_base(path);
	size_t i;

	/* All in lab/KVER-ksrc/ is made of the user's kernel tree. */
	if (is_below(path, "lab") && (strstr(path, "-ksrc/") || !strcmp(name, "bpf.cpio")))
		return OWNER_MODULES;
	if (is_below(path, "lab") && (!strcmp(name, "vmlinux") || !strcmp(name, "l1.cpio")))
		return OWNER_L1;
	if (is_below(path, "kvm") && ends_with(name, ".ko"))
		return OWNER_MODULES;
	for (i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if (strstr(path, scripts[i]))
			return OWNER_SCRIPTS;
	return OWNER_GUEST;
}

const char *part_text(const json_t *value)
{
	const char *text = json_string_value(value);

	return text ? text : "";
}

const char *part_path(const json_t *file)
{
	return part_text(json_object_get(file, "path"));
}

bool part_same(const json_t *a, const json_t *b)
{
	return json_equal(json_object_get(a, "bytes"), json_object_get(b, "bytes")) &&
	       json_equal(json_object_get(a, "sha256"), json_object_get(b, "sha256"));
}

const json_t *part_files(const json_t *meta)
{
	return json_object_get(meta, "files");
}

void part_add(json_t *what, const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		error(STATUS_UNREADABLE, errno, "compare");
	va_end(args);
	text_clean(text, text, true);
	json_array_append_new(what, json_string(text));
	free(text);
}

/* Returns a number or a text as text.  A missing one becomes @missing. */
static const char *said(const json_t *value, const char *missing, char digits[24])
{
	if (!value)
		return missing;
	if (json_is_integer(value)) {
		snprintf(digits, 24, "%lld", (long long)json_integer_value(value));
		return digits;
	}
	return json_is_string(value) ? json_string_value(value) : "something else";
}

/* @name: what to call the value; "": nothing */
static void add_value(json_t *what, const json_t *a, const json_t *b, const char *key,
		      const char *name, const char *missing)
{
	char of_a[24], of_b[24];
	const char *text_a = said(json_object_get(a, key), missing, of_a);
	const char *text_b = said(json_object_get(b, key), missing, of_b);

	if (strcmp(text_a, text_b))
		part_add(what, "%s%s%s / %s", name, *name ? " " : "", text_a, text_b);
}

static void add_lane(json_t *what, const json_t *a, const json_t *b)
{
	add_value(what, a, b, "lane", "", "unknown");
	add_value(what, a, b, "unit", "the unit is", "unknown");
}

/* Compare the firmware files that both traces have. */
static void add_firmware(json_t *what, json_t *a, const json_t *b)
{
	const json_t *hash, *other;
	const char *name;

	json_object_foreach(a, name, hash) {
		other = json_object_get(b, name);
		if (other && !json_equal(hash, other))
			part_add(what, "its %s", name);
	}
}

static void add_emulator(json_t *what, const json_t *a, const json_t *b)
{
	const json_t *hash_a = json_object_get(a, "emulator_sha256");
	const json_t *hash_b = json_object_get(b, "emulator_sha256");

	add_value(what, a, b, "emulator", "", "unknown");
	if (!json_array_size(what) && hash_a && hash_b && !json_equal(hash_a, hash_b))
		part_add(what, "another build of %s", part_text(json_object_get(a, "emulator")));
	add_firmware(what, json_object_get(a, "emulator_firmware"),
		     json_object_get(b, "emulator_firmware"));
}

/* Returns the file with this base name, or NULL. */
static const json_t *find_part(const json_t *meta, enum owner owner, const char *name)
{
	const json_t *file;
	size_t i;

	json_array_foreach(part_files(meta), i, file)
		if (part_owner(part_path(file)) == owner && !strcmp(part_base(part_path(file)), name))
			return file;
	return NULL;
}

static bool has_parts(const json_t *meta, enum owner owner)
{
	const json_t *file;
	size_t i;

	json_array_foreach(part_files(meta), i, file)
		if (part_owner(part_path(file)) == owner)
			return true;
	return false;
}

/* Traces of version 1.0 also name the module of the other vendor, which L1 does not load. */
static bool is_part(const json_t *meta, const json_t *file, enum owner owner)
{
	const char *lane = part_text(json_object_get(meta, "lane"));
	const char *unused = !strcmp(lane, "intel") ? "kvm-amd.ko" : "kvm-intel.ko";

	return part_owner(part_path(file)) == owner &&
	       (owner != OWNER_MODULES || strcmp(part_base(part_path(file)), unused));
}

/* Add the files that both have, by base name, and that differ. */
static void add_changed(json_t *what, const json_t *a, const json_t *b, enum owner owner)
{
	const json_t *file, *other;
	size_t i;

	json_array_foreach(part_files(a), i, file) {
		if (!is_part(a, file, owner))
			continue;
		other = find_part(b, owner, part_base(part_path(file)));
		if (other && !part_same(file, other))
			part_add(what, "%s", part_base(part_path(file)));
	}
}

static void add_missing(json_t *what, const json_t *a, const json_t *b, enum owner owner,
			const char *format)
{
	const json_t *file;
	size_t i;

	json_array_foreach(part_files(a), i, file)
		if (is_part(a, file, owner) &&
		    !find_part(b, owner, part_base(part_path(file))))
			part_add(what, format, part_base(part_path(file)));
}

static const json_t *find_package(const json_t *packages, const char *name)
{
	const json_t *package;
	size_t i;

	json_array_foreach(packages, i, package)
		if (!strcmp(part_text(json_array_get(package, 0)), name))
			return package;
	return NULL;
}

static void add_package(json_t *what, const json_t *a, const json_t *b)
{
	const char *name = part_text(json_array_get(a ? a : b, 0));
	const char *version_a = a ? part_text(json_array_get(a, 1)) : "none";
	const char *version_b = b ? part_text(json_array_get(b, 1)) : "none";

	if (strcmp(version_a, version_b))
		part_add(what, "%s %s / %s", name, version_a, version_b);
	else if (!json_equal(json_array_get(a, 2), json_array_get(b, 2)))
		part_add(what, "another build of %s %s", name, version_a);
}

/* @a and @b: the values of the key "l1" in two traces that have it.  A baseline has only the lock's hash. */
static void add_packages(json_t *what, const json_t *a, const json_t *b)
{
	const json_t *of_a = json_object_get(a, "packages"), *of_b = json_object_get(b, "packages");
	const json_t *package;
	size_t i;

	add_value(what, a, b, "suite", "suite", "unknown");
	if (!of_a || !of_b)
		of_a = of_b = NULL;
	json_array_foreach(of_a, i, package)
		add_package(what, package, find_package(of_b, part_text(json_array_get(package, 0))));
	json_array_foreach(of_b, i, package)
		if (!find_package(of_a, part_text(json_array_get(package, 0))))
			add_package(what, NULL, package);
	if (!json_array_size(what))
		add_value(what, a, b, "lock", "lock file", "unknown");
}

static bool same_kernel(const json_t *a, const json_t *b)
{
	const json_t *of_a = find_part(a, OWNER_L1, "vmlinux"), *of_b = find_part(b, OWNER_L1, "vmlinux");

	if (!of_a)
		of_a = find_part(a, OWNER_MODULES, "vmlinux");
	if (!of_b)
		of_b = find_part(b, OWNER_MODULES, "vmlinux");
	return of_a && of_b && part_same(of_a, of_b);
}

/* If both traces have packages, these say more than hashes of files made of them. */
static void add_l1(json_t *what, const json_t *a, const json_t *b)
{
	static const char *const settings[][3] = {
		{ "l1_kernel", "L1_KERNEL", "none" }, { "l1_seed", "L1_SEED", "0" },
		{ "l1_ram", "L1_RAM", "1024" }, { "l1_cpu", "L1_CPU", "the default" },
		{ "l1_cpus", "L1_CPUS", "1" }, { "l1_accel", "L1_ACCEL", "tcg" },
		{ "l1_mhz", "L1_MHZ", "1000" },
	};
	const json_t *l1_a = json_object_get(a, "l1"), *l1_b = json_object_get(b, "l1");
	size_t i;

	add_value(what, a, b, "kver", "kernel", "unknown");
	for (i = same_kernel(a, b); i < sizeof(settings) / sizeof(settings[0]); i++)
		add_value(what, a, b, settings[i][0], settings[i][1], settings[i][2]);
	if (l1_a && l1_b)
		add_packages(what, l1_a, l1_b);
	if (!json_array_size(what))
		add_changed(what, a, b, OWNER_L1);
	if (!json_object_get(a, "ksrc") && !json_object_get(b, "ksrc") &&
	    has_parts(a, OWNER_L1) != has_parts(b, OWNER_L1))
		part_add(what, "only one trace says what it is made of");
}

static void add_scripts(json_t *what, const json_t *a, const json_t *b)
{
	add_changed(what, a, b, OWNER_SCRIPTS);
}

/* If a kernel tree of the user's differs, its files differ, too. */
static void add_modules(json_t *what, const json_t *a, const json_t *b)
{
	add_value(what, a, b, "ksrc", "its source", "Debian's");
	if (json_array_size(what))
		return;
	add_changed(what, a, b, OWNER_MODULES);
	add_missing(what, a, b, OWNER_MODULES, "%s / none");
	add_missing(what, b, a, OWNER_MODULES, "none / %s");
}

const struct part compare_parts[NR_PARTS] = {
	[PART_OBSERVER] = { "observer", "the observer", false, NULL },
	[PART_LANE] = { "lane", "the lane", false, add_lane },
	[PART_EMULATOR] = { "emulator", "the emulator", false, add_emulator },
	[PART_L1] = { "l1", "L1", false, add_l1 },
	[PART_LAB] = { "lab", "the lab", false, add_scripts },
	[PART_KVM] = { "kvm", "KVM", true, add_modules },
	[PART_GUEST] = { "guest", "the guest", true, part_add_guest },
};
