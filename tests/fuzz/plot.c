// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target "plot": makes the input of gnuplot for pictures of one boot or of two.  The
 * rest of the first line is their title.
 */
#include "tools/bootexits.h"
#include "tests/fuzz/target.h"

enum { TITLE = 1, PNG = 2, ALL = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input;
	char *argv[12] = { "plot", "-o/dev/null", "-F", NULL };
	unsigned int i;
	int argc = 3;

	if (!fuzz_open(&input, data, size))
		return 0;
	fuzz_silence();
	argv[argc++] = input.flags & PNG ? "-fpng" : "-fsvg";
	if (input.flags & ALL)
		argv[argc++] = "-call";
	if (input.flags & TITLE) {
		argv[argc++] = "-t";
		argv[argc++] = input.word;
	}
	for (i = 0; i < input.boots; i++)
		argv[argc++] = input.paths[i];
	plot_main(argc, argv);
	fuzz_close(&input);
	return 0;
}
