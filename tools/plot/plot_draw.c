// SPDX-License-Identifier: GPL-2.0-only
/* Makes gnuplot's script: variables and data blocks, followed by plot/plot.gp. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>

#include "tools/plot/plot.h"
#include "tools/trace/samples.h"
#include "lib/table.h"
#include "lib/text.h"

#define FONT		13	/* pixels of an em in plot.gp */
#define PLOT_WIDE	760	/* pixels from its left axis to its right end */

/* tools/plot/plot.gp, put into the program by the linker */
extern const char _binary_plot_plot_gp_start[], _binary_plot_plot_gp_end[];

/* Width in hundredths of an em, from DejaVu Sans.  A rare letter counts as the widest. */
static unsigned int width_of(const char *text, size_t *size)
{
	__u32 code;

	*size = text_character(text, &code);
	if (!*size)
		*size = 1;
	if (strchr("fijlrtI.,:;|!'()[]{}-/ *", *text))
		return 42;
	return strchr("mwMWOQ@%<>=+~^&#", *text) || *size > 1 ? 100 : 70;
}

unsigned int plot_pixels(const char *text)
{
	unsigned int width = 0;
	size_t size;

	for (; *text; text += size)
		width += width_of(text, &size);
	return (width * FONT + 99) / 100;
}

/* gnuplot doesn't interpret lines of a block.  An SVG must be UTF-8 without control characters. */
void plot_cut(FILE *out, const char *text, unsigned int room)
{
	char *clean = strdup(text), *end;
	unsigned int width = FONT * 100;	/* the ellipsis */
	size_t size;

	if (!clean)
		error(STATUS_UNREADABLE, errno, "plot");
	text_clean(clean, text, true);
	if (plot_pixels(clean) <= room) {
		fprintf(out, ".%s\n", clean);
	} else {
		for (end = clean; *end; end += size) {
			width += FONT * width_of(end, &size);
			if (width > room * 100)
				break;
		}
		fprintf(out, ".%.*s\xe2\x80\xa6\n", (int)(end - clean), clean);
	}
	free(clean);
}

void plot_text(FILE *out, const char *text)
{
	plot_cut(out, text, -1U);
}

static void print_title(FILE *out, const struct plot *plot)
{
	const struct run *run = plot->files[0].run;
	const struct phase *total = &plot->files[0].phases.total;
	char text[LOG_MESSAGE + LOG_TEXT], exits[GROUPED], whose[VIEW_TEXT];

	view_text(whose, plot->files[0].view);
	if (plot->title)
		snprintf(text, sizeof(text), "%s", plot->title);
	else if (plot->nr > 1)
		snprintf(text, sizeof(text), "%s of %u boots%s%.150s", whose, plot->nr,
			 plot->differ ? "; " : "", plot->differ ? plot->differ : "");
	else
		snprintf(text, sizeof(text), "%.60s: %s %s in %.2f s (%s%s%.*s)",
			 plot_base_name(plot->files[0].path), phases_know(total, PHASE_EXITS) ?
			 grouped(exits, total->all.exits) : "?", whose,
			 plot_seconds(&plot->files[0], total->end_tsc), run->tracer.vendor,
			 run->booted.line ? ", Linux " : "",
			 (int)strcspn(run->booted.version, " "), run->booted.version);
	fputs("$title << END\n", out);
	plot_cut(out, text, PLOT_WIDE);
	fputs("END\n", out);
}

static void print_marks(FILE *out, const struct plot_file *file, unsigned int number)
{
	const struct phase *mark = file->phases.marks;
	size_t i;

	fprintf(out, "$marks%u << END\n0 0\n", number);
	for (i = 0; i < file->phases.nr && i < PLOT_PHASES; i++, mark++)
		if (phases_know(mark, PHASE_EXITS))
			fprintf(out, "%.6f %llu\n", plot_seconds(file, mark->end_tsc), mark->all.exits);
	fputs("END\n", out);
}

