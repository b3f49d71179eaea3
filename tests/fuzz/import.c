// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target "import": makes a trace of a recording's text, and reads it back.  Whatever the text says,
 * the trace's numbers add up.  The rest of the first line is --pid.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/target.h"
#include "tools/import/import.h"
#include "tools/trace/check.h"

/* The records' own numbers go on from one input to the next, so they are no finding. */
static void look(const char *path)
{
	const struct log_defect *defect;
	struct run *run;
	struct log log;

	fuzz_finding(!check_load(path, LOG_SERIAL, &log), "the trace can't be read");
	for_each(run, &log.runs)
		for_each(defect, &run->defects)
			fuzz_finding(!strstr(defect->text, "add up") && !strstr(defect->text, "less than") &&
				     !strstr(defect->text, "not KEY=VALUE"), defect->text);
	log_free(&log);
}

static void import_text(struct import *import)
{
	char path[32];
	int fd = memfd_create("trace", 0);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	import_count(import);
	fuzz_finding(import->after <= import->exits, "more exits after the last mark than there are");
	import_unknown(import, "text");
	import_write(import, path);
	look(path);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct import_file file = { .path = "text" };
	struct import import = { .last = 0 };
	struct fuzz_input input;
	__u64 pid;

	if (!fuzz_open(&input, data, size))
		return 0;
	fuzz_silence();
	file.text = fopen(input.paths[0], "r");
	list_append(&import.files, &file, sizeof(file));
	if (parse_number(input.word, 0x7fffffff, &pid) && pid)
		list_append(&import.pids, &(__u32){ pid }, sizeof(__u32));
	if (file.text && !import_survey(&import))
		import_text(&import);
	import_close(&import);
	free(import.pids.items);
	fuzz_close(&input);
	return 0;
}
