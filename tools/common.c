// SPDX-License-Identifier: GPL-2.0-only
/* Shared by all subcommands. */
#include <dirent.h>
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/bootexits.h"
#include "lib/output.h"
#include "lib/text.h"

enum status status_worse(enum status a, enum status b)
{
	static const unsigned char severity[] = {
		[STATUS_OK] = 0,
		[STATUS_SKIP] = 1,
		[STATUS_FAIL] = 2,
		[STATUS_UNREADABLE] = 3,
		[STATUS_USAGE] = 4,
	};

	return severity[a] < severity[b] ? b : a;
}

const char *trace_path(const char *arg)
{
	return strcmp(arg, "-") ? arg : TRACE_STDOUT;
}

void refuse_terminal(const char *path, const struct argp_state *state)
{
	if (!strcmp(path, TRACE_STDOUT) && isatty(STDOUT_FILENO))
		argp_error(state, "refusing to write a trace to a terminal; use -o FILE");
}

enum status save(const char *path, char *bytes, size_t size)
{
	int err = output_write(path, bytes, size);

	free(bytes);
	if (err)
		error(0, 0, "%s: %s", text_shown(path), output_error(err));
	return err ? STATUS_UNREADABLE : STATUS_OK;
}

static error_t parse_help(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != 'h')
		return ARGP_ERR_UNKNOWN;
	argp_state_help(state, state->out_stream, ARGP_HELP_STD_HELP);
	return 0;
}

void parse_arguments(const struct argp *argp, int argc, char **argv, unsigned int flags,
		     void *input)
{
	static const struct argp_option options[] = {
		{ NULL, 'h', NULL, OPTION_HIDDEN, NULL, 0 }, { 0 },
	};
	static const struct argp help = { .options = options, .parser = parse_help };
	static const struct argp_child children[] = { { .argp = &help }, { 0 } };
	struct argp with_help = *argp;

	with_help.children = children;
	argp_parse(&with_help, argc, argv, flags, NULL, input);
}

error_t parse_one_log(int key, char *arg, struct argp_state *state,
		      const char **path)
{
	switch (key) {
	case ARGP_KEY_ARG:
		if (*path)
			argp_error(state, "more than one FILE");
		*path = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no FILE");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

const char *program_beside(const char *name)
{
	static char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path));
	char *end = len < 0 ? NULL : memrchr(path, '/', len);

	if (!end || end + 1 + strlen(name) >= path + sizeof(path))
		return NULL;
	strcpy(end + 1, name);
	return path;
}

bool any_link(const char *directory, bool (*wanted)(const char *target, const void *data), const void *data)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	bool found = false;
	char target[64];
	ssize_t len;

	while (dir && !found && (entry = readdir(dir))) {
		len = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);
		target[len < 0 ? 0 : len] = '\0';
		found = wanted(target, data);
	}
	if (dir)
		closedir(dir);
	return found;
}

int word_find(const char *const words[], const char *word)
{
	int i;

	for (i = 0; words[i]; i++)
		if (!strcmp(word, words[i]))
			return i;
	return -1;
}

bool parse_number(const char *arg, __u64 max, __u64 *number)
{
	char *end;

	errno = 0;
	*number = strtoull(arg, &end, 10);
	return *arg >= '0' && *arg <= '9' && !*end && !errno && *number <= max;
}

const char *parse_unit(const char *arg, struct argp_state *state)
{
	if (strcmp(arg, "cycles") && strcmp(arg, "instructions") && strcmp(arg, "ns"))
		argp_error(state, "--unit takes cycles, instructions or ns, not %s", text_shown(arg));
	return arg;
}