/* The axes end at the last mark or sample of any boot. */
static double print_ends(FILE *out, const struct plot *plot)
{
	const struct log_sample *last;
	const struct plot_file *file;
	double end = 1e-6;
	__u64 exits = 1;
	size_t i;

	for (file = plot->files; file < plot->files + plot->nr; file++) {
		last = samples_last(file->run);
		if (plot_seconds(file, plot_end(file)) > end)
			end = plot_seconds(file, plot_end(file));
		for (i = 0; i < file->phases.nr; i++)
			if (file->phases.marks[i].all.exits > exits)
				exits = file->phases.marks[i].all.exits;
		if (last && last->others > exits)
			exits = last->others;
	}
	fprintf(out, "end = %.6f\nexits_max = %llu.0\n", end, exits);
	return end;
}

static void print_bands(FILE *out, const struct plot_file *file)
{
	const struct phases *phases = &file->phases;
	__u64 begin, end;
	size_t i;

	fputs("$bands << END\n", out);
	for (i = 0; i < phases->nr && i < PLOT_PHASES; i++) {
		end = phases->marks[i].end_tsc;
		begin = phases_know(&phases->rows[i], PHASE_TIME) ? phases->rows[i].begin_tsc : end;
		fprintf(out, "%.6f %.6f\n", plot_seconds(file, begin), plot_seconds(file, end));
	}
	fputs("END\n", out);
}

static void print_data(FILE *out, const struct plot *plot)
{
	char text[LOG_MESSAGE];
	unsigned int i;
	double end;

	fprintf(out, "png = %d\nname = \"%s\"\nfiles = %u\nwhose = \"%s\"\n", plot->png, plot->name,
		plot->nr, view_text(text, plot->files[0].view));
	print_title(out, plot);
	fputs("$file << END\n", out);
	for (i = 0; i < plot->nr; i++) {
		snprintf(text, sizeof(text), "%c  %.120s", 'A' + i, plot->files[i].path);
		plot_cut(out, text, PLOT_WIDE - 60);
	}
	fputs("END\n", out);
	end = print_ends(out, plot);
	print_bands(out, &plot->files[0]);
	for (i = 0; i < plot->nr; i++) {
		print_marks(out, &plot->files[i], i + 1);
		plot_curve(out, &plot->files[i], i + 1, end);
	}
	if (plot->nr == 1)
		plot_rate(out, &plot->files[0]);
	plot_bars(out, plot);
}

/* gnuplot gives each part of an SVG a number as its title.  A browser would show it, so drop it. */
static void drop_titles(struct plot_image *image)
{
	static const char begin[] = "<title>", end[] = "</title>";
	char *at = image->bytes, *to;

	while ((at = strstr(at, begin))) {
		to = strstr(at, end);
		if (!to)
			return;
		to += strlen(end);
		if (!memmem(at, to - at, "_plot_", 6)) {
			at = to;
			continue;
		}
		image->size -= to - at;
		memmove(at, to, strlen(to) + 1);
	}
}

enum status plot_draw(const struct plot *plot, struct plot_image *image)
{
	enum status status;
	char *script;
	size_t size;
	FILE *out;

	out = open_memstream(&script, &size);
	if (!out)
		error(STATUS_UNREADABLE, errno, "plot");
	print_data(out, plot);
	fwrite(_binary_plot_plot_gp_start, 1,
	       _binary_plot_plot_gp_end - _binary_plot_plot_gp_start, out);
	if (fclose(out))
		error(STATUS_UNREADABLE, errno, "plot");
	status = plot_gnuplot(script, size, image);
	free(script);
	if (!status && !plot->png)
		drop_titles(image);
	return status;
}

const char *plot_lacks(const struct run *run)
{
	const struct log_phase *mark, *last = NULL;

	if (!run->tracer.line)
		return "no host record, so there are no seconds";
	if (!run->tracer.tsc_khz)
		return "no tsc_khz, so there are no seconds";
	for_each(mark, &run->phases) {
		if (last && mark->tsc < last->tsc)
			return "the TSC goes back between marks, so there is no axis of time";
		last = mark;
	}
	return run->phases.nr ? NULL : "no phases, so there is nothing to draw";
}
