// SPDX-License-Identifier: GPL-2.0-only
/* Stands in for gnuplot: checks its script, and returns a small picture. */
#include <string.h>

#include "tests/fuzz/target.h"
#include "tools/plot/plot.h"
#include "lib/text.h"

enum status __wrap_plot_gnuplot(const char *script, size_t size, struct plot_image *image);

static bool starts(const char *line, const char *with)
{
	return !strncmp(line, with, strlen(with));
}

/*
 * Each line of a text block must begin with a dot.  Otherwise it could end the block, and be a
 * command.
 */
static void look_at_line(const char *line, bool *block)
{
	bool text = *line == '.';

	if (*block)
		fuzz_finding(text || !*line || starts(line, "NaN ") || starts(line, "-") ||
			     (*line >= '0' && *line <= '9') || !strcmp(line, "END"),
			     "a block of gnuplot's has another line");
	if (!strcmp(line, "END"))
		*block = false;
	if (*line == '$' && strstr(line, " << END"))
		*block = true;
}

enum status __wrap_plot_gnuplot(const char *script, size_t size, struct plot_image *image)
{
	char *copy = strndup(script, size), *clean = strdup(script), *line, *next;
	bool block = false;

	for (line = copy; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (starts(line, "# SPDX"))	/* plot.gp, which is ours */
			break;
		text_clean(clean, line, true);
		fuzz_finding(!strcmp(clean, line), "gnuplot's script has what no XML may have");
		look_at_line(line, &block);
	}
	fuzz_finding(!block, "a block of gnuplot's has no end");
	free(copy);
	free(clean);
	image->bytes = strdup("<?xml?>\n<svg></svg>\n");
	image->size = strlen(image->bytes);
	return STATUS_OK;
}
