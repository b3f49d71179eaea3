// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target "html": makes a page of one boot or of two.  The page must have exactly its
 * own elements, and its data must be JSON.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tools/bootexits.h"
#include "tests/fuzz/target.h"

#define DATA	"<script type=\"application/json\" id=\"data\">"

static unsigned int count(const char *page, const char *what)
{
	unsigned int nr = 0;

	while ((page = strcasestr(page, what))) {
		page += strlen(what);
		nr++;
	}
	return nr;
}

static void look(const char *page)
{
	const char *data = strstr(page, DATA), *end;
	json_t *root;

	fuzz_finding(data, "the page has no data");
	data += strlen(DATA);
	end = strstr(data, "</script>");
	fuzz_finding(end && !memchr(data, '<', end - data), "the data end elsewhere");
	root = json_loadb(data, end - data, 0, NULL);
	fuzz_finding(root, "the data are no JSON");
	json_decref(root);
	fuzz_finding(count(page, "<script") == 2 && count(page, "</script") == 2,
		     "the page has another script");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char out[32], *argv[12] = { "html", "-F", "-o", out, NULL }, *page;
	struct fuzz_input input;
	unsigned int i;
	int argc = 4, fd;
	off_t len;

	if (!fuzz_open(&input, data, size))
		return 0;
	fuzz_silence();
	fd = memfd_create("page", 0);
	snprintf(out, sizeof(out), "/proc/self/fd/%d", fd);
	if (input.flags & 1)
		argv[argc++] = "-uinstructions";
	if (input.flags & 2)
		argv[argc++] = "-call";
	for (i = 0; i < input.boots; i++)
		argv[argc++] = input.paths[i];
	html_main(argc, argv);
	len = lseek(fd, 0, SEEK_END);
	if (len > 0) {
		page = calloc(1, len + 1);
		if (pread(fd, page, len, 0) == len)
			look(page);
		free(page);
	}
	close(fd);
	fuzz_close(&input);
	return 0;
}
