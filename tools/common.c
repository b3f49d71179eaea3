// SPDX-License-Identifier: GPL-2.0-only
/* What all subcommands share. */
#include "bootexits.h"

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
