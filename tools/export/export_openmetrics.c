// SPDX-License-Identifier: GPL-2.0-only
/*
 * OpenMetrics 1.0, and Prometheus's older text format 0.0.4, which node_exporter
 * reads from files.  There is a sample per phase and reason, family by family.
 */
#include <ctype.h>
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "tools/bootexits.h"
#include "tools/export/export.h"
#include "lib/text.h"

/* The run, phase and reason of a sample. */
struct sample {
	const struct export *export;
	const struct export_run *item;
	const struct phase *row;
};

/* A family of samples.  Their names begin with the family's name. */
struct family {
	const char *name, *type, *unit, *help;
	void (*print)(const struct sample *sample);
};

/* Only a newline has an escape.  Replace other controls, because they could reach a terminal. */
static void print_label(const char *name, const char *value)
{
	char *text = malloc(strlen(value) * 2 + 1), *out = text;

	if (!text)
		error(STATUS_UNREADABLE, errno, "export");
	for (; *value; value++) {
		if (*value == '"' || *value == '\\' || *value == '\n')
			*out++ = '\\';
		*out++ = *value == '\n' ? 'n' : *value;
	}
	*out = '\0';
	text_clean(text, text, true);
	printf("%s=\"%s\"", name, text);
	free(text);
}

bool export_label(struct list *labels, const char *text)
{
	static const char *const ours[] = {
		"file", "run", "vendor", "phase", "reason", "clock", "abi", "vcpus", "tsc_khz",
		"start", "linux", "verdict", "truncated", "unseen", "view",
	};
	struct export_label label = { text, strcspn(text, "=") }, *other;
	size_t i;

	if (!text[label.len] || !label.len || isdigit((unsigned char)*text) ||
	    !strncmp(text, "__", 2))
		return false;
	for (i = 0; i < label.len; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '_')
			return false;
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strlen(ours[i]) == label.len && !memcmp(ours[i], text, label.len))
			return false;
	for_each(other, labels)
		if (other->len == label.len && !memcmp(other->text, text, label.len))
			return false;
	list_append(labels, &label, sizeof(label));
	return true;
}

/*
 * Print the labels that tell a file's samples from those of another: its full path,
 * and the user's own labels.  The brace stays open.
 */
static void print_origin(const char *name, const struct export *export,
			 const struct export_run *item)
{
	const struct export_label *label;

	printf("%s{", name);
	print_label("file", export->path);
	for_each(label, &export->labels) {
		printf(",%.*s", (int)label->len, label->text);
		print_label("", label->text + label->len + 1);
	}
	print_label(",run", item->name);
}

/* Print the labels that each sample has.  The brace stays open. */
static void print_labels(const char *name, const struct sample *sample)
{
	char text[VIEW_TEXT];

	print_origin(name, sample->export, sample->item);
	print_label(",view", view_key(text, sample->export->view));
	print_label(",vendor", sample->item->run->tracer.vendor);
	print_label(",phase", sample->row->label);
}

static void print_exits(const struct sample *sample)
{
	char text[EXPORT_REASON];
	unsigned int slot;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		if (!sample->row->slots[slot].exits)
			continue;
		print_labels("bootexits_exits_total", sample);
		print_label(",reason", export_reason(text, &sample->item->phases, slot));
		printf("} %llu\n", sample->row->slots[slot].exits);
	}
}

static void print_cycles(const struct sample *sample)
{
	unsigned int slot, clock;
	char text[EXPORT_REASON];

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++)
		for (clock = 0; clock < export_clocks_nr(sample->row); clock++) {
			if (!sample->row->slots[slot].cycles[clock])
				continue;
			print_labels("bootexits_cycles_total", sample);
			print_label(",reason", export_reason(text, &sample->item->phases, slot));
			print_label(",clock", export_clock(sample->row, clock));
			printf("} %llu\n", sample->row->slots[slot].cycles[clock]);
		}
}

static void print_guest(const struct sample *sample)
{
	if (!sample->row->elapsed)
		return;
	print_labels("bootexits_guest_cycles_total", sample);
	printf("} %llu\n", sample->row->in_guest);
}

static void print_elapsed(const struct sample *sample)
{
	if (!sample->row->elapsed)
		return;
	print_labels("bootexits_elapsed_cycles_total", sample);
	printf("} %llu\n", sample->row->elapsed);
}

