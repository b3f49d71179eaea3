// SPDX-License-Identifier: GPL-2.0-only
/* What a boot of the lab is made of: L1, its emulator, and all that changes L1's bytes. */
#include <elf.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/json.h"
#include "tools/record/record_meta.h"

/* Returns a variable of the environment, or @other if it is empty or not set. */
static const char *variable(const char *name, const char *other)
{
	const char *value = getenv(name);

	return value && *value ? value : other;
}

const char *record_lab_script(const char *name)
{
	static const char *const folders[] = { "lab", "scripts" }; /* the second: a bundle of 1.0 */
	static char bundled[4096];
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(bundled, sizeof(bundled), "%s/%s/%s", variable("O", BUILD), folders[i], name);
		if (!access(bundled, X_OK))
			return bundled;
	}
	snprintf(bundled, sizeof(bundled), "%s/%s", LAB, name);
	return bundled;
}

/* Returns the lab's kernel if KVER doesn't say it. */
static json_t *find_kver(const char *scripts)
{
	const char *const command[] = {
		"bash", "-c", ". \"$0/../scripts/common.sh\" && echo \"$kver\"", scripts, NULL,
	};
	json_t *kver = meta_line(command, "", 0);

	return kver ? kver : json_string("6.1");
}

static void add_files(json_t *files, const char *format, const char *folder, const char *part)
{
	char pattern[4096];
	glob_t found;
	size_t i;

	snprintf(pattern, sizeof(pattern), format, folder, part);
	if (glob(pattern, 0, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc; i++)
		meta_add_file(files, found.gl_pathv[i], -1ULL);
	globfree(&found);
}

/*
 * A lock file has "# suite=SUITE kver=KVER", then "NAME VERSION SHA256" of each package.
 * Without it, L1's packages are unknown.
 */
static json_t *read_lock(const char *path)
{
	char line[1024], suite[64] = "", name[256], version[256], hash[65];
	FILE *file = fopen(path, "r");
	json_t *packages;

	if (!file)
		return NULL;
	packages = json_array();
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "# suite=%63s", suite) == 1 || *line == '#')
			continue;
		if (sscanf(line, "%255s %255s %64s", name, version, hash) == 3)
			json_array_append_new(packages, json_pack("[s, s, s]", name, version, hash));
	}
	fclose(file);
	return json_pack("{s:s, s:o?, s:o}", "suite", suite, "lock", meta_hash(path),
			 "packages", packages);
}

/* Two builds of an emulator can print the same version, so add a hash, too. */
static void add_emulator(json_t *meta, const char *name, bool intel)
{
	const char *const version[] = { name, intel ? "--help" : "--version", NULL };
	const char *const where[] = { "sh", "-c", "command -v -- \"$0\"", name, NULL };
	json_t *path;

	json_object_set_new(meta, "emulator", meta_line(version, intel ? "Bochs x86" : "version", 0));
	path = meta_line(where, "", 0);
	if (path)
		json_object_set_new(meta, "emulator_sha256", meta_hash(json_string_value(path)));
	json_decref(path);
}

static void add_rom(json_t *firmware, const char *folder, const char *name)
{
	char path[4096];
	json_t *hash;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (json_object_get(firmware, name) || access(path, R_OK))
		return;
	hash = meta_hash(path);
	if (hash)
		json_object_set_new(firmware, name, hash);
}

/* The emulator's firmware executes instructions, too.  Look beside the emulator first. */
static void add_firmware(json_t *meta, const char *emulator, bool intel)
{
	static const char *const names[] = { "bios-256k.bin", "pvh.bin", "kvmvapic.bin" };
	const char *slash = strrchr(emulator, '/');
	json_t *firmware = json_object();
	char beside[4096] = "";
	size_t i;

	if (slash)
		snprintf(beside, sizeof(beside), "%.*s/firmware", (int)(slash - emulator), emulator);
	for (i = 0; !intel && i < sizeof(names) / sizeof(names[0]); i++) {
		add_rom(firmware, beside, names[i]);
		add_rom(firmware, "/usr/share/seabios", names[i]);
		add_rom(firmware, "/usr/share/qemu", names[i]);
	}
	if (intel) {
		add_rom(firmware, "/usr/share/bochs", "BIOS-bochs-latest");
		add_rom(firmware, "/usr/share/vgabios", "vgabios.bin");
	}
	json_object_set_new(meta, "emulator_firmware", firmware);
}

/* QEMU is the user's ($QEMU), else the one that was built here, else the machine's. */
static void add_machine(json_t *meta, const char *build, bool intel)
{
	const char *emulator = "bochs";
	char built[4096];

	snprintf(built, sizeof(built), "%s/qemu/qemu-system-x86_64", build);
	if (!intel)
		emulator = variable("QEMU", access(built, X_OK) ? "qemu-system-x86_64" : built);
	add_emulator(meta, emulator, intel);
	add_firmware(meta, emulator, intel);
}

