// SPDX-License-Identifier: GPL-2.0-only
/* What a trace says of where it was made, and of what. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kvm_exit_trace.h>

#include "record.h"

/* A path as it is said in a trace: one in this directory is told from it. */
static const char *said(const char *path)
{
	static char here[4096];
	size_t len;

	if (!*here && !getcwd(here, sizeof(here) - 1))
		return path;
	len = strlen(here);
	return !strncmp(path, here, len) && path[len] == '/' ? path + len + 1 : path;
}

/* The first line with @what in it that a command prints, or NULL. */
static json_t *find_line(const char *const command[], const char *what)
{
	char line[256] = "", *text = line;
	int ends[2];
	FILE *file;
	pid_t pid;

	if (pipe(ends))
		return NULL;
	pid = fork();
	if (!pid) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		if (!freopen("/dev/null", "w", stderr))
			_exit(127);
		execvp(command[0], (char *const *)command);
		_exit(127);
	}
	close(ends[1]);
	file = fdopen(ends[0], "r");
	while (file && fgets(line, sizeof(line), file) && !strstr(line, what))
		*line = '\0';
	if (file)
		fclose(file);
	waitpid(pid, NULL, 0);
	text += strspn(text, " \t");
	text[strcspn(text, "\r\n")] = '\0';
	return *text ? json_text(text) : NULL;
}

/* A file by its size and its hash, once. */
static void add_file(json_t *files, const char *path)
{
	const char *const command[] = { "sha256sum", "--", path, NULL };
	struct stat stat_of;
	const char *digits;
	json_t *line, *file;
	size_t i;

	if (stat(path, &stat_of) || !S_ISREG(stat_of.st_mode))
		return;
	json_array_foreach(files, i, file)
		if (!strcmp(json_string_value(json_object_get(file, "path")), said(path)))
			return;
	file = json_pack("{s:s, s:I}", "path", said(path),
			 "bytes", (json_int_t)stat_of.st_size);
	if (!file)
		return;		/* a name that is no UTF-8 */
	line = find_line(command, "");
	digits = json_string_value(line);
	if (digits) {
		digits += *digits == '\\';
		json_object_set_new(file, "sha256", json_stringn(digits, strcspn(digits, " ")));
	}
	json_decref(line);
	json_array_append_new(files, file);
}

/* The files that a word of a command line names, as -drive file=NAME,if=virtio does. */
static void add_files_of(json_t *files, const char *word)
{
	char *copy = strdup(word), *part, *rest = copy, *value;

	add_file(files, word);
	while (copy && (part = strsep(&rest, ", "))) {
		value = strrchr(part, '=');
		add_file(files, value ? value + 1 : part);
	}
	free(copy);
}

static void add_glob(json_t *files, const char *pattern)
{
	glob_t found;
	size_t i;

	if (glob(pattern, 0, NULL, &found))
		return;
	for (i = 0; i < found.gl_pathc; i++)
		add_file(files, found.gl_pathv[i]);
	globfree(&found);
}

/* What L1 is made of, by the rules of scripts/common.sh. */
static void add_lab(json_t *meta, json_t *files)
{
	const char *lane = getenv("LANE"), *kver = getenv("KVER"), *cpus = getenv("L1_CPUS");
	const char *build = getenv("O");
	const char *const qemu[] = { "qemu-system-x86_64", "--version", NULL };
	const char *const bochs[] = { "bochs", "--help", NULL };
	char pattern[4096];

	if (!lane || !*lane)
		lane = "amd";
	if (!kver || !*kver)
		kver = "6.1";
	if (!build || !*build)
		build = BUILD;
	json_object_set_new(meta, "lane", json_string(lane));
	json_object_set_new(meta, "kver", json_string(kver));
	json_object_set_new(meta, "exact", json_boolean(!cpus || !strcmp(cpus, "1")));
	json_object_set_new(meta, "qemu", find_line(qemu, "version"));
	if (strcmp(lane, "intel"))
		json_object_set(meta, "emulator", json_object_get(meta, "qemu"));
	else
		json_object_set_new(meta, "emulator", find_line(bochs, "Bochs x86"));
	snprintf(pattern, sizeof(pattern), "%s/lab/%s/vmlinux", build, kver);
	add_glob(files, pattern);
	snprintf(pattern, sizeof(pattern), "%s/lab/%s/l1.cpio", build, kver);
	add_glob(files, pattern);
	snprintf(pattern, sizeof(pattern), "%s/kvm/%s/*.ko", build, kver);
	add_glob(files, pattern);
}

/* A line of /sys, or nothing. */
static void add_line(json_t *object, const char *key, const char *path)
{
	char line[128];
	FILE *file = fopen(path, "r");

	if (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		json_object_set_new(object, key, json_string(line));
	}
	if (file)
		fclose(file);
}

/*
 * Which build of a module is loaded: its GNU build id, an ELF note (elf(5)) of
 * 20 bytes behind a header of 12 and the name "GNU".
 */
static void add_module(json_t *object, const char *name)
{
	unsigned char note[36];
	char path[128], hex[41] = "";
	FILE *file;
	size_t i;

	snprintf(path, sizeof(path), "/sys/module/%s/notes/.note.gnu.build-id", name);
	file = fopen(path, "r");
	if (!file)
		return;
	if (fread(note, 1, sizeof(note), file) == sizeof(note))
		for (i = 16; i < sizeof(note); i++)
			sprintf(hex + 2 * (i - 16), "%02x", note[i]);
	fclose(file);
	json_object_set_new(object, name, json_string(hex));
}

/* The host itself: its kernel, and which KVM is loaded. */
static void add_host(json_t *meta, const struct record *record)
{
	const char *const version[] = { record->words[0], "--version", NULL };
	json_t *modules = json_object();
	struct utsname uname_of;

	json_object_set_new(meta, "qemu", find_line(version, "version"));
	if (!uname(&uname_of))
		json_object_set_new(meta, "host_kernel", json_string(uname_of.release));
	add_module(modules, "kvm");
	add_module(modules, "kvm_amd");
	add_module(modules, "kvm_intel");
	json_object_set_new(meta, "modules", modules);
	add_line(meta, "exit_trace", "/sys/module/kvm/parameters/exit_trace");
}

json_t *record_meta(const struct record *record)
{
	static const char *const sources[] = {
		[RECORD_QEMU] = "qemu", [RECORD_LAB] = "lab",
		[RECORD_SERIAL] = "serial", [RECORD_LOG] = "log",
	};
	bool lab = record->source == RECORD_LAB;
	char **words = record->command && !lab ? record->command : record->words, **word;
	json_t *command = json_array(), *files = json_array(), *meta;
	char abi[24];

	snprintf(abi, sizeof(abi), "%u.%u", KVM_EXIT_TRACE_REVISION >> 16,
		 KVM_EXIT_TRACE_REVISION & 0xffff);
	meta = json_pack("{s:s, s:s, s:s, s:s, s:b}", "tool", BOOTEXITS_VERSION,
			 "abi", abi, "source", sources[record->source],
			 "unit", record->lab ? "instructions" : "cycles",
			 "exact", record->lab);
	if (lab)		/* whatever it's called: the same trace */
		json_array_append_new(command, json_text(said(LAB)));
	if (lab)
		add_lab(meta, files);
	else if (record->source == RECORD_QEMU)
		add_host(meta, record);
	for (word = words; *word; word++)
		json_array_append_new(command, json_text(said(*word)));
	for (word = record->words; *word; word++)
		add_files_of(files, *word);
	json_object_set_new(meta, record->command ? "command" : "logs", command);
	json_object_set_new(meta, "files", files);
	return meta;
}
