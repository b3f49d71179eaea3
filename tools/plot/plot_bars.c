// SPDX-License-Identifier: GPL-2.0-only
/* The phases of boots as stacked bars, and the colour of each reason. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/plot/plot.h"
#include "lib/table.h"

#define KEY	145	/* pixels of a name in the key */

struct colour {
	const char *fill, *text;	/* text: a colour as a number */
};

/*
 * The colours of common reasons.  Any two of the first nine and the grey are at
 * least 18 apart (CIE76), also for people who are blind to red, green or blue
 * (Machado and others, 2009).
 */
static const struct {
	struct colour colour;
	const char *names[5];
} common[] = {
	{ { "#3b7fc4", "16777215" }, { "io", "IO_INSTRUCTION" } },
	{ { "#dfb12d", "0" }, { "interrupt", "EXTERNAL_INTERRUPT" } },
	{ { "#845116", "16777215" }, { "npf", "EPT_VIOLATION" } },
	{ { "#972484", "16777215" }, { "cpuid", "CPUID" } },
	{ { "#90c7f6", "0" }, { "msr", "MSR_READ" } },
	{ { "#a3264c", "16777215" }, { "cr0_sel_write", "CR_ACCESS" } },
	{ { "#5731d5", "16777215" }, { "vintr", "INTERRUPT_WINDOW", "PENDING_INTERRUPT" } },
	{ { "#50e3b6", "0" }, { "hlt", "HLT" } },
	{ { "#4eb356", "0" }, { "write_cr4", "MSR_WRITE" } },
	{ { "#689215", "0" }, { "EPT_MISCONFIG", "write_cr0" } },
	{ { "#a4d061", "0" }, { "PREEMPTION_TIMER", "read_cr0" } },
};

/* The colours of all other reasons, by name.  Two of these may have the same colour. */
static const struct colour rare[] = {
	{ "#7b5ea7", "16777215" }, { "#9bbf85", "0" }, { "#c98bdb", "0" },
	{ "#4f9d9d", "16777215" }, { "#b3589a", "16777215" }, { "#d9b38c", "0" },
};

static const struct colour leftover = { "#8b939c", "0" };

struct reason {
	char name[EXPORT_REASON];
	struct colour colour;
	__u64 exits;
};

/* The reasons of a picture, the most frequent first, and the slots of each file. */
struct reasons {
	struct list all;		/* struct reason */
	size_t of[PLOT_FILES][KVM_EXIT_TRACE_NR_SLOTS];
	size_t shown;			/* the number with a colour of their own */
};

/* A phase by name, and its row in each file.  NULL: the file doesn't have it. */
struct row {
	const char *label;
	const struct phase *phases[PLOT_FILES];
};

static struct colour colour_of(const char *name)
{
	unsigned int hash = 2166136261u;	/* FNV-1a */
	size_t i, j;

	for (i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		for (j = 0; j < 5 && common[i].names[j]; j++)
			if (!strcmp(name, common[i].names[j]))
				return common[i].colour;
	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return rare[hash % (sizeof(rare) / sizeof(rare[0]))];
}

static struct reason *find_reason(const struct list *all, const char *name)
{
	struct reason *reason;

	for_each(reason, all)
		if (!strcasecmp(reason->name, name))
			return reason;
	return NULL;
}

static int more_exits(const void *a, const void *b)
{
	const struct reason *first = a, *second = b;

	if (first->exits != second->exits)
		return first->exits < second->exits ? 1 : -1;
	return strcmp(first->name, second->name);
}

/* Returns the exits of the phases in which they are known. */
static __u64 exits_of(const struct phases *phases, unsigned int slot)
{
	__u64 exits = 0;
	size_t i;

	for (i = 0; i < phases->nr; i++)
		exits += phases->rows[i].slots[slot].exits;
	return exits;
}

/* Collect all reasons that are drawn, sorted by the exits of all files. */
static void collect(const struct plot *plot, struct reasons *reasons)
{
	const struct phases *phases;
	struct reason new, *reason;
	unsigned int file, slot;
	__u64 exits;

	for (file = 0; file < plot->nr; file++) {
		phases = &plot->files[file].phases;
		for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
			exits = exits_of(phases, slot);
			if (!phases->reasons[slot] || !exits)
				continue;
			export_reason(new.name, phases, slot);
			reason = find_reason(&reasons->all, new.name);
			new.colour = colour_of(new.name);
			new.exits = 0;
			if (!reason)
				reason = list_append(&reasons->all, &new, sizeof(new));
			reason->exits += exits;
		}
	}
	if (reasons->all.nr)
		qsort(reasons->all.items, reasons->all.nr, sizeof(new), more_exits);
	reasons->shown = reasons->all.nr > PLOT_REASONS ? PLOT_REASONS : reasons->all.nr;
}

static void number(const struct plot *plot, struct reasons *reasons)
{
	const struct reason *all = reasons->all.items, *reason;
	char text[EXPORT_REASON];
	unsigned int file, slot;

	for (file = 0; file < plot->nr; file++)
		for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
			if (!plot->files[file].phases.reasons[slot])
				continue;
			export_reason(text, &plot->files[file].phases, slot);
			reason = find_reason(&reasons->all, text);
			if (reason)
				reasons->of[file][slot] = reason - all;
		}
}