/* Add those variables that L1's bytes depend on, if they are set. */
static void add_variables(json_t *meta)
{
	static const char *const variables[][2] = {
		{ "l1_seed", "L1_SEED" }, { "l1_ram", "L1_RAM" }, { "l1_cpu", "L1_CPU" },
		{ "l1_cpus", "L1_CPUS" }, { "l1_kernel", "L1_KERNEL" },
		{ "l1_accel", "L1_ACCEL" }, { "l1_mhz", "L1_MHZ" },
	};
	const char *value;
	__u64 number;
	size_t i;

	for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		value = variable(variables[i][1], NULL);
		if (value)
			json_object_set_new(meta, variables[i][0],
					    parse_number(value, -1ULL, &number) ?
					    json_u64(number) : json_text(value));
	}
}

/* The scenario is the first word that is neither an option nor an option's value. */
static const char *scenario_of(char *const *words)
{
	for (; *words && **words == '-'; words++)
		if (strlen(*words) == 2 && strchr("oteadw", (*words)[1]) && words[1])
			words++;
	return *words;
}

bool record_is_vmm(char *const *words)
{
	const char *name = scenario_of(words);
	FILE *file = name && strchr(name, '/') ? fopen(name, "r") : NULL;
	char magic[4] = "";
	bool elf = file && fread(magic, 1, 4, file) == 4 && !memcmp(magic, ELFMAG, SELFMAG);

	if (file)
		fclose(file);
	return elf;
}

/* The folder below build/lab and build/kvm that has L1's kernel */
static char *parts_of(const char *kver)
{
	const char *kernel = variable("L1_KERNEL", "");

	return record_format("%s%s%s", kver, *kernel ? "-" : "", kernel);
}

static void add_word(struct list *words, char *word)
{
	list_append(words, &word, sizeof(word));
}

char **record_lab_by_bpf(char **words)
{
	const char *kver = variable("KVER", NULL);
	char *parts = parts_of(kver ? kver : json_string_value(find_kver(LAB)));
	char *image = record_format("%s/lab/%s/bpf.cpio", variable("O", BUILD), parts);
	struct list more = { NULL, 0 };

	if (access(image, R_OK))
		record_fail("%s: %s: run make bpf", image, strerror(errno));
	add_word(&more, "-a");
	add_word(&more, image);
	add_word(&more, "-e");
	add_word(&more, "host=stock");
	do
		add_word(&more, *words);
	while (*words++);
	free(parts);
	return more.items;
}

/* Add the scripts that run in L1, and those that start it. */
static void add_scripts(json_t *files, const char *scripts, bool intel, char *const *words)
{
	static const char *const names[] = {
		"l1/init", "l1/l1.sh", "l1/l2.sh", "l1/configurations.sh", "machine.sh",
	};
	const char *scenario = scenario_of(words);
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add_files(files, "%s/%s", scripts, names[i]);
	if (intel)
		add_files(files, "%s/%s", scripts, "bochs.*");
	if (scenario && record_is_vmm(words))
		add_files(files, "%s/l1/%s.sh", scripts, "vmm");
	else if (scenario && !strchr(scenario, '/'))
		add_files(files, "%s/l1/%s.sh", scripts, scenario);
}

static void add_l1(json_t *meta, json_t *files, const char *build, const char *kver,
		   const char *lane)
{
	char *parts = parts_of(kver), path[4096];
	const char *const source[] = { "cat", path, NULL };
	json_t *l1, *ksrc;

	snprintf(path, sizeof(path), "%s/lab/%s/ksrc", build, parts);
	ksrc = meta_line(source, "", 0);
	if (ksrc)
		json_object_set_new(meta, "ksrc", ksrc);
	snprintf(path, sizeof(path), "%s/lab/%s/lock", build, parts);
	l1 = read_lock(path);
	if (l1)
		json_object_set_new(meta, "l1", l1);
	add_files(files, "%s/lab/%s/vmlinux", build, parts);
	add_files(files, "%s/lab/%s/l1.cpio", build, parts);
	add_files(files, "%s/kvm/%s/kvm.ko", build, parts);
	snprintf(path, sizeof(path), "%s/kvm/%s", build, parts);
	add_files(files, "%s/kvm-%s.ko", path, lane);
	free(parts);
}

void meta_add_lab(json_t *meta, json_t *files, char *const *words)
{
	const char *lane = variable("LANE", "amd"), *build = variable("O", BUILD);
	const char *kver = variable("KVER", NULL);
	char *scripts = strdup(record_lab_script("lab.sh"));
	const char *const qemu[] = { "qemu-system-x86_64", "--version", NULL };
	bool intel = !strcmp(lane, "intel");

	if (!scripts)
		return;
	*strrchr(scripts, '/') = '\0';
	json_object_set_new(meta, "lane", json_text(lane));
	json_object_set_new(meta, "kver", kver ? json_text(kver) : find_kver(scripts));
	json_object_set_new(meta, "exact", json_boolean(!strcmp(variable("L1_CPUS", "1"), "1")));
	add_machine(meta, build, intel);
	add_variables(meta);
	kver = json_string_value(json_object_get(meta, "kver"));
	add_l1(meta, files, build, kver, lane);
	if (!json_object_get(meta, "l1"))	/* if there is "l1", L1's QEMU is one of its packages */
		json_object_set_new(meta, "qemu", meta_line(qemu, "version", 0));
	add_scripts(files, scripts, intel, words);
	free(scripts);
}
