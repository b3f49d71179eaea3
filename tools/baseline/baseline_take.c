// SPDX-License-Identifier: GPL-2.0-only
/* Makes a baseline of boots. */
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/text.h"
#include "tools/baseline/baseline.h"
#include "tools/trace/check.h"

/* What decides the exits of a boot, of a trace's metadata.  Packages are in l1.lock's hash. */
static const char *const kept[] = {
	"lane", "unit", "exact", "kver", "l1_kernel", "l1_seed", "l1_ram", "l1_cpu", "l1_cpus", "l1_accel",
	"l1_mhz", "emulator", "emulator_sha256", "emulator_firmware", "qemu", "host_kernel", "command",
};

static void keep(json_t *made, const json_t *meta, const char *key)
{
	json_t *value = json_object_get(meta, key);

	if (value)
		json_object_set(made, key, value);
}

/* A line for each file: "BYTES SHA256".  A large file of a host has no hash. */
static json_t *files_of(const json_t *meta)
{
	json_t *files = json_object(), *file;
	char *text;
	size_t i;

	json_array_foreach(json_object_get(meta, "files"), i, file) {
		text = NULL;
		if (asprintf(&text, "%lld %s", (long long)json_integer_value(json_object_get(file, "bytes")),
			     part_text(json_object_get(file, "sha256"))) < 0)
			error(STATUS_UNREADABLE, 0, "memory");
		if (text[strlen(text) - 1] == ' ')
			text[strlen(text) - 1] = '\0';
		json_object_set_new(files, part_path(file), json_text(text));
		free(text);
	}
	return files;
}

static json_t *made_of(const struct boot *boot)
{
	const struct run *run = boot->run;
	const json_t *meta = boot->log.meta;
	json_t *made = json_object(), *l1;
	size_t i;

	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		keep(made, meta, kept[i]);
	if (json_object_get(meta, "l1")) {
		l1 = json_object();
		keep(l1, json_object_get(meta, "l1"), "suite");
		keep(l1, json_object_get(meta, "l1"), "lock");
		json_object_set_new(made, "l1", l1);
	}
	json_object_set_new(made, "files", files_of(meta));
	json_object_set_new(made, "vendor", json_text(run->tracer.vendor));
	json_object_set_new(made, "abi_major", json_u64(run->tracer.abi_major));
	if (run->observer.line)
		json_object_set_new(made, "observer", json_pack("{s:o, s:o}",
			"vcpu", json_u64(run->observer.vcpu),
			"interval", json_u64(run->observer.interval)));
	return made;
}

/* The median, without half an exit.  Returns false if records are missing. */
static bool median(const struct comparison *of, const struct which *which, json_int_t *exits)
{
	struct figure figure = compare_figure(of, which, of->sides.items);
	bool known = !figure.unknown;

	*exits = figure.twice / 2;
	figure_free(&figure);
	return known;
}

static json_t *phase_of(const struct comparison *of, const struct pair *pair)
{
	struct which which = { .by = BY_EXITS, .pair = pair };
	json_t *reasons = json_object(), *before;
	const struct match *match;
	json_int_t all, exits;
	bool known = median(of, &which, &all);
	char label[LOG_TEXT];

	for_each(match, &of->matches) {
		which.match = match;
		known &= median(of, &which, &exits);
		if (!exits)
			continue;
		text_clean(label, compare_label(of, match), true);
		before = json_object_get(reasons, label);
		json_object_set_new(reasons, label, json_integer(exits + json_integer_value(before)));
	}
	if (!known) {
		json_decref(reasons);
		return NULL;
	}
	return json_pack("{s:o, s:I, s:o}", "name", json_text(pair->label), "exits", all, "reasons", reasons);
}

/* Whether a boot was made like the first one.  If not, print a message. */
static bool alike(const struct boot *first, const struct boot *boot)
{
	json_t *notes = alike_notes(&first->log, &boot->log, true);
	bool same = !json_array_size(notes);

	if (!same)
		error(0, 0, "%s: its medians with %s mean nothing: %s", text_shown(boot->path),
		      text_shown(first->path), text_shown(json_string_value(json_array_get(notes, 0))));
	json_decref(notes);
	return same;
}

static enum status usable(const struct comparison *of)
{
	const struct boot *boot;

	for_each(boot, &of->boots) {
		if (check_status(boot->run)) {
			error(0, 0, "%s: it has not passed, or its records have defects: see `bootexits check'",
			      text_shown(boot->path));
			return check_status(boot->run);
		}
		if (!alike(of->boots.items, boot))
			return STATUS_UNREADABLE;
	}
	return STATUS_OK;
}

enum status baseline_take(json_t *root, const struct comparison *of)
{
	const struct pair *pairs = of->pairs.items;
	json_t *phases = json_array(), *phase;
	enum status status = usable(of);
	size_t i;

	for (i = 0; !status && i < of->pairs.nr; i++) {
		phase = phase_of(of, &pairs[i]);
		if (!phase) {
			error(0, 0, "records are missing, so %s is not known: there is no baseline of it",
			      text_shown(pairs[i].label));
			status = STATUS_UNREADABLE;
			break;
		}
		json_array_append_new(phases, phase);
	}
	if (!status) {
		phase = json_incref(json_array_get(phases, --i));
		json_array_remove(phases, i);
		json_object_del(phase, "name");
		json_object_set_new(root, "boots", json_integer(of->boots.nr));
		json_object_set_new(root, "total", phase);
		json_object_set(root, "phases", phases);
		json_object_set_new(root, "made", made_of(of->boots.items));
	}
	json_decref(phases);
	return status;
}
