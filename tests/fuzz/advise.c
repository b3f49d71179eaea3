// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target "advise": the first file is rules, and the second one a boot.  Without a second one, only
 * the rules are read.  The rest of the first line is a gate.
 */
#include "tests/fuzz/target.h"
#include "tools/advise/advise.h"
#include "tools/trace/check.h"

static void judge(const struct rules *rules, const char *path, const char *gate)
{
	struct advise_gate one = { .exits = 0 };
	struct advise advise = { .path = path };
	struct list gates = { .nr = 0 };
	struct log log;
	json_t *root;
	char *text;

	if (!gate_parse(gate, &one.gate))
		list_append(&gates, &one, sizeof(one));
	if (!check_load_one(path, &log)) {
		advise_build(&advise, &log, rules);
		fuzz_finding(advise.avoidable <= advise.exits, "more exits can be avoided than there are");
		if (advise_gates(&advise, rules, &gates) <= STATUS_FAIL)
			advise_text(&advise, &gates);
		root = advise_json(&advise, &gates);
		text = json_dumps(root, JSON_INDENT(2));
		fuzz_finding(text, "the JSON is none");
		free(text);
		json_decref(root);
		advise_free(&advise);
	}
	log_free(&log);
	free(gates.items);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rules rules = { .rules = { .nr = 0 } };
	struct fuzz_input input;

	if (!fuzz_open(&input, data, size))
		return 0;
	fuzz_silence();
	if ((!(input.flags & 1) || rules_own(&rules)) && rules_load(&rules, input.paths[0]) &&
	    input.boots == 2)
		judge(&rules, input.paths[1], input.word);
	rules_free(&rules);
	fuzz_close(&input);
	return 0;
}