/* Collect the first file's phases in their order, then those that only later files have. */
static void collect_rows(const struct plot *plot, struct list *rows)
{
	const struct phases *phases;
	unsigned int file, other;
	struct row row;
	size_t i, j;

	for (file = 0; file < plot->nr; file++) {
		phases = &plot->files[file].phases;
		for (i = 0; i < phases->nr && rows->nr < PLOT_PHASES; i++) {
			row.label = phases->rows[i].label;
			for (j = 0; j < rows->nr; j++)
				if (!strcmp(((struct row *)rows->items)[j].label, row.label))
					break;
			if (j < rows->nr)
				continue;
			for (other = 0; other < plot->nr; other++)
				row.phases[other] = phases_row(&plot->files[other].phases,
							       row.label);
			list_append(rows, &row, sizeof(row));
		}
	}
}

/* Print one bar: a segment for each reason.  Reasons without a colour of their own share one. */
static void print_bar(FILE *out, const struct reasons *reasons, unsigned int file,
		      const struct phase *phase, size_t row)
{
	__u64 counts[PLOT_REASONS + 1] = { 0 }, from = 0;
	size_t slot, i;

	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		i = reasons->of[file][slot];
		counts[i < PLOT_REASONS ? i : PLOT_REASONS] += phase->slots[slot].exits;
	}
	for (i = 0; i <= PLOT_REASONS; i++) {
		if (!counts[i])
			continue;
		fprintf(out, "%u %zu %zu %llu %llu\n", file + 1, row + 1, i + 1,
			from, from + counts[i]);
		from += counts[i];
	}
}

/* The names at the left of the bars, and those that are upright above, have @room pixels. */
static void print_short(FILE *out, const struct list *rows, unsigned int room)
{
	const struct row *row;

	fputs("$short << END\n", out);
	for_each(row, rows)
		plot_cut(out, row->label, room);
	fputs("END\n$phase_px << END\n", out);
	for_each(row, rows)
		fprintf(out, "%u\n", plot_pixels(row->label));
	fprintf(out, "END\nroom = %u\n", room);
}

static void print_rows(FILE *out, const struct plot *plot, const struct reasons *reasons,
		       const struct list *rows)
{
	const struct row *first = rows->items, *row;
	char text[GROUPED];
	unsigned int file;
	__u64 max = 1;

	fputs("$segments << END\n1 1 1 0 0\n", out);
	for_each(row, rows)
		for (file = 0; file < plot->nr; file++)
			if (row->phases[file])
				print_bar(out, reasons, file, row->phases[file], row - first);
	fputs("END\n$totals << END\n", out);
	for_each(row, rows)
		for (file = 0; file < plot->nr; file++) {
			if (!row->phases[file])
				continue;
			if (row->phases[file]->all.exits > max)
				max = row->phases[file]->all.exits;
			fprintf(out, "%u %zu %llu %s\n", file + 1, row - first + 1,
				row->phases[file]->all.exits,
				phases_know(row->phases[file], PHASE_EXITS) ?
				grouped(text, row->phases[file]->all.exits) : "?");
		}
	fprintf(out, "END\nbar_max = %llu.0\nphases = %zu\n$phase << END\n", max, rows->nr);
	for_each(row, rows)
		plot_text(out, row->label);
	fputs("END\n", out);
	print_short(out, rows, plot->nr == 1 ? 104 : 84);
}

static void print_reasons(FILE *out, const struct reasons *reasons)
{
	static const char *const blocks[] = { "reason", "colour", "lit" };
	const struct reason *all = reasons->all.items, *reason;
	bool other = reasons->shown < reasons->all.nr || !reasons->shown;
	size_t i;

	for (i = 0; i < 3; i++) {
		fprintf(out, "$%s << END\n", blocks[i]);
		for (reason = all; reason < all + reasons->shown; reason++)
			plot_text(out, i == 0 ? reason->name : i == 1 ?
				  reason->colour.fill : reason->colour.text);
		if (other)
			plot_text(out, i == 0 ? "all others" : i == 1 ?
				  leftover.fill : leftover.text);
		fputs("END\n", out);
	}
	fputs("$key << END\n", out);
	for (reason = all; reason < all + reasons->shown; reason++)
		plot_cut(out, reason->name, KEY);
	fprintf(out, "%sEND\n$reason_px << END\n", other ? ".all others\n" : "");
	for (reason = all; reason < all + reasons->shown; reason++)
		fprintf(out, "%u\n", plot_pixels(reason->name));
	fprintf(out, "%sEND\nreasons = %zu\n", other ? "80\n" : "", reasons->shown + other);
}

void plot_bars(FILE *out, const struct plot *plot)
{
	struct reasons reasons = { .shown = 0 };
	struct list rows = { 0 };

	collect(plot, &reasons);
	number(plot, &reasons);
	collect_rows(plot, &rows);
	print_reasons(out, &reasons);
	print_rows(out, plot, &reasons, &rows);
	free(reasons.all.items);
	free(rows.items);
}
