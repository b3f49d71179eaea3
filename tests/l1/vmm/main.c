// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmm COMMAND [ARGUMENT]...: a test of the tracer by a VMM of its own. expect() prints its results.
 * Status: 0 it came to its end, 1 it could not go on, and a line on stderr says why, 2 usage.
 */
#include <err.h>
#include <string.h>

#include "tests/l1/vmm/vmm.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "page", page },
	{ "page-off", page_off },
	{ "page-memory", page_memory },
	{ "page-slots", page_slots },
	{ "page-ends", page_ends },
	{ "page-dirty", page_dirty },
	{ "page-hostile", page_hostile },
	{ "stats-format", stats_format },
	{ "stats-values", stats_values },
	{ "stats-cost", stats_cost },
	{ "policy", policy },
	{ "policy-parameter", policy_parameter },
	{ "policy-level", policy_level },
	{ "policy-storm", policy_storm },
	{ "policy-created", policy_created },
	{ "churn", churn },
	{ "hold", hold },
	{ "neighbours", neighbours },
	{ "switching", switching },
	{ "hotplug", hotplug },
	{ "nested", nested },
	{ "vmfail", vmfail },
	{ "restore", restore },
	{ "restart", restart },
	{ "attached", attached },
	{ "bpf-objects", bpf_objects },
	{ "counted", counted },
};

int main(int argc, char **argv)
{
	unsigned int i;
	int status;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (argc < 2 || strcmp(argv[1], commands[i].name))
			continue;
		test = argv[1];
		status = commands[i].run(argc - 1, argv + 1);
		expect_end();
		return status;
	}
	errx(2, "usage: vmm COMMAND [ARGUMENT]...");
}
