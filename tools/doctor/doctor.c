// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits doctor': what a host can do, what it lacks, and how to fix that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "tools/bootexits.h"
#include "tools/doctor/doctor.h"
#include "lib/text.h"

static const char doc[] =
	"Say whether this host can trace boots, on its own CPU or in the lab. Print what is missing, "
	"and the command that fixes it. doctor changes nothing.\v"
	"A line begins with `ok', `no' (it is missing), `?' (something else must come first) or `-' "
	"(a fact that is neither good nor bad).\n\n"
	"The values of --ready:\n"
	"  run    trace now, on this host's CPU, as `make run ACCEL=kvm' does\n"
	"  bpf    count by BPF now, on this host's CPU, as `bootexits record --bpf' does\n"
	"  build  build patched modules for the running kernel\n"
	"  load   change KVM's modules\n"
	"  lab    build the lab\n"
	"\n"
	"Exit status: 0 the host can trace on its own CPU, 1 only in the lab, 3 not even there. "
	"With --ready: 0 ready, 3 not ready.";

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ "ready", 'r', "WHAT", 0, "print only the first thing that is missing for WHAT, if any", 0 },
	{ "root", 'R', "DIR", 0, "look at the host whose files are in DIR", 0 },
	{ 0 },
};

static const struct {
	const char *name;
	unsigned int needs;
} readies[] = {
	{ "run", NEED_RUN },
	{ "bpf", NEED_BPF },
	{ "build", NEED_BUILD },
	{ "load", NEED_LOAD },
	{ "lab", NEED_LAB },
};

struct arguments {
	const char *root;
	const char *ready;
	unsigned int needs;
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	size_t i;

	switch (key) {
	case 'j':
		arguments->json = true;
		return 0;
	case 'R':
		arguments->root = strcmp(arg, "/") ? arg : "";
		return 0;
	case 'r':
		for (i = 0; i < sizeof(readies) / sizeof(readies[0]); i++)
			if (!strcmp(arg, readies[i].name))
				arguments->needs = readies[i].needs;
		if (!arguments->needs)
			argp_error(state, "--ready takes run, bpf, build, load or lab, not %s", text_shown(arg));
		arguments->ready = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument: %s", text_shown(arg));
		return 0;
	case ARGP_KEY_END:
		if (arguments->ready && arguments->json)
			argp_error(state, "use either --ready or --json");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static enum status judge(const struct host *host)
{
	if (!doctor_unmet(host, NEED_HARDWARE) || !doctor_unmet(host, NEED_BPF))
		return STATUS_OK;
	return doctor_unmet(host, NEED_LAB) ? STATUS_UNREADABLE : STATUS_FAIL;
}

static const char *verdict(const struct host *host)
{
	switch (judge(host)) {
	case STATUS_OK:
		return doctor_unmet(host, NEED_HARDWARE) ? "counts by BPF on its own CPU" :
							   "traces on its own CPU";
	case STATUS_FAIL:
		return "traces in the lab only";
	default:
		return "can't trace, not even in the lab";
	}
}

static enum status tell_ready(const struct host *host, const struct arguments *arguments)
{
	const struct finding *finding = doctor_unmet(host, arguments->needs);

	if (!finding)
		return STATUS_OK;
	fprintf(stderr, "bootexits doctor: not ready to %s: %s: %s%s%s%s\n", arguments->ready,
		finding->name, finding->text, *finding->fix ? " (" : "", finding->fix,
		*finding->fix ? ")" : "");
	return STATUS_UNREADABLE;
}

static void print_text(const struct host *host)
{
	static const char * const words[] = {
		[STATE_OK] = "ok",
		[STATE_MISSING] = "no",
		[STATE_UNKNOWN] = "?",
		[STATE_NOTE] = "-",
	};
	const struct finding *finding;

	text_fit();
	for_each(finding, &host->findings) {
		printf("%-3s %-11s %s\n", words[finding->state], finding->name,
		       text_shown(finding->text));
		if (*finding->fix)
			printf("%-15s -> %s\n", "", text_shown(finding->fix));
	}
	printf("This host %s.\n", verdict(host));
}

static void print_json(const struct host *host)
{
	static const char * const words[] = {
		[STATE_OK] = "ok",
		[STATE_MISSING] = "missing",
		[STATE_UNKNOWN] = "unknown",
		[STATE_NOTE] = "note",
	};
	json_t *findings = json_array(), *ready = json_object();
	const struct finding *finding;
	size_t i;

	for_each(finding, &host->findings)
		json_array_append_new(findings, json_pack("{s:s, s:s, s:o, s:o}",
			"name", finding->name, "state", words[finding->state],
			"text", json_text(finding->text),
			"fix", *finding->fix ? json_text(finding->fix) : json_null()));
	for (i = 0; i < sizeof(readies) / sizeof(readies[0]); i++)
		json_object_set_new(ready, readies[i].name,
				    json_boolean(!doctor_unmet(host, readies[i].needs)));
	json_show(json_pack("{s:i, s:s, s:o, s:o, s:o}", "status", judge(host),
			    "verdict", verdict(host), "kernel", json_text(host->release),
			    "ready", ready, "findings", findings));
}

enum status doctor_main(int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse, .doc = doc };
	struct arguments arguments = { .root = "" };
	enum status status;
	struct host host;

	parse_arguments(&argp, argc, argv, 0, &arguments);
	doctor_examine(&host, arguments.root);
	if (arguments.ready) {
		status = tell_ready(&host, &arguments);
	} else {
		status = judge(&host);
		if (arguments.json)
			print_json(&host);
		else
			print_text(&host);
	}
	doctor_free(&host);
	return status;
}
