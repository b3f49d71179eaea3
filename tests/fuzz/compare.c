// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target "compare": compares two boots, or one with itself, in each format.
 * The rest of the first line is a gate.
 */
#include "tools/compare/compare.h"
#include "tests/fuzz/target.h"

enum { VCPU = 1, FORCE = 2, THREE = 4, BY = 8, DELTA = 64 };

static void compare(struct comparison *comparison)
{
	enum compare_format format;
	json_t *root;
	char *text;

	compare_origin(comparison);
	compare_copies(comparison);
	compare_build(comparison);
	compare_families(comparison);
	if (compare_gates(comparison) > STATUS_FAIL)
		return;
	compare_text(comparison);
	for (format = FORMAT_MARKDOWN; format < FORMATS; format++)
		compare_format(comparison, format);
	root = compare_json(comparison);
	text = json_dumps(root, JSON_INDENT(2));
	fuzz_finding(text, "the JSON is none");
	free(text);
	json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct compare_options options = { .by = BY_EXITS };
	struct comparison comparison = { .options = &options };
	struct fuzz_input input;
	struct gate gate;
	const char *path;
	size_t i;

	if (!fuzz_open(&input, data, size))
		return 0;
	fuzz_silence();
	options.view.whose = input.flags & VCPU ? VIEW_ONE : VIEW_GUEST;
	options.by = input.flags / BY % NR_MEASURES;
	options.by_delta = input.flags & DELTA;
	options.force = input.flags & FORCE;
	for (i = 0; i < (input.flags & THREE ? 3 : 2); i++) {
		path = input.paths[i % input.boots];
		list_append(&options.arguments, &path, sizeof(path));
	}
	if (!gate_parse(input.word, &gate))
		list_append(&options.gates, &gate, sizeof(gate));
	if (!compare_load(&comparison))
		compare(&comparison);
	compare_free(&comparison);
	free(options.arguments.items);
	free(options.gates.items);
	fuzz_close(&input);
	return 0;
}
