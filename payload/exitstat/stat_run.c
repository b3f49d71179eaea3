// SPDX-License-Identifier: GPL-2.0-only
/* The exits of the whole VM while a command runs. */
#include <errno.h>
#include <error.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "payload/exitstat/exitstat.h"
#include "payload/exitstat/stat_json.h"
#include "lib/table.h"

/* The same as env(1) and shells use */
#define STATUS_CANT_RUN		126
#define STATUS_NOT_FOUND	127
#define STATUS_SIGNAL		128

/* An interrupt from the terminal is meant for the command.  We ignore it, so that we can report. */
static void ignore_interrupts(posix_spawnattr_t *attributes)
{
	sigset_t signals;

	posix_spawnattr_init(attributes);
	sigemptyset(&signals);
	if (signal(SIGINT, SIG_IGN) != SIG_IGN)
		sigaddset(&signals, SIGINT);
	if (signal(SIGQUIT, SIG_IGN) != SIG_IGN)
		sigaddset(&signals, SIGQUIT);
	posix_spawnattr_setsigdefault(attributes, &signals);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF);
}

/* Starts the command.  If it can't, ends the program. */
static pid_t start(char **command)
{
	posix_spawnattr_t attributes;
	int failure;
	pid_t pid;

	ignore_interrupts(&attributes);
	failure = posix_spawnp(&pid, command[0], NULL, &attributes, command, environ);
	if (failure)
		error(failure == ENOENT ? STATUS_NOT_FOUND : STATUS_CANT_RUN, failure,
		      "%s", command[0]);
	posix_spawnattr_destroy(&attributes);
	return pid;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			error(STATUS_SYSTEM, errno, "waitpid");
	if (WIFSIGNALED(status))
		return STATUS_SIGNAL + WTERMSIG(status);
	return WEXITSTATUS(status);
}

static void add_row(struct table *table, const char *name, const struct slot_counts *counts,
		    u64 net)
{
	table_add(table, "%s", name);
	table_add_number(table, counts->count);
	table_add_number(table, net);
	for (u32 clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++)
		table_add_number(table, counts->cycles[clock]);
}

static void print_reasons(const struct snapshot *during)
{
	static const char *const heading[] = {
		"reason", "exits", "net", "kvm", "user", "idle", "preempted",
	};
	struct table table = { .align = "lrrrrrr" };
	u8 slots[KVM_EXIT_TRACE_NR_SLOTS];
	unsigned int nr = slots_sorted(during, slots);

	for (size_t i = 0; i < ARRAY_SIZE(heading); i++)
		table_add(&table, "%s", heading[i]);
	for (unsigned int i = 0; i < nr; i++)
		add_row(&table, snapshot_slot_name(slots[i]), &during->slot[slots[i]],
			snapshot_net(during, slots[i]));
	add_row(&table, "total", &during->sum, snapshot_net(during, KVM_EXIT_TRACE_SLOT_SUM));
	table_print(&table);
	table_free(&table);
}

static void print_text(const struct snapshot *during, const struct options *options)
{
	char own[GROUPED], net[GROUPED], ticks[GROUPED];

	printf("\nexits of the whole VM, all of its processes included, during `%s'\n\n",
	       options->words[0]);
	print_reasons(during);
	printf("\nexitstat's own CPUIDs: %s exits; net of them: %s\n", grouped(own, during->own),
	       grouped(net, snapshot_net(during, KVM_EXIT_TRACE_SLOT_SUM)));
	printf("clocks in %s; elapsed: %s ticks of the TSC\n", options->unit,
	       grouped(ticks, during->tsc));
	if (!during->whole)
		printf("a vCPU exited without a pause: its counts are not of one moment\n");
}

static void print_json(const struct snapshot *during, const struct options *options, int status)
{
	json_t *root = tracer_json(options->unit);
	json_t *command = json_array();

	for (char **word = options->words; *word; word++)
		json_array_append_new(command, json_string(*word));
	json_object_set_new(root, "command", command);
	json_object_set_new(root, "status", json_integer(status));
	json_object_update_new(root, snapshot_json(during, true));
	json_show(root);
}

/* The command owns standard output, so we print to standard error. */
int run_main(const struct options *options)
{
	struct snapshot before, after, during;
	int status;

	snapshot_must(&before);
	status = wait_for(start(options->words));
	snapshot_must(&after);
	snapshot_subtract(&during, &before, &after);
	if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		error(STATUS_SYSTEM, errno, "standard error");
	if (options->json)
		print_json(&during, options, status);
	else
		print_text(&during, options);
	return status;
}
