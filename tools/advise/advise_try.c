// SPDX-License-Identifier: GPL-2.0-only
/*
 * `advise --try RULE': boot in the lab as the trace's boot was, but with the rule's setting, and compare. `make run' of
 * the checkout does it. Its variables come from the trace's command, then from the rule, then from the user. If one
 * comes twice, make takes the last. Anybody can have written the trace and the rule, and make expands variables. So only
 * values that mean nothing to make or a shell are taken.
 */
#include <errno.h>
#include <error.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>

#include "lib/table.h"
#include "lib/text.h"
#include "tools/advise/advise.h"
#include "tools/trace/check.h"
#include "tools/trace/known.h"

#define DIGITS	"0123456789"
#define LETTERS	"abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* A variable that make may get.  Other variables, and other characters of its value, are refused. */
static const struct variable {
	const char *name;
	const char *lab;	/* the lab's name of it (lab/l1/l2.sh), or NULL */
	const char *characters;	/* NULL: the Makefile takes any text as it is */
} variables[] = {
	{ "LANE", NULL, LETTERS }, { "KVER", NULL, DIGITS "." }, { "DIRECT", NULL, DIGITS },
	{ "VCPUS", "vcpus", DIGITS }, { "RAM", "ram", DIGITS }, { "HIST", "hist", DIGITS },
	{ "HISTOGRAM", NULL, DIGITS }, { "SITES", NULL, DIGITS }, { "PAGE", NULL, DIGITS },
	{ "MACHINE", "machine", LETTERS CAPITALS DIGITS "._,=-" }, { "FIRMWARE", "firmware", LETTERS },
	{ "CD", "cd", LETTERS }, { "KVM", "host", LETTERS },
	{ "OPTIONS", "options", NULL }, { "CMDLINE", NULL, NULL }, { "DISK", NULL, NULL }, { "KERNEL", NULL, NULL }, { "INITRD", NULL, NULL },
};

#define NR_VARIABLES	(sizeof(variables) / sizeof(variables[0]))

static const char *const kept[] = { "HISTOGRAM", "SITES", "PAGE" };

/* Returns the VALUE of NAME=VALUE, or NULL if that is another name. */
static const char *value_of(const char *word, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(word, name, len) && word[len] == '=' ? word + len + 1 : NULL;
}

static bool is_harmless(const char *word)
{
	const char *value;
	size_t i;

	for (i = 0; i < NR_VARIABLES; i++) {
		value = value_of(word, variables[i].name);
		if (value)
			return !variables[i].characters || !value[strspn(value, variables[i].characters)];
	}
	return false;
}

static void add(struct list *words, const char *name, const char *value)
{
	char *word;

	if (asprintf(&word, "%s%s", name, value) < 0)
		error(STATUS_UNREADABLE, errno, "memory");
	list_append(words, &word, sizeof(word));
}

/* In the lab's command, QEMU's words have their commas twice. */
static void add_direct(struct list *words, const char *cmdline)
{
	char *once = strdup(cmdline), *to = once;

	if (!once)
		error(STATUS_UNREADABLE, errno, "memory");
	for (; *cmdline; cmdline += strncmp(cmdline, ",,", 2) ? 1 : 2)
		*to++ = *cmdline;
	*to = '\0';
	add(words, "DIRECT=1", "");
	add(words, "CMDLINE=", once);
	free(once);
}

static void add_kept(struct list *words, const char *parameters)
{
	char parameter[64];
	size_t i;

	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		snprintf(parameter, sizeof(parameter), "exit_trace_%s=1", kept[i]);
		if (strcasestr(parameters, parameter))
			add(words, kept[i], "=1");
	}
}

/* @option: NAME=VALUE of the lab's -e */
static void add_option(struct list *words, const char *option)
{
	const char *value;
	size_t i;

	for (i = 0; i < NR_VARIABLES; i++)
		if (variables[i].lab && value_of(option, variables[i].lab))
			add(words, variables[i].name, strchr(option, '='));
	value = value_of(option, "direct");
	if (value)
		add_direct(words, value);
	value = value_of(option, "kvm");
	if (value)
		add_kept(words, value);
}

/* How the trace was made */
static void add_command(struct list *words, const json_t *meta)
{
	const char *lane = json_string_value(json_object_get(meta, "lane"));
	const char *kver = json_string_value(json_object_get(meta, "kver"));
	const json_t *command = json_object_get(meta, "command");
	size_t i, nr = json_array_size(command);
	const char *word, *next;

	add(words, "LANE=", lane ? lane : "amd");
	if (kver)
		add(words, "KVER=", kver);
	for (i = 0; i + 1 < nr; i++) {
		word = json_string_value(json_array_get(command, i));
		next = json_string_value(json_array_get(command, i + 1));
		if (!word || !next)
			continue;
		if (!strcmp(word, "-e"))
			add_option(words, next);
		else if (!strcmp(word, "-d"))
			add(words, "DISK=", next);
	}
}

