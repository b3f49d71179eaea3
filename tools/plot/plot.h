/* SPDX-License-Identifier: GPL-2.0-only */
/* Pictures of boots, drawn by gnuplot: `bootexits plot', and those in an HTML page. */
#ifndef BOOTEXITS_PLOT_H
#define BOOTEXITS_PLOT_H

#include "bootexits.h"
#include "export.h"
#include "view.h"

#define PLOT_FILES	8	/* that are drawn side by side: as many colours */
#define PLOT_REASONS	8	/* that have a colour in a picture; the rest is "other" */
#define PLOT_PHASES	40	/* that are drawn of a boot */
#define PLOT_COLUMNS	400	/* of a curve: two points in each at most */
#define PLOT_BINS	380	/* of the rate */

/* A boot: the one run of a log, and its phases; whose exits they have, view says. */
struct plot_file {
	const char *path;
	const struct run *run;
	struct phases phases;
	const struct view *view;
};

/* Of one file its phases over time; of several the same phases side by side. */
struct plot {
	const struct plot_file *files;
	unsigned int nr;		/* 1 to PLOT_FILES */
	const char *title;		/* NULL: made from the files */
	const char *differ;		/* in what the boots differ, for that; or NULL */
	const char *name;		/* an SVG's: the ids in it begin with this */
	bool png;
};

/* What gnuplot drew; free bytes. */
struct plot_image {
	char *bytes;
	size_t size;
};

/** plot_lacks() - why there is no picture of a run, or NULL: there is one */
const char *plot_lacks(const struct run *run);

/**
 * plot_draw() - have gnuplot draw a picture
 *
 * The same input gives the same bytes, but for another version of gnuplot.
 *
 * Return: STATUS_OK, or STATUS_UNREADABLE after a message: there is no gnuplot,
 * or it failed.
 */
enum status plot_draw(const struct plot *plot, struct plot_image *image);

/** plot_end() - where a boot's time ends: its last sample or mark, in ticks; not 0 */
__u64 plot_end(const struct plot_file *file);

/** plot_base_name() - what stands behind the last slash of a path */
const char *plot_base_name(const char *path);

/** plot_seconds() - ticks of the TSC as seconds of that boot */
double plot_seconds(const struct plot_file *file, __u64 ticks);

/** plot_curve() - write $curve@number: the samples, thinned to PLOT_COLUMNS until @end */
void plot_curve(FILE *out, const struct plot_file *file, unsigned int number, double end);

/** plot_rate() - write $rate, $mean and rate_max: exits per second, in PLOT_BINS */
void plot_rate(FILE *out, const struct plot_file *file);

/** plot_bars() - write what the phases by reason need, and the names of both */
void plot_bars(FILE *out, const struct plot *plot);

/** plot_pixels() - how wide a text is in a picture, about, in gnuplot's sans-serif of 13 pixels */
unsigned int plot_pixels(const char *text);

/** plot_cut() - as plot_text(), of a text that is cut, and then ends with "â¦", if it is wider than @room pixels */
void plot_cut(FILE *out, const char *text, unsigned int room);

/** plot_text() - write one line of a block of texts: a dot, and @text made printable */
void plot_text(FILE *out, const char *text);

/** plot_gnuplot() - run gnuplot on a script; returns as plot_draw() does */
enum status plot_gnuplot(const char *script, size_t size, struct plot_image *image);

#endif /* BOOTEXITS_PLOT_H */
