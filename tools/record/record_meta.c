// SPDX-License-Identifier: GPL-2.0-only
/* What a trace says about where it was made, and of what. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "include/kvm_exit_trace.h"

#include "lib/json.h"
#include "tools/record/record_meta.h"

#define HASHED		(64ULL << 20)	/* bytes; a VM's start would wait for the hash of more */
#define VERSION_SECONDS	10

const char *meta_said(const char *path)
{
	static char here[4096];
	size_t len;

	if (!*here && !getcwd(here, sizeof(here) - 1))
		return path;
	len = strlen(here);
	return !strncmp(path, here, len) && path[len] == '/' ? path + len + 1 : path;
}

json_t *meta_line(const char *const command[], const char *what, unsigned int seconds)
{
	char line[256] = "", *text = line;
	int ends[2];
	FILE *file;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return NULL;
	pid = fork();
	if (!pid) {
		dup2(ends[1], STDOUT_FILENO);
		alarm(seconds);
		if (dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO) < 0)
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

json_t *meta_hash(const char *path)
{
	const char *const command[] = { "sha256sum", "--", path, NULL };
	json_t *line = meta_line(command, "", 0), *hash = NULL;
	const char *digits = json_string_value(line);

	if (digits) {
		digits += *digits == '\\';
		hash = json_stringn(digits, strcspn(digits, " "));
	}
	json_decref(line);
	return hash;
}

void meta_add_file(json_t *files, const char *path, __u64 most)
{
	struct stat stat_of;
	json_t *file, *hash;
	size_t i;

	if (stat(path, &stat_of) || !S_ISREG(stat_of.st_mode))
		return;
	json_array_foreach(files, i, file)
		if (!strcmp(json_string_value(json_object_get(file, "path")), meta_said(path)))
			return;
	file = json_pack("{s:s, s:I}", "path", meta_said(path),
			 "bytes", (json_int_t)stat_of.st_size);
	if (!file)
		return;		/* the name isn't UTF-8 */
	hash = (__u64)stat_of.st_size <= most ? meta_hash(path) : NULL;
	if (hash)
		json_object_set_new(file, "sha256", hash);
	else
		json_object_set_new(file, "mtime", json_integer(stat_of.st_mtime));
	json_array_append_new(files, file);
}

/*
 * Add the files in a word of a command line, such as -drive file=NAME,if=virtio.  Skip words with
 * a secret, because a short secret could be found by its hash.
 */
static void add_files_of(json_t *files, const char *word, __u64 most)
{
	char *copy, *part, *rest, *value;

	if (strstr(word, "secret"))
		return;
	copy = rest = strdup(word);
	meta_add_file(files, word, most);
	while (copy && (part = strsep(&rest, ", "))) {
		value = strrchr(part, '=');
		meta_add_file(files, value ? value + 1 : part, most);
	}
	free(copy);
}

/* Add the first line of a file of /sys, if it exists. */
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
 * Add the GNU build id of a loaded module.  It is an ELF note (elf(5)): a header
 * of 12 bytes, the name "GNU", and 20 bytes.
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

/*
 * QEMU may come after nice, taskset and the like.  Only a program of its name is run again, and not a value of QEMU's own
 * options, such as -accel kvm.
 */
static const char *qemu_of(char *const *words)
{
	const char *name, *before = "";

	for (; *words; before = *words++) {
		name = basename(*words);
		if (!strncmp(name, "qemu-system-", 12) ||
		    (*before != '-' && (!strcmp(name, "qemu-kvm") || !strcmp(name, "kvm"))))
			return *words;
	}
	return NULL;
}

/* Add the host's kernel, and the KVM that is loaded. */
static void add_host(json_t *meta, const struct record *record)
{
	const char *const version[] = {
		record->source == RECORD_QEMU ? qemu_of(record->words) : NULL, "--version", NULL
	};
	json_t *modules = json_object();
	struct utsname uname_of;

	if (version[0])
		json_object_set_new(meta, "qemu", meta_line(version, "version", VERSION_SECONDS));
	if (!uname(&uname_of))
		json_object_set_new(meta, "host_kernel", json_string(uname_of.release));
	add_module(modules, "kvm");
	add_module(modules, "kvm_amd");
	add_module(modules, "kvm_intel");
	json_object_set_new(meta, "modules", modules);
	add_line(meta, "exit_trace", "/sys/module/kvm/parameters/exit_trace");
}

static void add_words(json_t *array, char *const *words)
{
	char *text;

	for (; *words; words++) {
		text = record_masked(*words);
		json_array_append_new(array, json_text(meta_said(text)));
		free(text);
	}
}

/* The reader refuses lines longer than LOG_MAX_JSON, so cut the arrays at their ends. */
static void shorten(json_t *meta, json_t *command, json_t *files)
{
	size_t len, nr;

	while ((len = json_dumpb(meta, NULL, 0, JSON_COMPACT)) > LOG_MAX_JSON - 256) {
		json_object_set_new(meta, "cut", json_true());
		nr = json_array_size(command) > json_array_size(files) ?
			json_array_size(command) : json_array_size(files);
		if (nr < 2)
			break;
		while (json_array_size(command) > nr / 2)
			json_array_remove(command, json_array_size(command) - 1);
		while (json_array_size(files) > nr / 2)
			json_array_remove(files, json_array_size(files) - 1);
	}
	if (len > LOG_MAX_JSON - 256)
		json_array_clear(command);
}

json_t *record_meta(const struct record *record)
{
	static const char *const sources[] = {
		[RECORD_QEMU] = "qemu", [RECORD_LAB] = "lab",
		[RECORD_SERIAL] = "serial", [RECORD_LOG] = "log", [RECORD_ATTACH] = "attach",
	};
	bool lab = record->source == RECORD_LAB, attached = record->source == RECORD_ATTACH;
	char **words = attached ? record->vmm_words : record->command && !lab ? record->command : record->words;
	json_t *command = json_array(), *files = json_array(), *meta;
	char abi[24], **word;

	snprintf(abi, sizeof(abi), "%u.%u", KVM_EXIT_TRACE_REVISION >> 16,
		 KVM_EXIT_TRACE_REVISION & 0xffff);
	meta = json_pack("{s:s, s:s, s:s, s:s, s:b}", "tool", BOOTEXITS_VERSION,
			 "abi", abi, "source", sources[record->source],
			 "unit", record->lab ? "instructions" : record->bpf ? "ns" : "cycles",
			 "exact", record->lab);
	if (lab)		/* not the user's path, so that traces are the same */
		json_array_append_new(command, json_text(meta_said(record_lab_script(record->own_vmm ? "vmm.sh" : "lab.sh"))));
	if (lab)
		meta_add_lab(meta, files, record->words);
	else if (record->source == RECORD_QEMU || attached)
		add_host(meta, record);
	add_words(command, words);
	if (attached)		/* another user may have chosen the command line: open no file of it */
		json_object_set_new(meta, "pid", json_integer(record->vmm));
	for (word = record->words; *word && !attached; word++)
		add_files_of(files, *word, lab ? -1ULL : HASHED);
	json_object_set_new(meta, record->command ? "command" : "logs", command);
	json_object_set_new(meta, "files", files);
	shorten(meta, command, files);
	return meta;
}
