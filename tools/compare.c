// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits compare': what differs between two boots, exit by exit. */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "compare.h"

static enum status build_side(const struct compare_options *options, struct side *side)
{
	struct phases_view view = { .whose = PHASES_ALL };

	if (options->one && !phases_vcpu(side->run, side->path, options->vcpu, &view))
		return STATUS_UNREADABLE;
	phases_build(side->run, view, &side->phases);
	return STATUS_OK;
}

/* Slots mean the same only in traces of one vendor and one major of the ABI. */
static enum status match_sides(struct comparison *comparison)
{
	const struct log_tracer *a = &comparison->sides[0].run->tracer;
	const struct log_tracer *b = &comparison->sides[1].run->tracer;
	bool vendors = strcmp(a->vendor, b->vendor);

	comparison->by_name = vendors || a->abi_major != b->abi_major;
	if (!comparison->by_name || comparison->options->force)
		return STATUS_OK;
	if (vendors)
		error(0, 0, "%s and %s have no reasons in common: --force would compare anyway, by name",
		      *a->vendor ? a->vendor : "no vendor",
		      *b->vendor ? b->vendor : "no vendor");
	else
		error(0, 0, "ABI %llu and ABI %llu may number reasons differently: --force would compare anyway, by name",
		      a->abi_major, b->abi_major);
	return STATUS_UNREADABLE;
}

static enum status build(struct comparison *comparison)
{
	struct side *sides = comparison->sides;
	enum status status = STATUS_OK;
	unsigned int i;

	for (i = 0; i < 2; i++)
		status = status_worse(status, build_side(comparison->options, &sides[i]));
	if (status)
		return status;
	for (i = 0; i < 2; i++) {
		if (sides[i].phases.nr)
			continue;
		error(0, 0, "%s: no phases", sides[i].path);
		return STATUS_UNREADABLE;
	}
	status = match_sides(comparison);
	if (status)
		return status;
	compare_build(comparison);
	return STATUS_OK;
}

/* With gates it's for them to say which difference is a failure. */
static enum status compare(struct comparison *comparison)
{
	const struct compare_options *options = comparison->options;
	const struct side *side;
	enum status status;

	status = build(comparison);
	if (status)
		return status;
	status = compare_gates(comparison);
	if (status == STATUS_USAGE)
		return status;
	if (!options->gates.nr && !comparison->equal)
		status = STATUS_FAIL;
	if (options->json)
		json_show(compare_json(comparison));
	else
		compare_text(comparison);
	for (side = comparison->sides; side < comparison->sides + 2; side++) {
		if (side->run->nr_defects)
			error(0, 0, "%s: %llu defects, see `bootexits check'",
			      side->path, side->run->nr_defects);
		status = status_worse(status, check_status(side->run));
	}
	return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct compare_options *options = state->input;
	struct gate gate;
	char *end;

	switch (key) {
	case 'c':
		errno = 0;
		options->vcpu = strtoull(arg, &end, 10);
		if (*arg < '0' || *arg > '9' || *end || errno)
			argp_error(state, "not a vCPU: %s", arg);
		options->one = true;
		return 0;
	case 'f':
		if (!gate_parse(arg, &gate))
			argp_error(state, "not a gate: %s", arg);
		list_append(&options->gates, &gate, sizeof(gate));
		return 0;
	case 'F':
		options->force = true;
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 1)
			argp_error(state, "more than two logs");
		options->paths[state->arg_num] = arg;
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num < 2)
			argp_error(state, "two logs are needed");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option argp_options[] = {
	{ "vcpu", 'c', "N", 0, "of this vCPU only; the one of a VM that has no other is 0", 0 },
	{ "fail-on", 'f', "GATE", 0, "fail if GATE is true, and else don't; may be repeated", 0 },
	{ "force", 'F', NULL, 0,
	  "compare logs of different vendors or ABIs: reasons are matched by name only", 0 },
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 },
};

static const char doc[] =
	"Print which exits differ between two boots, by phase and reason.\v"
	"Of all vCPUs, an observer's too, unless --vcpu is given.\n\n"
	"GATE is `NAME OP [+-]N[%]', for example `total>+0' or `kernel.io>+1%'. NAME is a phase, a "
	"reason (in all phases), or PHASE.REASON, as the table prints them, `total' and `all' too; "
	"a word that is both a phase and a reason is the phase, and total.WORD the reason. OP is "
	">, >=, <, <= or !=. It judges B - A, in exits or in percent of A's; from 0 to any is more "
	"than any percentage. A phase that only one log has is a breach, and so is each gate of "
	"the total or of a reason in all phases if the boots end with different phases. A NAME "
	"that neither log has is a wrong argument.\n\n"
	"Status 0: equal in every phase and reason, or with gates: none is breached; 1: they differ, "
	"or a gate is breached, or a log has defects; 2: wrong arguments; 3: they can't be compared.";

enum status compare_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "A.log B.log",
		.doc = doc,
	};
	struct compare_options options = { .one = false };
	struct comparison comparison = { .options = &options };
	enum status status = STATUS_OK;
	struct side *side;
	unsigned int i;

	argp_parse(&argp, argc, argv, 0, NULL, &options);
	for (i = 0; i < 2; i++) {
		side = &comparison.sides[i];
		side->path = options.paths[i];
		status = status_worse(status, check_load_one(side->path, &side->log));
		side->run = side->log.runs.items;
	}
	if (!status)
		status = compare(&comparison);
	for (i = 0; i < 2; i++) {
		phases_free(&comparison.sides[i].phases);
		log_free(&comparison.sides[i].log);
	}
	free(comparison.matches.items);
	free(comparison.pairs.items);
	free(comparison.gates.items);
	free(options.gates.items);
	return status;
}
