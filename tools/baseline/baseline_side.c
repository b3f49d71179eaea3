// SPDX-License-Identifier: GPL-2.0-only
/* A baseline as the first side of a comparison. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/text.h"
#include "tools/baseline/baseline.h"

static __u64 count_of(const json_t *object, const char *key)
{
	json_int_t count = json_integer_value(json_object_get(object, key));

	return count < 0 ? 0 : count;
}

static void copy_text(char *to, size_t size, const json_t *text)
{
	snprintf(to, size, "%s", part_text(text));
	text_clean(to, to, true);
}

/* Returns the slot of a reason.  A slot means only a name here.  -1: there are too many. */
static int slot_of(struct list *reasons, const char *name)
{
	struct log_reason *reason, new = { .line = 1 };

	for_each(reason, reasons)
		if (!strcmp(reason->name, name))
			return reason->slot;
	if (reasons->nr == KVM_EXIT_TRACE_NR_SLOTS)
		return -1;
	new.slot = reasons->nr;
	snprintf(new.name, sizeof(new.name), "%s", name);
	list_append(reasons, &new, sizeof(new));
	return new.slot;
}

static bool fill_phase(struct phase *phase, struct list *reasons, const json_t *json)
{
	const json_t *count;
	char text[LOG_TEXT];
	const char *name;
	int slot;

	phase->all.exits = count_of(json, "exits");
	json_object_foreach(json_object_get(json, "reasons"), name, count) {
		snprintf(text, sizeof(text), "%s", name);
		text_clean(text, text, true);
		slot = slot_of(reasons, text);
		if (slot < 0)
			return false;
		phase->slots[slot].exits += json_integer_value(count);
	}
	return true;
}

static bool fill_phases(struct phases *phases, struct list *reasons, const json_t *root)
{
	const json_t *rows = json_object_get(root, "phases"), *row;
	const struct log_reason *reason;
	size_t i;

	if (json_array_size(rows) > LOG_MAX_MARKS)
		return false;
	phases->nr = json_array_size(rows);
	phases->rows = calloc(phases->nr, sizeof(*phases->rows));
	if (!phases->rows)
		error(STATUS_UNREADABLE, errno, "memory");
	json_array_foreach(rows, i, row) {
		copy_text(phases->rows[i].label, sizeof(phases->rows[i].label), json_object_get(row, "name"));
		if (!fill_phase(&phases->rows[i], reasons, row))
			return false;
	}
	strcpy(phases->total.label, "total");
	if (!fill_phase(&phases->total, reasons, json_object_get(root, "total")))
		return false;
	for_each(reason, reasons)
		phases->reasons[reason->slot] = reason;
	return true;
}

/* The metadata as a trace has it: the files are an array there. */
static json_t *meta_of(const json_t *made)
{
	json_t *meta = json_copy((json_t *)made), *files = json_array(), *file, *text;
	const char *path;
	char hash[80];
	long long bytes;
	int nr;

	json_object_foreach(json_object_get(made, "files"), path, text) {
		nr = sscanf(part_text(text), "%lld %79s", &bytes, hash);
		if (nr < 1)
			continue;
		file = json_pack("{s:s, s:I}", "path", path, "bytes", (json_int_t)bytes);
		if (nr == 2)
			json_object_set_new(file, "sha256", json_text(hash));
		json_array_append_new(files, file);
	}
	json_object_set_new(meta, "files", files);
	return meta;
}

/* What compare asks of a boot's records */
static void fill_run(struct run *run, const json_t *made)
{
	const json_t *observer = json_object_get(made, "observer");

	run->hello.line = run->verdict.line = run->end.line = run->tracer.line = 1;
	strcpy(run->verdict.result, "pass");
	run->tracer.abi_major = count_of(made, "abi_major");
	copy_text(run->tracer.vendor, sizeof(run->tracer.vendor), json_object_get(made, "vendor"));
	run->observer.line = observer != NULL;
	run->observer.vcpu = count_of(observer, "vcpu");
	run->observer.interval = count_of(observer, "interval");
	run->unobserved = !observer;
}

bool baseline_side(struct comparison *comparison, const char *const *path, const json_t *root)
{
	struct side side = { .name = "A", .argument = *path, .nr = 1 };
	const json_t *made = json_object_get(root, "made");
	struct boot boot = { .path = strdup(*path) };
	struct run run = { .records = 1 };
	bool good;

	if (!boot.path)
		error(STATUS_UNREADABLE, errno, "memory");
	fill_run(&run, made);
	good = fill_phases(&boot.phases, &run.reasons, root);
	boot.log.kind = LOG_SERIAL;
	boot.log.meta = meta_of(made);
	boot.run = list_append(&boot.log.runs, &run, sizeof(run));
	list_append(&comparison->boots, &boot, sizeof(boot));
	side.exact = json_is_true(json_object_get(made, "exact"));
	list_append(&comparison->sides, &side, sizeof(side));
	comparison->baseline = true;
	comparison->by_name = true;
	if (!good)
		error(0, 0, "%s: it has too many phases or reasons", text_shown(*path));
	return good;
}
