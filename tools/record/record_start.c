// SPDX-License-Identifier: GPL-2.0-only
/* Makes the command: QEMU with the devices for tracing after its arguments, or the lab. */
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "include/kvm_exit_trace.h"

#include "tools/record/record.h"

/* Add a word to a command, and hand over its memory. */
static void own(struct list *words, char *word)
{
	list_append(words, &word, sizeof(word));
}

static void add(struct list *words, const char *word)
{
	own(words, record_format("%s", word));
}

/* Whether the user's command has this already. */
static bool has(char **command, const char *text)
{
	for (; *command; command++)
		if (strstr(*command, text))
			return true;
	return false;
}

/* Let the child inherit a descriptor. */
static int pass(struct record *record, int fd)
{
	list_append(&record->passed, &fd, sizeof(fd));
	return fd;
}

/* In a value of a QEMU option, commas are doubled. */
static char *escaped(const char *value)
{
	char *text = malloc(2 * strlen(value) + 1), *out = text;

	if (!text)
		record_fail("no memory");
	while (*value) {
		if (*value == ',')
			*out++ = ',';
		*out++ = *value++;
	}
	*out = '\0';
	return text;
}

/* Add a log that QEMU writes.  QEMU gets a descriptor, because a path could lead elsewhere. */
static void add_log(struct record *record, struct list *words, const char *prefix, const char *name)
{
	char *file = record_format("%s.log", name);

	add(words, "-chardev");
	own(words, record_format("file,id=%s-%s,path=/proc/self/fd/%d", prefix, name,
				 pass(record, record_log_create(record, file))));
	free(file);
}

static void add_qmp(struct record *record, struct list *words, const char *prefix)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) ||
	    fcntl(pair[0], F_SETFL, O_NONBLOCK))
		record_fail("QMP's socket: %s", strerror(errno));
	record->qmp.fd = pair[0];
	add(words, "-chardev");
	own(words, record_format("socket,id=%s-qmp,fd=%d", prefix, pass(record, pair[1])));
	add(words, "-mon");
	own(words, record_format("chardev=%s-qmp,mode=control", prefix));
}

/* Returns a prefix for the names of our chardevs that is in no word of the user's. */
static char *free_prefix(char **words)
{
	char *prefix = record_format("bx");
	unsigned int n = 0;
	char *text;

	while (text = record_format("%s-", prefix), has(words, text)) {
		free(text);
		free(prefix);
		prefix = record_format("bx%u", ++n);
	}
	free(text);
	return prefix;
}

/* The payload's options that record needs.  If the user gives options, these are not added. */
static void add_options(const struct devices *devices, struct list *words, bool sync, bool host_only)
{
	if (!devices->options && (sync || host_only)) {
		add(words, "-fw_cfg");
		own(words, record_format("name=opt/org.bootexits/options,string=%s%s%s", sync ? "sync" : "",
					 sync && host_only ? " " : "", host_only ? "host-only" : ""));
	}
	if (devices->options && sync && !strstr(devices->options, " sync "))
		error(0, 0, "-fw_cfg name=opt/org.bootexits/options: without sync, the host's counts are not in the trace");
	if (devices->options && host_only && !strstr(devices->options, " host-only "))
		error(0, 0, "-fw_cfg name=opt/org.bootexits/options: without host-only, the payload skips on this KVM");
}

/* Let the guest pause itself by pvpanic for the host's counts, if the user's devices allow it. */
static void add_pause(struct record *record, struct list *words, const struct devices *devices)
{
	if (devices->pvpanic && !devices->pauses) {
		error(0, 0, "pvpanic at port 0x%x: the payload needs it at 0x505, with events=1 or 3, "
		      "so the host's counts are not in the trace", devices->pvpanic_port);
		return add_options(devices, words, false, record->bpf);
	}
	if (*devices->panic && strcmp(devices->panic, "pause")) {
		error(0, 0, "-action panic=%s: the guest can't pause, "
		      "so the host's counts are not in the trace", devices->panic);
		return add_options(devices, words, false, record->bpf);
	}
	if (!devices->pvpanic) {
		add(words, "-device");
		add(words, "pvpanic,ioport=0x505,events=3");
	}
	add(words, "-action");
	add(words, "panic=pause");
	add_options(devices, words, true, record->bpf);
}

/*
 * QEMU puts the name of -kernel in front of a multiboot command line.  If the name has
 * a blank, the payload can't know where it ends.
 */
