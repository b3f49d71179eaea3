// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits bisect': for git bisect run, which wants 0 for good, 1 for bad, 125 for neither. */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/text.h"
#include "tools/baseline/baseline.h"
#include "tools/trace/check.h"

#define TRACE_VARIABLE	"BOOTEXITS_TRACE"

/* git-bisect(1): 125 leaves the commit out, and 128 and more end the bisection. */
enum bisect_status {
	BISECT_GOOD = 0,
	BISECT_BAD = 1,
	BISECT_SKIP = 125,
	BISECT_ABORT = 128,
	BISECT_USAGE = 129,
};

struct call {
	const char *baseline, *good, *output;
	char **command;
	struct compare_options options;
	char directory[PATH_MAX];	/* the temporary one, or "" */
	char trace[PATH_MAX];		/* where COMMAND is to write */
};

static void check_call(const struct call *call, struct argp_state *state)
{
	if (!call->baseline == !call->good)
		argp_error(state, "give --baseline FILE, or --good TRACE");
	if (!call->command)
		argp_error(state, "no COMMAND");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct call *call = state->input;

	switch (key) {
	case 'b':
		call->baseline = arg;
		return 0;
	case 'g':
		call->good = arg;
		return 0;
	case 'o':
		call->output = arg;
		return 0;
	case 'f':
		gate_take(&call->options.gates, arg, gate_parse, state);
		return 0;
	case ARGP_KEY_ARGS:
		call->command = state->argv + state->next;
		return 0;
	case ARGP_KEY_END:
		check_call(call, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

/* COMMAND may change its directory, so the path is absolute. */
static bool choose_trace(struct call *call)
{
	const char *tmp = getenv("TMPDIR");
	char here[PATH_MAX];
	int len;

	if (call->output) {
		if (!getcwd(here, sizeof(here)))
			return false;
		len = snprintf(call->trace, PATH_MAX, "%s%s%s", *call->output == '/' ? "" : here,
			       *call->output == '/' ? "" : "/", call->output);
		return len < PATH_MAX;
	}
	len = snprintf(call->directory, PATH_MAX, "%s/bootexits-bisect.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (len >= PATH_MAX || !mkdtemp(call->directory)) {
		*call->directory = '\0';
		return false;
	}
	return snprintf(call->trace, PATH_MAX, "%s/boot.trace", call->directory) < PATH_MAX;
}

static int remove_one(const char *path, const struct stat *of, int kind, struct FTW *at)
{
	(void)of;
	(void)kind;
	(void)at;
	return remove(path);
}

/* Returns COMMAND's status, as the shell has it. */
static int run(const struct call *call)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		setenv(TRACE_VARIABLE, call->trace, 1);
		execvp(*call->command, call->command);
		error(0, errno, "%s", text_shown(*call->command));
		_exit(127);
	}
	while (pid < 0 || waitpid(pid, &status, 0) < 0)
		if (pid < 0 || errno != EINTR)
			return BISECT_ABORT;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* What tells a new trace from one that was there before COMMAND ran */
static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Whether all boots have passed.  If not, print a message. */
static bool all_passed(const struct comparison *comparison)
{
	const struct boot *boot;

	for_each(boot, &comparison->boots) {
		if (!check_status(boot->run))
			continue;
		error(0, 0, "%s: it has not passed, or its records have defects", text_shown(boot->path));
		return false;
	}
	return true;
}

/* Make A.  Returns a status if the reference can't be used. */
static enum status load_good(struct call *call, struct comparison *comparison)
{
	enum status status;
	json_t *root;

	if (call->baseline) {
		root = baseline_read(call->baseline);
		if (!root || !baseline_side(comparison, &call->baseline, root))
			return STATUS_UNREADABLE;
		return baseline_gates(call->baseline, root, &call->options.gates);
	}
	status = compare_load_side(comparison, &call->good, 1);
	return status || all_passed(comparison) ? status : STATUS_UNREADABLE;
}

/* Runs in a process of its own, so that no error of it can pass for a bad commit. */
static enum status judge(struct call *call)
{
	struct comparison comparison = { .options = &call->options };
	enum status status = load_good(call, &comparison);
	const char *trace = call->trace;

	if (status)
		return status;
	if (compare_load_side(&comparison, &trace, 1) || !all_passed(&comparison))
		return STATUS_SKIP;
	if (baseline_differs(&comparison, call->baseline ? : call->good)) {
		error(0, 0, "so a difference may come from that: boot all commits with one L1");
		return STATUS_UNREADABLE;
	}
	return compare_boots(&comparison);
}

static enum bisect_status judged(struct call *call)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid)
		exit(judge(call));
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return BISECT_ABORT;
	switch (WEXITSTATUS(status)) {
	case STATUS_OK:
		return BISECT_GOOD;
	case STATUS_FAIL:
		return BISECT_BAD;
	case STATUS_SKIP:
		return BISECT_SKIP;
	case STATUS_USAGE:
		return BISECT_USAGE;
	default:
		return BISECT_ABORT;
	}
}

