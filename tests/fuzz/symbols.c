// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target "symbols": the first file has symbols, and the second one is a boot, which is printed with
 * these symbols.  The first byte chooses how, and the phases and the offset of the symbols.
 */
#include <string.h>

#include "tests/fuzz/target.h"
#include "tools/bootexits.h"

/* A list of phases that is none would end the program. */
static const char *const phases[] = { "", "kernel=", "firmware,bootloader=", "userspace=" };

static const struct {
	enum status (*subcommand)(int argc, char **argv);
	const char *option;
} prints[] = {
	{ report_main, "--sites=3" }, { report_main, "--json" }, { report_main, "--no-chart" },
	{ export_main, "--format=folded" }, { export_main, "--format=chrome" },
	{ export_main, "--format=csv" }, { advise_main, "--json" }, { advise_main, "--fail-on=total>1" },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char symbols[96], *argv[] = { "fuzz", "--symbols", symbols, NULL, NULL, NULL };
	struct fuzz_input input;
	size_t i;

	if (!fuzz_open(&input, data, size))
		return 0;
	fuzz_silence();
	snprintf(symbols, sizeof(symbols), "%s%s%s", phases[input.flags % 4], input.paths[0],
		 input.flags & 4 ? "@0x200000" : "");
	if (input.boots == 2) {
		i = input.flags / 8 % (sizeof(prints) / sizeof(prints[0]));
		argv[3] = (char *)prints[i].option;
		argv[4] = input.paths[1];
		prints[i].subcommand(5, argv);
	}
	fuzz_close(&input);
	return 0;
}