static void add_kernel_name(struct record *record, struct list *words)
{
	const char *name = NULL;
	char *const *word;
	char *text;

	for (word = record->words; *word; word = record_next(word))
		if (record_is_option(*word, "kernel") && word[1])
			name = word[1];
	if (!name || !strchr(name, ' '))
		return;
	text = escaped(name);
	add(words, "-fw_cfg");
	own(words, record_format("name=opt/org.bootexits/kernel,string=%s", text));
	free(text);
}

/* Add the devices of docs/abi.md, section 5, and the payload's options. */
static void add_devices(struct record *record, struct list *words, const char *prefix)
{
	struct devices devices;

	record_devices(record->words, &devices);
	add_log(record, words, prefix, "serial");
	add(words, "-serial");
	own(words, record_format("chardev:%s-serial", prefix));
	if (devices.console) {
		error(0, 0, "isa-debugcon at port 0x%x: what the observer prints there is not in the trace",
		      KVM_EXIT_TRACE_PORT_CONSOLE);
	} else {
		add_log(record, words, prefix, "observer");
		add(words, "-device");
		own(words, record_format("isa-debugcon,iobase=0x%x,readback=0xe9,chardev=%s-observer",
					 KVM_EXIT_TRACE_PORT_CONSOLE, prefix));
	}
	if (!devices.exit) {
		add(words, "-device");
		add(words, "isa-debug-exit,iobase=0xf4,iosize=4");
	}
	add_pause(record, words, &devices);
	free(devices.options);
	add_kernel_name(record, words);
}

/* bootexits-bpf runs QEMU, or attaches to a VM.  It prints its records at the end. */
static void add_bpf(struct record *record, struct list *words)
{
	const struct text *text;

	add(words, record_bpf_program());
	add(words, "-d");
	own(words, record_format("%d", pass(record, record_log_create(record, "bpf.log"))));
	for_each(text, &record->texts)
		own(words, record_format("--%s=%s", text->last ? "until" : "text", text->name));
}

static void prepare_attached(struct record *record, struct list *words)
{
	record_attach(record);
	record_logs_make(record);
	add_bpf(record, words);
	own(words, record_format("--attach=%d", record->vmm));
	own(words, record_format("--pidfd=%d", pass(record, record->pidfd)));
	if (record->seconds)
		own(words, record_format("--for=%u", record->seconds));
	strcpy(record->last, "counting");
}

static void prepare_qemu(struct record *record, struct list *words)
{
	char *prefix = free_prefix(record->words);
	char *const *word;

	if (record->bpf) {
		add_bpf(record, words);
		add(words, "--");
	}
	for (word = record->words; *word; word++)
		add(words, *word);
	for (word = record->words; *word; word = record_next(word)) {
		if (record->texts.nr && record_is_option(*word, "serial"))
			record_fail("-serial: --phase and --until see the port that record adds, so leave this out");
		if (record_is_option(*word, "serial"))
			error(0, 0, "-serial: what the guest prints there is not in the trace");
		if (record_is_option(*word, "daemonize"))
			record_fail("-daemonize: record can't follow a QEMU that goes into the background");
	}
	add_devices(record, words, prefix);
	add_qmp(record, words, prefix);
	free(prefix);
}

static void prepare_lab(struct record *record, struct list *words)
{
	const char *script = record_lab_script(record->own_vmm ? "vmm.sh" : "lab.sh");
	int dir = fcntl(record->logs.dir, F_DUPFD_CLOEXEC, 0);
	char **word;

	if (dir < 0)
		record_fail("logs: %s", strerror(errno));
	if (access(script, X_OK))
		record_fail("%s: %s: --lab needs the checkout that this program was built in",
			    script, strerror(errno));
	record->messages = record_log_create(record, "messages");
	add(words, script);
	add(words, "-o");
	own(words, record_format("/proc/self/fd/%d", pass(record, dir)));
	add(words, "-t");
	own(words, record_format("%u", record->limit));
	for (word = record->words; *word; word++)
		add(words, *word);
}

void record_prepare(struct record *record)
{
	struct list words = { NULL, 0 };
	size_t i;

	for (i = 0; i < RECORD_LOGS; i++)
		record_stream(record, record_log_names[i], NULL);
	if (record->source == RECORD_ATTACH)
		prepare_attached(record, &words);
	else
		record_logs_make(record);
	if (record->source == RECORD_LAB)
		prepare_lab(record, &words);
	else if (record->source == RECORD_QEMU)
		prepare_qemu(record, &words);
	own(&words, NULL);
	record->command = words.items;
}
