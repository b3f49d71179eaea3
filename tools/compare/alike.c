// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "tools/compare/alike.h"
#include "tools/bootexits.h"
#include "tools/trace/known.h"
#include "lib/table.h"
#include "lib/text.h"

#define MAX_SHOWN	5	/* differences of a part in its line */

static const struct run *run_of(const struct log *log)
{
	return log->runs.items;
}

/* Whether both have the same vendor and ABI major.  If not, print a message. */
static bool same_slots(const char *base_path, const struct log *base, const char *path,
		       const struct log *log, bool force)
{
	const struct log_tracer *a = &run_of(base)->tracer, *b = &run_of(log)->tracer;
	bool vendors = strcmp(a->vendor, b->vendor);

	if (a->line && b->line && !vendors && a->abi_major == b->abi_major)
		return true;
	if (force)
		return false;
	if (!a->line || !b->line)
		error(0, 0, "%s: its host record is missing, so its vendor is unknown: use --force to match reasons by name",
		      text_shown(a->line ? path : base_path));
	else if (vendors)
		error(0, 0, "%s: %s and %s have no reasons in common: use --force to match them by name",
		      text_shown(path), a->vendor, b->vendor);
	else
		error(0, 0, "%s: ABI %llu and ABI %llu may number reasons differently: use --force to match them by name",
		      text_shown(path), a->abi_major, b->abi_major);
	return false;
}

const json_t *alike_says(const struct log *log, const char *key)
{
	return json_object_get(log->meta, key);
}

static const char *text_of(const json_t *value)
{
	const char *text = json_string_value(value);

	if (json_is_boolean(value))
		return json_is_true(value) ? "yes" : "no";
	return text ? text_shown(text) : "something else";
}

/* Only traces say where they were made.  A log always passes. */
static bool same_origin(const char *base_path, const struct log *base, const char *path,
			const struct log *log)
{
	static const char * const keys[] = { "lane", "exact", "unit" };
	const json_t *a, *b;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		a = alike_says(base, keys[i]);
		b = alike_says(log, keys[i]);
		if (!a || !b || json_equal(a, b))
			continue;
		error(0, 0, "%s: %s is %s, but in %s it is %s: use --force to compare anyway",
		      text_shown(path), keys[i], text_of(b), text_shown(base_path),
		      text_of(a));
		return false;
	}
	return true;
}

/* Of a boot that was attached to late, the first phase is only a part of it. */
static bool from_start(const char *path, const struct log *log)
{
	if (!run_of(log)->attached.unseen)
		return true;
	error(0, 0, "%s: was attached to late, so its first phase is not whole: use --force to compare anyway",
	      text_shown(path));
	return false;
}

bool alike_refuse(const char *base_path, const struct log *base, const char *path,
		  const struct log *log, bool force, bool *by_name)
{
	bool same = same_slots(base_path, base, path, log, force);

	if (!same && by_name)
		*by_name = true;
	return !force && !(same && same_origin(base_path, base, path, log) &&
			   from_start(base_path, base) && from_start(path, log));
}

/* Only a trace of the lab says what the whole boot is made of. */
static const json_t *origin_of(const struct log *log)
{
	return alike_says(log, "kver") ? log->meta : NULL;
}

#define OBSERVER_TEXT	96

/* If an observer shares a CPU, its polls cause guest exits. */
static const char *observer_of(char text[OBSERVER_TEXT], const struct log *log)
{
	const struct run *run = run_of(log);
	struct phases_view view = known_guest(run);
	char interval[GROUPED];

	if (view.whose == PHASES_ALL)
		return "none";
	if (view.whose == PHASES_UNTOLD)
		return "unknown";
	if (run->observer.line)
		snprintf(text, OBSERVER_TEXT, "on vCPU %llu, every %s us", view.vcpu,
			 grouped(interval, run->observer.interval));
	else
		snprintf(text, OBSERVER_TEXT, "on vCPU %llu", view.vcpu);
	return text;
}

static void add_observer(json_t *what, const struct log *a, const struct log *b)
{
	char texts[2][OBSERVER_TEXT];
	const char *of_a = observer_of(texts[0], a), *of_b = observer_of(texts[1], b);

	if (strcmp(of_a, of_b))
		part_add(what, "%s / %s", of_a, of_b);
}

json_t *alike_part(enum part_number number, const struct log *a, const struct log *b)
{
	const json_t *of_a = origin_of(a), *of_b = origin_of(b);
	json_t *what = json_array();

	if (number == PART_OBSERVER)
		add_observer(what, a, b);
	else if (!of_a != !of_b && number == PART_L1)
		part_add(what, "only one trace says what it is made of");
	else if (!of_a != !of_b)
		return what;
	else if (of_a)
		compare_parts[number].add(what, of_a, of_b);
	else if (number == PART_LANE && a->meta && b->meta)
		compare_parts[number].add(what, a->meta, b->meta);
	return what;
}

/* Returns the first texts of an array, and the number of the others.  The caller frees it. */
static char *list_of(const json_t *what)
{
	size_t nr = json_array_size(what), shown = nr > MAX_SHOWN ? MAX_SHOWN - 1 : nr, i, size;
	char *list;
	FILE *out = open_memstream(&list, &size);

	if (!out)
		error(STATUS_UNREADABLE, errno, "compare");
	for (i = 0; i < shown; i++)
		fprintf(out, "%s%s", i ? ", " : "", json_string_value(json_array_get(what, i)));
	if (shown < nr)
		fprintf(out, ", and %zu more", nr - shown);
	fclose(out);
	return list;
}

/* The JSON has the texts that don't fit into a line. */
void alike_print_list(const json_t *what)
{
	char *list = list_of(what);

	puts(text_shown(list));
	free(list);
}

static void add_note(json_t *notes, const char *name, json_t *what)
{
	char *list;

	if (json_array_size(what)) {
		list = list_of(what);
		part_add(notes, "%s differs: %s", name, list);
		free(list);
	}
	json_decref(what);
}

json_t *alike_notes(const struct log *a, const struct log *b, bool tested)
{
	const struct log_tracer *of_a = &run_of(a)->tracer, *of_b = &run_of(b)->tracer;
	json_t *notes = json_array();
	int i;

	if (!of_a->line || !of_b->line)
		part_add(notes, "a host record is missing, so a vendor is unknown: reasons are matched by name only");
	else if (strcmp(of_a->vendor, of_b->vendor))
		part_add(notes, "the vendor differs: %s / %s: reasons are matched by name only",
			 of_a->vendor, of_b->vendor);
	for (i = 0; i < NR_PARTS; i++)
		if (tested || !compare_parts[i].tested)
			add_note(notes, compare_parts[i].name, alike_part(i, a, b));
	return notes;
}
