// SPDX-License-Identifier: GPL-2.0-only
/* What is started: QEMU with what tracing needs behind its arguments, or the lab. */
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kvm_exit_trace.h>

#include "record.h"

/* Add a word to a command, which then owns it. */
static void own(struct list *words, char *word)
{
	list_append(words, &word, sizeof(word));
}

static void add(struct list *words, const char *word)
{
	own(words, record_format("%s", word));
}

/* Whether the command has it already: then it's the user's to set up. */
static bool has(char **command, const char *text)
{
	for (; *command; command++)
		if (strstr(*command, text))
			return true;
	return false;
}

/* A path as a value of a QEMU option: its commas are doubled. */
static char *escaped(const char *path)
{
	char *text = malloc(2 * strlen(path) + 1), *out = text;

	if (!text)
		record_fail("no memory");
	while (*path) {
		if (*path == ',')
			*out++ = ',';
		*out++ = *path++;
	}
	*out = '\0';
	return text;
}

static void add_qmp(struct record *record, struct list *words)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) ||
	    fcntl(pair[0], F_SETFL, O_NONBLOCK) || fcntl(pair[1], F_SETFD, 0))
		record_fail("QMP's socket: %s", strerror(errno));
	record->qmp.fd = pair[0];
	add(words, "-chardev");
	own(words, record_format("socket,id=bx-qmp,fd=%d", pair[1]));
	add(words, "-mon");
	add(words, "chardev=bx-qmp,mode=control");
}

/* The devices are those of docs/abi.md, section 5, and of the payload's options. */
static void prepare_qemu(struct record *record, struct list *words)
{
	char *logs = escaped(record->logs), port[16], **word;

	for (word = record->words; *word; word++) {
		add(words, *word);
		if (!strcmp(*word, "-serial"))
			error(0, 0, "-serial: what the guest prints there is not in the trace");
		if (!strcmp(*word, "-daemonize"))
			record_fail("-daemonize: a QEMU that goes away can't be followed");
	}
	add(words, "-chardev");
	own(words, record_format("file,id=bx-serial,path=%s/serial.log", logs));
	add(words, "-serial");
	add(words, "chardev:bx-serial");
	snprintf(port, sizeof(port), "iobase=0x%x", KVM_EXIT_TRACE_PORT_CONSOLE);
	if (!has(record->words, port)) {
		add(words, "-chardev");
		own(words, record_format("file,id=bx-observer,path=%s/observer.log", logs));
		add(words, "-device");
		own(words, record_format("isa-debugcon,%s,chardev=bx-observer", port));
	}
	if (!has(record->words, "isa-debug-exit")) {
		add(words, "-device");
		add(words, "isa-debug-exit,iobase=0xf4,iosize=4");
	}
	if (!has(record->words, "pvpanic") && !has(record->words, "panic=")) {
		add(words, "-device");
		add(words, "pvpanic");
		add(words, "-action");
		add(words, "panic=pause");
		if (!has(record->words, "opt/org.bootexits/options")) {
			add(words, "-fw_cfg");
			add(words, "name=opt/org.bootexits/options,string=sync");
		}
	}
	add_qmp(record, words);
	free(logs);
}

static void prepare_lab(struct record *record, struct list *words)
{
	char **word;

	if (access(record_lab_script(), X_OK))
		record_fail("%s: %s: --lab needs the checkout that this program was built in",
			    record_lab_script(), strerror(errno));
	add(words, record_lab_script());
	add(words, "-o");
	add(words, record->logs);
	add(words, "-t");
	own(words, record_format("%u", record->limit));
	for (word = record->words; *word; word++)
		add(words, *word);
}

/* Beside the trace; if that is no file, where temporary files are. */
static void make_logs(struct record *record)
{
	const char *tmp = getenv("TMPDIR");
	struct stat stat_of;

	if (!trace_regular(&record->trace)) {
		record->logs = record_format("%s/bootexits.XXXXXX", tmp && *tmp ? tmp : "/tmp");
		if (!mkdtemp(record->logs))
			record_fail("%s: %s", record->logs, strerror(errno));
		return;
	}
	record->logs = record_format("%s.logs", record->path);
	if (!mkdir(record->logs, 0777))
		return;
	if (errno == EEXIST && !stat(record->logs, &stat_of) && !S_ISDIR(stat_of.st_mode))
		errno = ENOTDIR;
	if (errno != EEXIST)
		record_fail("%s: %s", record->logs, strerror(errno));
}

void record_prepare(struct record *record)
{
	struct list words = { NULL, 0 };
	char *path;
	size_t i;

	make_logs(record);
	for (i = 0; i < RECORD_LOGS; i++) {
		path = record_format("%s/%s.log", record->logs, record_log_names[i]);
		unlink(path);
		record_stream(record, record_log_names[i], path);
		free(path);
	}
	if (record->source == RECORD_LAB)
		prepare_lab(record, &words);
	else
		prepare_qemu(record, &words);
	own(&words, NULL);
	record->command = words.items;
}

static void drop(const struct record *record, const char *name, const char *ending)
{
	char *path = record_format("%s/%s%s", record->logs, name, ending);

	unlink(path);
	free(path);
}

void record_tidy(const struct record *record)
{
	size_t i;

	for (i = 0; i < RECORD_LOGS; i++)
		drop(record, record_log_names[i], ".log");
	drop(record, "messages", "");
	drop(record, ".lock", "");
	rmdir(record->logs);
}