/* Adds the words of the rule after "make run".  Returns whether it begins so. */
static bool add_attempt(struct list *words, const struct rule *rule)
{
	wordexp_t attempt;
	bool right;
	size_t i;

	if (wordexp(rule->attempt, &attempt, WRDE_NOCMD | WRDE_UNDEF))
		return false;
	right = attempt.we_wordc > 1 && !strcmp(attempt.we_wordv[0], "make") && !strcmp(attempt.we_wordv[1], "run");
	for (i = 2; right && i < attempt.we_wordc; i++)
		add(words, attempt.we_wordv[i], "");
	wordfree(&attempt);
	return right;
}

/* Runs make.  Its output goes to the standard error, because ours is the comparison. */
static enum status run(char **words)
{
	posix_spawn_file_actions_t actions;
	int status, err;
	pid_t pid;
	char **word;

	for (word = words; *word; word++)
		fprintf(stderr, "%s%s", word == words ? "" : " ", text_shown(*word));
	fputc('\n', stderr);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	err = posix_spawnp(&pid, *words, &actions, NULL, words, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (err) {
		error(0, err, "make");
		return STATUS_UNREADABLE;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return STATUS_OK;
	error(0, 0, "make run did not end well: see its messages above");
	return STATUS_UNREADABLE;
}

/* One line: what was promised, and what the boot with the setting saved */
static enum status judge(const struct advise *advise, const struct advice *advice, const char *path)
{
	char promised[GROUPED], saved[GROUPED];
	struct phases phases;
	enum status status;
	struct log log;
	__s64 less;

	status = check_load_one(path, &log);
	if (!status) {
		phases_build(log.runs.items, known_guest(log.runs.items), &phases);
		less = advise->exits - phases.total.all.exits;
		printf("%s: promised %s%s guest exits less, measured %s%s (%.1f%% of the promise)\n\n", advice->rule->id,
		       advice->estimate ? "~" : "", grouped(promised, advice->exits), less < 0 ? "-" : "",
		       grouped(saved, llabs(less)), advice->exits ? 100.0 * less / advice->exits : 0);
		phases_free(&phases);
	}
	log_free(&log);
	return status;
}

static enum status compare(const char *before, const char *after)
{
	const char *const argv[] = { "bootexits compare", before, after, NULL };
	enum status status = compare_main(3, (char **)argv);

	return status == STATUS_FAIL ? STATUS_OK : status;	/* that they differ is the aim */
}

/* Says why these words of the trace and the rule can't be tried, or returns true. */
static bool may_run(const struct advise *advise, const struct list *words)
{
	char **word;

	for_each(word, words) {
		if (is_harmless(*word))
			continue;
		error(0, 0, "%s and its rule want %s, which --try does not give to make", text_shown(advise->path),
		      text_shown(*word));
		return false;
	}
	return true;
}

/* The new trace would replace this one. */
static bool is_same(const char *a, const char *b)
{
	struct stat of, other;

	if (stat(a, &of) || stat(b, &other) || of.st_dev != other.st_dev || of.st_ino != other.st_ino)
		return false;
	error(0, 0, "%s would be replaced by the new boot: rename it first", text_shown(a));
	return true;
}

/* Adds make's words, in front of those in @words, and behind them. */
static char **make_words(struct list *all, const struct list *words, const struct list *settings, const char *build,
			 const char *path)
{
	char *none = NULL, **word;

	add(all, "make", "");
	add(all, "-C", "");
	add(all, CHECKOUT, "");
	add(all, "run", "");
	add(all, "O=", build);
	for_each(word, words)
		add(all, *word, "");
	for_each(word, settings)
		add(all, *word, "");
	add(all, "TRACE=", path);
	list_append(all, &none, sizeof(none));
	return all->items;
}

static void words_free(struct list *words)
{
	char **word;

	for_each(word, words)
		free(*word);
	free(words->items);
}

enum status advise_try(const struct advise *advise, const struct advice *advice, const json_t *meta,
		       const struct list *settings)
{
	const char *source = json_string_value(json_object_get(meta, "source")), *folder = getenv("O");
	char *build = realpath(folder && *folder ? folder : BUILD, NULL), *path = NULL;
	struct list words = { 0 }, all = { 0 };
	enum status status = STATUS_USAGE;

	if (!build)
		error(STATUS_UNREADABLE, errno, "%s", text_shown(folder && *folder ? folder : BUILD));
	if (asprintf(&path, "%s/try-%s.trace", build, advice->rule->id) < 0)
		error(STATUS_UNREADABLE, errno, "memory");
	add_command(&words, meta);
	if (!source || strcmp(source, "lab"))
		error(0, 0, "%s is not of the lab, and --try boots there. Try by hand: %s", text_shown(advise->path),
		      text_shown(advice->rule->setting));
	else if (!add_attempt(&words, advice->rule))
		error(0, 0, "rule %s names no make run. Try by hand: %s", advice->rule->id,
		      text_shown(advice->rule->attempt));
	else if (may_run(advise, &words) && !is_same(advise->path, path))
		status = run(make_words(&all, &words, settings, build, path));
	if (!status)
		status = judge(advise, advice, path);
	if (!status)
		status = compare(advise->path, path);
	words_free(&words);
	words_free(&all);
	free(path);
	free(build);
	return status;
}