static void print_self(const struct sample *sample)
{
	if (sample->export->view->whose != VIEW_GUEST || !phases_know(sample->row, PHASE_EXITS))
		return;
	print_labels("bootexits_self_exits_total", sample);
	printf("} %llu\n", sample->row->self);
}

static void print_induced(const struct sample *sample)
{
	if (!phases_know(sample->row, PHASE_INDUCED))
		return;
	print_labels("bootexits_induced_exits_total", sample);
	printf("} %llu\n", sample->row->induced);
}

static void print_observer(const struct sample *sample)
{
	if (sample->export->view->whose != VIEW_GUEST ||
	    known_guest(sample->item->run).whose != PHASES_ALL_BUT ||
	    !phases_know(sample->row, PHASE_EXITS))
		return;
	print_labels("bootexits_observer_exits_total", sample);
	printf("} %llu\n", sample->row->observer);
}

static void print_duration(const struct sample *sample)
{
	if (!sample->item->run->tracer.tsc_khz || !phases_know(sample->row, PHASE_TIME))
		return;
	print_labels("bootexits_phase_seconds", sample);
	fputs("} ", stdout);
	export_seconds(phases_ticks(sample->row), sample->item->run->tracer.tsc_khz);
	putchar('\n');
}

static const struct family families[] = {
	{ "bootexits_exits", "counter", "exits",
	  "VM exits of the vCPUs that the label view names: guest_exits leaves out the observer's.", print_exits },
	{ "bootexits_cycles", "counter", "cycles",
	  "Ticks of the host's TSC from exit to entry, by clock.",
	  print_cycles },
	{ "bootexits_guest_cycles", "counter", "cycles",
	  "Ticks of the host's TSC in the guest.", print_guest },
	{ "bootexits_elapsed_cycles", "counter", "cycles",
	  "Ticks of the host's TSC, of all clocks and of the guest.", print_elapsed },
	{ "bootexits_self_exits", "counter", "exits",
	  "VM exits that only measuring caused.", print_self },
	{ "bootexits_induced_exits", "counter", "exits",
	  "VM exits that only the observer's timer caused on other vCPUs.", print_induced },
	{ "bootexits_observer_exits", "counter", "exits",
	  "VM exits of the observer's vCPU.", print_observer },
	{ "bootexits_phase_seconds", "gauge", "seconds",
	  "How long a phase took.", print_duration },
};

/* In plain text, a family has the name of its samples, and no unit. */
static void print_family(const struct export *export, const struct family *family, bool plain)
{
	const char *total = plain && !strcmp(family->type, "counter") ? "_total" : "";
	struct sample sample = { .export = export };
	size_t i;

	printf("# TYPE %s%s %s\n", family->name, total, family->type);
	if (!plain)
		printf("# UNIT %s %s\n", family->name, family->unit);
	printf("# HELP %s%s %s\n", family->name, total, family->help);
	for_each(sample.item, &export->runs) {
		for (i = 0; i < sample.item->phases.nr; i++) {
			sample.row = &sample.item->phases.rows[i];
			/* Print no name twice.  A sound log has none twice. */
			if (phases_row(&sample.item->phases, sample.row->label) == sample.row)
				family->print(&sample);
		}
	}
}

/* Use a gauge in both formats, because readers of plain text refuse the type "info". */
static void print_info(const struct export *export)
{
	struct export_fact facts[EXPORT_FACTS];
	const struct export_run *item;
	size_t nr, i;

	puts("# TYPE bootexits_run_info gauge\n# HELP bootexits_run_info What was booted, and how it ended.");
	for_each(item, &export->runs) {
		print_origin("bootexits_run_info", export, item);
		nr = export_facts(item->run, facts);
		for (i = 0; i < nr; i++) {
			putchar(',');
			print_label(facts[i].name, facts[i].value);
		}
		puts("} 1");
	}
}

static void print_all(const struct export *export, bool plain)
{
	char *path = realpath(strcmp(export->path, "-") ? export->path : "/dev/stdin", NULL);
	struct export whole = *export;
	size_t i;

	if (path)
		whole.path = path;
	print_info(&whole);
	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		print_family(&whole, &families[i], plain);
	free(path);
}

void export_prometheus(const struct export *export)
{
	print_all(export, true);
}

void export_openmetrics(const struct export *export)
{
	print_all(export, false);
	puts("# EOF");
}
