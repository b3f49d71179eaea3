// SPDX-License-Identifier: GPL-2.0-only
/* A target without libFuzzer: runs it once for each file of its arguments. */
#include <error.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/fuzz/target.h"

int main(int argc, char **argv)
{
	static uint8_t data[1 << 20];
	FILE *file;
	size_t len;
	int i;

	for (i = 1; i < argc; i++) {
		file = fopen(argv[i], "r");
		if (!file)
			error(3, errno, "%s", argv[i]);
		len = fread(data, 1, sizeof(data), file);
		fclose(file);
		dprintf(STDERR_FILENO, "%s\n", argv[i]);
		LLVMFuzzerTestOneInput(data, len);
	}
	return argc > 1 ? 0 : 2;
}
