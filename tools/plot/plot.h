/* SPDX-License-Identifier: GPL-2.0-only */
/* Pictures of boots, drawn by gnuplot: `bootexits plot', and those in an HTML page. */
#ifndef BOOTEXITS_PLOT_H
#define BOOTEXITS_PLOT_H

#include "tools/bootexits.h"
#include "tools/export/export.h"
#include "tools/trace/view.h"

#define PLOT_FILES	8	/* drawn side by side; there are as many colours */
#define PLOT_REASONS	8	/* with a colour of their own in a picture; the others share one */
#define PLOT_PHASES	40	/* drawn of a boot */
#define PLOT_COLUMNS	400	/* of a curve; each has at most two points */
#define PLOT_BINS	380	/* of the rate */

/* A boot: the one run of a log, and its phases.  view says whose exits they have. */
struct plot_file {
	const char *path;
	const struct run *run;
	struct phases phases;
	const struct view *view;
};

/* One file: its phases over time.  Several files: their phases side by side. */
struct plot {
	const struct plot_file *files;
	unsigned int nr;		/* 1 to PLOT_FILES */
	const char *title;		/* NULL: made from the files */
	const char *differ;		/* how the boots differ, for the title; or NULL */
	const char *name;		/* the ids in an SVG begin with this */
	bool png;
};

/* What gnuplot drew.  The caller frees bytes. */
struct plot_image {
	char *bytes;
	size_t size;
};

/** plot_lacks() - why a run can't be drawn, or NULL if it can */
const char *plot_lacks(const struct run *run);

/**
 * plot_draw() - have gnuplot draw a picture
 *
 * With the same version of gnuplot, the same input gives the same bytes.
 *
 * Return: STATUS_OK, or STATUS_UNREADABLE after a message if there is no gnuplot,
 * or if it failed.
 */
enum status plot_draw(const struct plot *plot, struct plot_image *image);

/** plot_end() - time of a boot's last sample or mark, in ticks; never 0 */
__u64 plot_end(const struct plot_file *file);

/** plot_base_name() - the part of a path after its last slash */
const char *plot_base_name(const char *path);

/** plot_seconds() - convert ticks of the TSC to seconds of this boot */
double plot_seconds(const struct plot_file *file, __u64 ticks);

/** plot_curve() - write $curve@number: the samples up to @end, thinned to PLOT_COLUMNS */
void plot_curve(FILE *out, const struct plot_file *file, unsigned int number, double end);

/** plot_rate() - write $rate, $mean and rate_max: exits per second, in PLOT_BINS */
void plot_rate(FILE *out, const struct plot_file *file);

/** plot_bars() - write the bars of phases by reason, and the names of both */
void plot_bars(FILE *out, const struct plot *plot);

/** plot_pixels() - estimate a text's width in gnuplot's sans-serif of 13 pixels */
unsigned int plot_pixels(const char *text);

/** plot_cut() - as plot_text(), of a text that is cut, and then ends with "â¦", if it is wider than @room pixels */
void plot_cut(FILE *out, const char *text, unsigned int room);

/** plot_text() - write a line of a block of texts: a dot, and @text made printable */
void plot_text(FILE *out, const char *text);

/** plot_gnuplot() - run gnuplot on a script; returns as plot_draw() does */
enum status plot_gnuplot(const char *script, size_t size, struct plot_image *image);

#endif /* BOOTEXITS_PLOT_H */
