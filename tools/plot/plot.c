// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits plot': pictures of boots, drawn by gnuplot. */
#include <argp.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "plot.h"
#include "text.h"

struct options {
	const char *paths[PLOT_FILES];
	unsigned int nr;
	const char *out, *title, *format;
};

const char *plot_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static enum status draw(const struct options *options, const struct plot *plot)
{
	struct plot_image image;
	enum status status = plot_draw(plot, &image);

	return status ? status : save(options->out, image.bytes, image.size);
}

/* Load all, and draw if all can be drawn; defects are told, and drawn as far as it goes. */
static enum status plot(const struct options *options)
{
	struct plot_file files[PLOT_FILES];
	struct plot plot = { files, options->nr, options->title, "exits",
			     !strcmp(options->format, "png") };
	enum status status = STATUS_OK, defects = STATUS_OK;
	struct log logs[PLOT_FILES];
	const char *lacks;
	unsigned int i;

	for (i = 0; i < options->nr; i++) {
		files[i] = (struct plot_file){ .path = options->paths[i] };
		status = status_worse(status, check_load_one(files[i].path, &logs[i]));
		if (status)
			continue;
		files[i].run = logs[i].runs.items;
		lacks = plot_lacks(files[i].run);
		if (lacks) {
			error(0, 0, "%s: %s", text_shown(files[i].path), lacks);
			status = STATUS_FAIL;
		}
		defects = status_worse(defects, check_status(files[i].run));
		phases_build(files[i].run, known_guest(files[i].run), &files[i].phases);
		known_warn(files[i].path, &files[i].phases);
		check_warn(files[i].path, files[i].run);
		if (files[i].phases.nr > PLOT_PHASES)
			error(0, 0, "%s: the first %u of %zu phases are drawn",
			      text_shown(files[i].path), PLOT_PHASES, files[i].phases.nr);
	}
	if (!status)
		status = draw(options, &plot);
	for (i = 0; i < options->nr; i++) {
		phases_free(&files[i].phases);
		log_free(&logs[i]);
	}
	return status_worse(status, defects);
}

static void settle(struct options *options, struct argp_state *state)
{
	const char *dot;

	if (!options->nr)
		argp_error(state, "no FILE");
	if (!options->out) {
		options->out = "-";
		if (isatty(STDOUT_FILENO))
			argp_error(state, "a picture is nothing for a terminal: -o FILE");
	}
	dot = strrchr(plot_base_name(options->out), '.');
	if (!options->format)
		options->format = !strcmp(options->out, "-") ? "svg" : dot ? dot + 1 : "";
	if (strcmp(options->format, "svg") && strcmp(options->format, "png"))
		argp_error(state, "neither .svg nor .png: %s", text_shown(options->out));
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'o':
		options->out = arg;
		return 0;
	case 't':
		options->title = arg;
		return 0;
	case 'f':
		if (strcmp(arg, "svg") && strcmp(arg, "png"))
			argp_error(state, "format is svg or png, not %s", text_shown(arg));
		options->format = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (options->nr == PLOT_FILES)
			argp_error(state, "more than %u FILEs", PLOT_FILES);
		options->paths[options->nr++] = arg;
		return 0;
	case ARGP_KEY_END:
		settle(options, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option argp_options[] = {
	{ "output", 'o', "FILE", 0, "where to: .svg or .png; - is the standard output", 0 },
	{ "format", 'f', "FORMAT", 0, "svg or png, whatever FILE is called", 0 },
	{ "title", 't', "TEXT", 0, "what stands above it", 0 },
	{ 0 },
};

static const char doc[] =
	"Draw exits over time and by phase and reason; several boots side by side.\v"
	"Of one log: exits so far, and exits per second, over the guest's time, with a band for "
	"each phase; grey is a mean between two samples or marks. Below, each phase's exits by "
	"reason. Of 2 to 8 logs: their curves, and their phases beside each other. Exits are "
	"those of all vCPUs but the observer's. A reason has the same colour in every "
	"picture; rare ones may share theirs. Needs gnuplot.\n\n"
	"A log with defects is drawn as far as it goes, with status 1; status 3 if there is no gnuplot.";

enum status plot_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "FILE [FILE...]",
		.doc = doc,
	};
	struct options options = { .nr = 0 };

	parse_arguments(&argp, argc, argv, 0, &options);
	return plot(&options);
}
