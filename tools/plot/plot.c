// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits plot': pictures of boots, drawn by gnuplot. */
#include <argp.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/compare/alike.h"
#include "tools/trace/check.h"
#include "tools/plot/plot.h"
#include "lib/text.h"

struct options {
	const char *paths[PLOT_FILES];
	unsigned int nr;
	const char *out, *title, *format;
	struct view view;		/* --vcpu */
	bool force;
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

/* Load one file.  If it has defects, say so, and draw as much as possible. */
static enum status load(struct plot_file *file, struct log *log, enum status *defects)
{
	struct phases_view view;
	enum status status = check_load_one(file->path, log);
	const char *lacks;

	if (status)
		return status;
	file->run = log->runs.items;
	lacks = plot_lacks(file->run);
	if (lacks) {
		error(0, 0, "%s: %s", text_shown(file->path), lacks);
		status = STATUS_FAIL;
	}
	*defects = status_worse(*defects, check_status(file->run));
	if (!view_of(file->view, file->run, file->path, &view))
		return STATUS_UNREADABLE;
	view_samples(file->view, log->runs.items);
	phases_build(file->run, view, &file->phases);
	known_warn(file->path, &file->phases);
	check_warn(file->path, file->run);
	if (file->phases.nr > PLOT_PHASES)
		error(0, 0, "%s: the first %u of %zu phases are drawn",
		      text_shown(file->path), PLOT_PHASES, file->phases.nr);
	return status;
}

/* Check that each boot can be compared with the first.  Print how they differ, also into @plot. */
static enum status liken(const struct options *options, struct plot *plot, const struct log *logs,
			 json_t *differ)
{
	const struct plot_file *files = plot->files;
	json_t *notes, *note;
	unsigned int i;
	size_t at;

	for (i = 1; i < options->nr; i++) {
		if (alike_refuse(files[0].path, &logs[0], files[i].path, &logs[i],
				 options->force, NULL))
			return STATUS_UNREADABLE;
		notes = alike_notes(&logs[0], &logs[i], false);
		json_array_foreach(notes, at, note)
			error(0, 0, "%s, %s: %s", text_shown(files[0].path),
			      text_shown(files[i].path), text_shown(json_string_value(note)));
		json_array_extend(differ, notes);
		json_decref(notes);
	}
	plot->differ = json_string_value(json_array_get(differ, 0));
	return STATUS_OK;
}

static enum status plot(const struct options *options)
{
	struct plot_file files[PLOT_FILES];
	struct plot plot = {
		.files = files, .nr = options->nr, .title = options->title, .name = "exits",
		.png = !strcmp(options->format, "png"),
	};
	enum status status = STATUS_OK, defects = STATUS_OK;
	json_t *differ = json_array();
	struct log logs[PLOT_FILES];
	unsigned int i;

	for (i = 0; i < options->nr; i++) {
		files[i] = (struct plot_file){ .path = options->paths[i], .view = &options->view };
		status = status_worse(status, load(&files[i], &logs[i], &defects));
	}
	if (!status)
		status = liken(options, &plot, logs, differ);
	if (!status)
		status = draw(options, &plot);
	for (i = 0; i < options->nr; i++) {
		phases_free(&files[i].phases);
		log_free(&logs[i]);
	}
	json_decref(differ);
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
			argp_error(state, "refusing to write a picture to a terminal; use -o FILE");
	}
	dot = strrchr(plot_base_name(options->out), '.');
	if (!options->format)
		options->format = !strcmp(options->out, "-") ? "svg" : dot ? dot + 1 : "";
	if (strcmp(options->format, "svg") && strcmp(options->format, "png"))
		argp_error(state, "the name ends in neither .svg nor .png: %s", text_shown(options->out));
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'c':
		view_take(arg, state, &options->view);
		return 0;
	case 'F':
		options->force = true;
		return 0;
	case 'o':
		options->out = arg;
		return 0;
	case 't':
		options->title = arg;
		return 0;
	case 'f':
		if (strcmp(arg, "svg") && strcmp(arg, "png"))
			argp_error(state, "--format takes svg or png, not %s", text_shown(arg));
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
	{ "output", 'o', "FILE", 0, "write to FILE, whose name ends in .svg or .png; - is the standard output", 0 },
	{ "format", 'f', "FORMAT", 0, "svg or png, whatever the name of FILE", 0 },
	VIEW_OPTION,
	FORCE_OPTION,
	{ "title", 't', "TEXT", 0, "the text above the picture", 0 },
	{ 0 },
};

static const char doc[] =
	"Draw the exits of a boot over time, and by phase and reason. Draw several boots side by "
	"side.\v"
	"With one FILE you see exits so far and exits per second, over the guest's time, with a "
	"band for each phase. Grey is a mean between two samples or marks. Below that you see each "
	"phase's exits by reason. With 2 to 8 FILEs you see their curves, and their phases side by "
	"side.\n\n"
	"The picture counts guest exits unless --vcpu says otherwise: those of all vCPUs but the "
	"observer's. A reason has the same colour in every picture. Rare reasons may share a "
	"colour.\n\n"
	"A log with defects is drawn as far as possible, with status 1. Without gnuplot the status "
	"is 3.";

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
