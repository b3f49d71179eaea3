// SPDX-License-Identifier: GPL-2.0-only
/* Advice on one run, from its log and the rules. */
#include <errno.h>
#include <error.h>
#include <stdio.h>
#include <stdlib.h>

#include "tools/advise/advise.h"
#include "tools/trace/known.h"
#include "tools/trace/sites.h"

/* Returns the words of a trace's command, with a blank before and after each. */
static char *command_of(const struct log *log)
{
	const json_t *words = json_object_get(log->meta, "command"), *word;
	char *text = NULL;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		error(STATUS_UNREADABLE, errno, "memory");
	putc(' ', out);
	json_array_foreach(words, i, word)
		if (json_is_string(word))
			fprintf(out, "%s ", json_string_value(word));
	fclose(out);
	return text;
}

void advise_build(struct advise *advise, const struct log *log, const struct rules *rules)
{
	advise->run = log->runs.items;
	advise->unit = log_unit(log);
	advise->command = command_of(log);
	phases_build(advise->run, known_guest(advise->run), &advise->phases);
	sites_build(advise->run, known_guest(advise->run), &advise->sites);
	if (advise->files)
		symbols_place(&advise->symbols, advise->files, advise->run);
	advise_cells(advise);
	advise_judge(advise, rules);
}

void advise_free(struct advise *advise)
{
	struct advice *advice;

	for_each(advice, &advise->advice)
		free(advice->cells.items);
	phases_free(&advise->phases);
	free(advise->command);
	free(advise->sites.items);
	symbols_free(&advise->symbols);
	free(advise->cells.items);
	free(advise->advice.items);
	free(advise->applied.items);
}
