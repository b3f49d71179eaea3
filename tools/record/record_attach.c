// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the process whose VM is attached to.  Another user may have chosen the name and the command
 * line of a process, so they are only compared and shown.
 */
#include <dirent.h>
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/record/record.h"
#include "lib/text.h"

#define COMM		16	/* bytes of a task's name in Linux, its NUL included */
#define COMMAND_LINE	(128 << 10)	/* bytes of a command line that are read */
#define SHOWN		8	/* processes in a message */

/* A process that has a VM.  @line: its command line, whose words end with NUL each */
struct process {
	pid_t pid;
	uid_t user;
	char comm[COMM];
	size_t len;
	char line[COMMAND_LINE + 1];
};

/* Reads at most so many bytes of a file in /proc/PID.  Returns how many there are. */
static size_t read_some(pid_t pid, const char *name, char *bytes, size_t most)
{
	char *path = record_format("/proc/%d/%s", pid, name);
	FILE *file = fopen(path, "re");
	size_t len = file ? fread(bytes, 1, most, file) : 0;

	bytes[len] = '\0';
	if (file)
		fclose(file);
	free(path);
	return len;
}

/* The kernel alone gives such names. */
static bool is_vm(const char *target, const void *unused)
{
	(void)unused;
	return !strcmp(target, "anon_inode:kvm-vm");
}

/* Whether a process has a descriptor of a VM */
static bool has_vm(pid_t pid)
{
	char *path = record_format("/proc/%d/fd", pid);
	bool found = any_link(path, is_vm, NULL);

	free(path);
	return found;
}

static void read_process(struct process *process, pid_t pid)
{
	char *path = record_format("/proc/%d", pid);
	struct stat of = { .st_uid = -1 };

	stat(path, &of);
	free(path);
	process->pid = pid;
	process->user = of.st_uid;
	read_some(pid, "comm", process->comm, COMM - 1);
	process->comm[strcspn(process->comm, "\n")] = '\0';
	process->len = read_some(pid, "cmdline", process->line, COMMAND_LINE);
}

/* Returns the words of its command line as a list that ends with NULL.  They stay in @process. */
static char **words_of(const struct process *process)
{
	struct list words = { NULL, 0 };
	char *word = (char *)process->line;

	for (; word < process->line + process->len; word += strlen(word) + 1)
		list_append(&words, &word, sizeof(word));
	word = NULL;
	list_append(&words, &word, sizeof(word));
	return words.items;
}

/* Whether the value of QEMU's -name gives the guest this name.  A comma in it is doubled. */
static bool is_guest(const char *value, const char *name)
{
	const char *guest = strstr(value, "guest=");

	if (guest == value || (guest && guest[-1] == ','))
		value = guest + strlen("guest=");
	for (; *value && (*value != ',' || value[1] == ','); value++, name++) {
		value += *value == ',';
		if (*value != *name)
			return false;
	}
	return !*name;
}

/* Linux keeps only the first 15 bytes of a program's name. */
static bool is_called(const struct process *process, const char *name)
{
	char **words = words_of(process);
	char *const *word;
	bool called = *process->comm && !strncmp(process->comm, name, COMM - 1);

	for (word = words; *word && !called; word = record_next(word))
		called = record_is_option(*word, "name") && word[1] && is_guest(word[1], name);
	free(words);
	return called;
}

/* Returns the process of that name, or ends this program with a message. */
static pid_t find_name(const char *name, struct process *process)
{
	char *several = record_format("%s", ""), *more;
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	unsigned int nr = 0;
	pid_t found = 0;
	__u64 pid;

	while (proc && (entry = readdir(proc))) {
		if (!parse_number(entry->d_name, 1 << 30, &pid) || !has_vm(pid))
			continue;
		read_process(process, pid);
		if (!is_called(process, name))
			continue;
		found = pid;
		if (nr++ >= SHOWN)
			continue;
		more = record_format("%s%s%d (%s)", several, nr > 1 ? ", " : "", found, process->comm);
		free(several);
		several = more;
	}
	if (proc)
		closedir(proc);
	if (!nr)
		record_fail("%s: no process with a VM is called so%s", name, geteuid() ? ", among those that you may look at" : "");
	if (nr > 1)
		error(STATUS_USAGE, 0, "%s: give a PID, because %u processes with a VM are called so: %s%s",
		      text_shown(name), nr, text_shown(several), nr > SHOWN ? ", and others" : "");
	free(several);
	return found;
}

/* Returns the process that a task belongs to, or 0 if there is no such task. */
static pid_t process_of(pid_t task)
{
	char status[2048], *tgid;

	read_some(task, "status", status, sizeof(status) - 1);
	tgid = strstr(status, "\nTgid:");	/* a name can't have this: the kernel escapes it */
	return tgid ? atoi(tgid + strlen("\nTgid:")) : 0;
}

void record_attach(struct record *record)
{
	static struct process process;
	const char *who = record->words[0];
	struct pollfd alive = { .events = POLLIN };
	__u64 number;
	pid_t pid;

	if (parse_number(who, 1 << 30, &number))
		pid = process_of(number);
	else
		pid = find_name(who, &process);
	record->pidfd = pid ? pidfd_open(pid, 0) : -1;
	if (record->pidfd < 0)
		record_fail("%s: %s", who, strerror(pid ? errno : ESRCH));
	if (!has_vm(pid))
		record_fail("process %d has no VM%s", pid, geteuid() ? ", or you may not look at it" : "");
	read_process(&process, pid);
	alive.fd = record->pidfd;
	if (poll(&alive, 1, 0))
		record_fail("process %d has just ended", pid);
	record->vmm = pid;
	record->vmm_words = words_of(&process);
	error(0, 0, "attaching to process %d (%s) of user %u", pid, text_shown(process.comm), process.user);
}
