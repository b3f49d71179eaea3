// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits baseline': the exits that a boot may have, in a file that lives in a repository. */
#include <argp.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/table.h"
#include "lib/text.h"
#include "tools/baseline/baseline.h"

#define OPTION_FORMAT	256	/* as for compare */

/* If there is no --fail-on: boots of the lab repeat, those of a host do not */
#define GATE_EXACT	"total>+0"
#define GATE_HOST	"total>+2%"

enum action {
	ACTION_SAVE,
	ACTION_CHECK,
	ACTION_UPDATE,
	NO_ACTION,
};

static const char *const actions[] = { "save", "check", "update", NULL };

struct call {
	enum action action;
	const char *path;
	struct list traces;	/* const char * */
	struct compare_options options;
	bool formatted;
};

static void check_call(const struct call *call, struct argp_state *state)
{
	if (call->action == NO_ACTION || !call->traces.nr)
		argp_error(state, "it needs save, check or update, then the baseline's FILE, then a TRACE");
	if (call->action != ACTION_CHECK && (call->formatted || call->options.force))
		argp_error(state, "--format and --force are for check");
	if (call->action == ACTION_UPDATE && call->options.gates.nr)
		argp_error(state, "update keeps the gates in the file: edit them there");
}

static error_t parse_word(struct call *call, const char *arg, struct argp_state *state)
{
	int action;

	if (call->action == NO_ACTION) {
		action = word_find(actions, arg);
		if (action < 0)
			argp_error(state, "not save, check or update: %s", text_shown(arg));
		call->action = action;
	} else if (!call->path) {
		call->path = arg;
	} else {
		list_append(&call->traces, &arg, sizeof(arg));
	}
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct call *call = state->input;
	int format;

	switch (key) {
	case 'f':
		gate_take(&call->options.gates, arg, baseline_gate, state);
		return 0;
	case 'F':
		call->options.force = true;
		return 0;
	case OPTION_FORMAT:
		format = compare_format_find(arg);
		if (format < 0)
			argp_error(state, "not text, json, markdown, junit or github: %s", text_shown(arg));
		call->options.format = format;
		call->formatted = true;
		return 0;
	case ARGP_KEY_ARG:
		return parse_word(call, arg, state);
	case ARGP_KEY_END:
		check_call(call, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

/* Check that the gates name what there is.  Prints nothing else, and breaches don't matter. */
static enum status try_gates(const struct call *call, const json_t *root)
{
	struct compare_options options = call->options;
	struct comparison comparison = { .options = &options };
	enum status status = STATUS_UNREADABLE;

	options.gates = (struct list){ NULL, 0 };
	if (baseline_side(&comparison, &call->path, root))
		status = compare_load_side(&comparison, call->traces.items, call->traces.nr);
	if (!status)
		status = baseline_gates(call->path, root, &options.gates);
	if (!status) {
		compare_build(&comparison);
		status = compare_gates(&comparison);
	}
	compare_free(&comparison);
	free(options.gates.items);
	return status > STATUS_FAIL ? status : STATUS_OK;
}

static __u64 total_of(const json_t *root)
{
	return json_integer_value(json_object_get(json_object_get(root, "total"), "exits"));
}

/* A new baseline has at least one gate.  Whoever wants none removes it from the file. */
static void add_gate(json_t *root)
{
	json_t *gates = json_object_get(root, "gates"), *made = json_object_get(root, "made");

	if (!json_array_size(gates))
		json_array_append_new(gates, json_string(json_is_true(json_object_get(made, "exact")) ?
							 GATE_EXACT : GATE_HOST));
}

/* Set the counts of a baseline by the traces, and write it. */
static enum status write_counts(const struct call *call, json_t *root)
{
	struct comparison comparison = { .options = &call->options };
	bool was = json_object_get(root, "total");
	char before[GROUPED], now[GROUPED];
	enum status status;

	grouped(before, total_of(root));
	status = compare_load_side(&comparison, call->traces.items, call->traces.nr);
	if (!status) {
		compare_build(&comparison);
		status = baseline_take(root, &comparison);
	}
	compare_free(&comparison);
	if (!status && !was)
		add_gate(root);
	status = status ? : try_gates(call, root);
	status = status ? : baseline_write(call->path, root);
	if (!status)
		printf("%s: %s%s%s guest exits\n", text_shown(call->path), was ? before : "",
		       was ? " -> " : "", grouped(now, total_of(root)));
	return status;
}

static enum status save_baseline(const struct call *call)
{
	json_t *gates = json_array(), *root;
	const struct gate *gate;
	enum status status;

	if (!access(call->path, F_OK)) {
		error(0, 0, "%s: it exists: use `bootexits baseline update'", text_shown(call->path));
		json_decref(gates);
		return STATUS_UNREADABLE;
	}
	for_each(gate, &call->options.gates)
		json_array_append_new(gates, json_string(gate->text));
	root = json_pack("{s:i, s:o}", "bootexits_baseline", BASELINE_FORMAT, "gates", gates);
	status = write_counts(call, root);
	json_decref(root);
	return status;
}

/* Say if the new boot was made with another L1, so that its reviewers know. */
static enum status tell_origin(const struct call *call, const json_t *root)
{
	struct compare_options options = { .force = true };
	struct comparison comparison = { .options = &options };
	enum status status = STATUS_UNREADABLE;

	if (baseline_side(&comparison, &call->path, root))
		status = compare_load_side(&comparison, call->traces.items, call->traces.nr);
	if (!status)
		baseline_differs(&comparison, call->path);
	compare_free(&comparison);
	return status;
}

static enum status update_baseline(const struct call *call)
{
	json_t *root = baseline_read(call->path);
	enum status status;

	if (!root)
		return STATUS_UNREADABLE;
	status = tell_origin(call, root);
	if (!status)
		status = write_counts(call, root);
	json_decref(root);
	return status;
}

static enum status check_baseline(struct call *call)
{
	struct comparison comparison = { .options = &call->options };
	json_t *root = baseline_read(call->path);
	enum status status = STATUS_UNREADABLE;

	if (root)
		status = baseline_gates(call->path, root, &call->options.gates);
	if (!status)
		status = baseline_check(&comparison, &call->path, root, &call->traces);
	compare_free(&comparison);
	json_decref(root);
	return status;
}

static const struct argp_option argp_options[] = {
	{ "fail-on", 'f', "GATE", 0, "save: write GATE into the file. check: judge by GATE, too. May be "
	  "repeated. The default for save is " GATE_EXACT " for a boot of the lab, and else " GATE_HOST, 0 },
	{ "force", 'F', NULL, 0, "check: judge a boot that was made with another L1, too", 0 },
	{ "format", OPTION_FORMAT, "FORMAT", 0, "check: print text (default), json, markdown for a comment, "
	  "junit, or github, which are workflow commands", 0 },
	{ 0 },
};

static const char doc[] =
	"Keep the exits that a boot may have in a small file, which lives in a repository, and check "
	"later boots by it.\v"
	"  save    write the exits of a boot to FILE, which must be new, with gates\n"
	"  check   compare a boot with FILE, and fail if one of FILE's gates is breached\n"
	"  update  write the exits of a boot to FILE, and keep its gates and your own keys\n\n"
	"A TRACE may also be a log, a directory or a pattern, as for compare. Of several boots, the "
	"medians count.\n\n"
	"FILE is JSON (docs/ci.md). It has the guest exits by phase and reason, one number a line, the "
	"gates, and what the boot was made of: its L1, emulator, KVM and files. You edit the gates "
	"there. A gate is that of compare, without time and without `and significant'. Without any "
	"gate, each difference is a failure.\n\n"
	"If the boot was made with another L1, emulator or lane, a difference may come from that. check "
	"then says so first, and judges nothing.\n\n"
	"Exit status of check: 0 no gate is breached; 1 one is, or a log has defects; 2 wrong "
	"arguments, or a gate names what no boot has; 3 a file can't be read, or the boot was made with "
	"another L1; 4 the boot's verdict is skip.";

enum status baseline_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "save FILE TRACE...\n"
			    "check FILE TRACE...\n"
			    "update FILE TRACE...",
		.doc = doc,
	};
	struct call call = { .action = NO_ACTION, .options = { .by = BY_EXITS } };
	enum status status;

	parse_arguments(&argp, argc, argv, 0, &call);
	if (call.action == ACTION_SAVE)
		status = save_baseline(&call);
	else if (call.action == ACTION_UPDATE)
		status = update_baseline(&call);
	else
		status = check_baseline(&call);
	free(call.traces.items);
	free(call.options.gates.items);
	return status;
}
