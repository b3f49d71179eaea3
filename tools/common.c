// SPDX-License-Identifier: GPL-2.0-only
/* What all subcommands share. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bootexits.h"
#include "text.h"

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

error_t parse_one_log(int key, char *arg, struct argp_state *state,
		      const char **path)
{
	switch (key) {
	case ARGP_KEY_ARG:
		if (*path)
			argp_error(state, "more than one log");
		*path = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no log");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

bool parse_number(const char *arg, __u64 max, __u64 *number)
{
	char *end;

	errno = 0;
	*number = strtoull(arg, &end, 10);
	return *arg >= '0' && *arg <= '9' && !*end && !errno && *number <= max;
}

__u64 parse_vcpu(const char *arg, struct argp_state *state)
{
	__u64 vcpu;

	if (!parse_number(arg, -1ULL, &vcpu))
		argp_error(state, "not a vCPU: %s", text_shown(arg));
	return vcpu;
}

const char *parse_unit(const char *arg, struct argp_state *state)
{
	if (strcmp(arg, "cycles") && strcmp(arg, "instructions"))
		argp_error(state, "unit is cycles or instructions, not %s", text_shown(arg));
	return arg;
}