static enum bisect_status bisect(struct call *call)
{
	struct stat before = { .st_ino = 0 }, after;
	int status;

	if (!choose_trace(call)) {
		error(0, errno, "bisect: no place for a trace");
		return BISECT_ABORT;
	}
	stat(call->trace, &before);
	status = run(call);
	if (status >= 128)
		return status;
	if (status) {
		error(0, 0, "%s ended with status %d", text_shown(*call->command), status);
		return BISECT_SKIP;
	}
	if (stat(call->trace, &after) || same_file(&before, &after)) {
		error(0, 0, "%s has written no trace to $" TRACE_VARIABLE, text_shown(*call->command));
		return BISECT_SKIP;
	}
	return judged(call);
}

static void tell(int status)
{
	if (status == BISECT_GOOD)
		puts("bootexits bisect: good");
	else if (status == BISECT_BAD)
		puts("bootexits bisect: bad");
	else if (status == BISECT_SKIP)
		puts("bootexits bisect: this commit can't be judged");
	else
		puts("bootexits bisect: no commit can be judged");
}

static const struct argp_option argp_options[] = {
	{ "baseline", 'b', "FILE", 0, "judge by the baseline in FILE, and its gates", 0 },
	{ "good", 'g', "TRACE", 0, "judge by the good commit's boot: a trace, a directory or a pattern", 0 },
	{ "fail-on", 'f', "GATE", 0, "a commit is bad if GATE is true; may be repeated. The default is the "
	  "gates of FILE. With --good it is any difference", 0 },
	{ "output", 'o', "TRACE", 0, "keep the trace of the last commit in TRACE", 0 },
	{ 0 },
};

static const char doc[] =
	"Judge a commit for `git bisect run' by the exits of its boot.\v"
	"COMMAND builds the commit, boots it, and writes a trace, or a directory of traces, to the path "
	"in $" TRACE_VARIABLE ". bisect itself builds nothing.\n\n"
	"Keep FILE and TRACE outside of the work tree: git changes what is in it.\n\n"
	"Exit status, as git wants it: 0 good; 1 bad; 125 neither, as the boot failed, has defects, or "
	"left no trace; 128 and more ends the bisection: 129 for wrong arguments, and 128 if FILE can't "
	"be read, or the boots have unlike L1s.";

enum status bisect_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "-- COMMAND [ARGUMENT...]",
		.doc = doc,
	};
	static struct call call = { .options = { .by = BY_EXITS } };
	int status;

	argp_err_exit_status = BISECT_USAGE;
	parse_arguments(&argp, argc, argv, ARGP_IN_ORDER, &call);
	status = bisect(&call);
	tell(status);
	if (*call.directory)
		nftw(call.directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(call.options.gates.items);
	return status;
}
