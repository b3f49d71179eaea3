// SPDX-License-Identifier: GPL-2.0-only
/* `bootexits html': one boot, or two, as a page that needs no other file. */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/json.h"
#include "tools/compare/alike.h"
#include "tools/trace/check.h"
#include "tools/plot/plot.h"
#include "tools/report/report.h"
#include "lib/text.h"

#define HTML_BOOTS	2

/* tools/html/, put into the program by the linker */
extern const char _binary_html_page_html_start[], _binary_html_page_html_end[];
extern const char _binary_html_page_css_start[], _binary_html_page_css_end[];
extern const char _binary_html_table_js_start[], _binary_html_table_js_end[];
extern const char _binary_html_words_js_start[], _binary_html_words_js_end[];
extern const char _binary_html_picture_js_start[], _binary_html_picture_js_end[];
extern const char _binary_html_page_js_start[], _binary_html_page_js_end[];

struct options {
	const char *paths[HTML_BOOTS], *hosts[HTML_BOOTS];
	unsigned int nr, nr_hosts;
	const char *unit, *out;
	struct view view;		/* --vcpu */
	struct list symbols;		/* struct symbols_file */
	bool force;
};

struct boot {
	struct log log, host;
	struct report_options options;
	struct report report;
};

struct page {
	struct boot boots[HTML_BOOTS];
	unsigned int nr;
};

/* Write JSON into a script element.  Escape "<", so that nothing in it ends the element. */
static void write_json(FILE *out, const json_t *root)
{
	char *text = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(JSON_DIGITS));
	const char *at;

	for (at = text; *at; at++)
		if (*at == '<')
			fputs("\\u003c", out);
		else
			putc(*at, out);
	free(text);
}

static void write_data(FILE *out, const struct page *page)
{
	json_t *array = json_array();
	const struct boot *boot;
	json_t *root;

	for (boot = page->boots; boot < page->boots + page->nr; boot++)
		json_array_append_new(array, json_pack("{s:o, s:O?}",
			"report", report_json(&boot->report), "meta", boot->log.meta));
	root = json_document(json_pack("{s:o, s:o}", "boots", array, "differs", page->nr < 2 ? json_array() :
				       alike_notes(&page->boots[0].log, &page->boots[1].log, true)));
	write_json(out, root);
	json_decref(root);
}

/* Write the picture without its XML declaration, which only a file of its own may have. */
static void write_svg(FILE *out, const struct plot *plot, const char *caption)
{
	struct plot_image image;
	const char *svg;

	if (plot_draw(plot, &image)) {
		fputs("<p class=\"note\">No picture here: gnuplot was not installed, or failed.</p>\n", out);
		return;
	}
	svg = strstr(image.bytes, "<svg");
	fprintf(out, "<figure><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">\n%s</div></figure>\n",
		caption, svg ? svg : "");
	free(image.bytes);
}

static void write_plots(FILE *out, const struct page *page)
{
	static const char *const names[] = { "a", "b" };
	struct plot_file files[HTML_BOOTS];
	struct plot plot = { .files = files, .nr = page->nr, .name = "both" };
	const struct report *report;
	const char *lacks;
	unsigned int i;

	for (i = 0; i < page->nr; i++) {
		report = &page->boots[i].report;
		lacks = plot_lacks(report->run);
		if (lacks) {
			fprintf(out, "<p class=\"note\">No picture here: %s.</p>\n", lacks);
			return;
		}
		files[i] = (struct plot_file){ report->path, report->run, report->phases,
					       &report->options->which };
	}
	if (page->nr > 1)
		write_svg(out, &plot, "picture of both boots");
	plot.nr = 1;
	for (i = 0; i < page->nr; i++) {
		plot.files = &files[i];
		plot.name = names[i];
		write_svg(out, &plot, page->nr > 1 ? "picture of one of the boots" : "picture of the boot");
	}
}

/* Write what replaces @word, a word between two @ in the template.  The Makefile has the hashes. */
static void write_part(FILE *out, const struct page *page, const char *word, size_t len)
{
	static const struct {
		const char *word, *start, *end;
	} files[] = {
		{ "CSS", _binary_html_page_css_start, _binary_html_page_css_end },
		{ "TABLE", _binary_html_table_js_start, _binary_html_table_js_end },
		{ "WORDS", _binary_html_words_js_start, _binary_html_words_js_end },
		{ "PICTURE", _binary_html_picture_js_start, _binary_html_picture_js_end },
		{ "JS", _binary_html_page_js_start, _binary_html_page_js_end },
	};
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!strncmp(word, files[i].word, len))
			fwrite(files[i].start, 1, files[i].end - files[i].start, out);
	if (!strncmp(word, "STYLEHASH", len))
		fputs("'sha256-" STYLE_HASH "'", out);
	else if (!strncmp(word, "SCRIPTHASH", len))
		fputs("'sha256-" SCRIPT_HASH "'", out);
	else if (!strncmp(word, "VERSION", len))
		fputs(BOOTEXITS_VERSION, out);
	else if (!strncmp(word, "PLOTS", len))
		write_plots(out, page);
	else if (!strncmp(word, "DATA", len))
		write_data(out, page);
}

static void write_page(FILE *out, const struct page *page)
{
	const char *at = _binary_html_page_html_start, *end = _binary_html_page_html_end;
	const char *from, *to;

	while ((from = memchr(at, '@', end - at))) {
		fwrite(at, 1, from - at, out);
		to = memchr(from + 1, '@', end - from - 1);
		write_part(out, page, from + 1, to - from - 1);
		at = to + 1;
	}
	fwrite(at, 1, end - at, out);
}

/* Load the figures of a boot, from its one run. */
static enum status load(const struct options *options, unsigned int i, struct boot *boot)
{
	enum status status;

	boot->host.kind = LOG_HOST;
	boot->options = (struct report_options){
		.serial = options->paths[i], .host = options->hosts[i], .unit = options->unit,
		.which = options->view, .symbols = options->symbols,
	};
	status = check_load_one(options->paths[i], &boot->log);
	if (!status && options->hosts[i])
		status = check_load(options->hosts[i], LOG_HOST, &boot->host);
	if (status)
		return status;
	if (options->hosts[i])
		host_join(&boot->log, &boot->host);
	boot->report = (struct report){
		.options = &boot->options,
		.path = options->paths[i],
		.unit = report_unit(&boot->options, &boot->log),
		.run = boot->log.runs.items,
	};
	boot->report.host_given = report_host_log(&boot->options, &boot->log, &boot->host);
	view_samples(&options->view, boot->log.runs.items);
	if (!report_build(&boot->report, &boot->log,
			  report_host_log(&boot->options, &boot->log, &boot->host)))
		return STATUS_UNREADABLE;
	check_warn(options->paths[i], boot->report.run);
	return STATUS_OK;
}

/* Make the page in memory first, so that the file is whole, or stays unchanged. */
static enum status show(const struct options *options, const struct page *page)
{
	char *bytes = NULL;
	size_t size;
	FILE *out = open_memstream(&bytes, &size);
	int failed;

	if (!out)
		error(STATUS_UNREADABLE, errno, "%s", text_shown(options->out));
	write_page(out, page);
	failed = ferror(out);
	if (fclose(out) || failed)
		error(STATUS_UNREADABLE, ENOMEM, "%s", text_shown(options->out));
	return save(options->out, bytes, size);
}

static enum status html(const struct options *options)
{
	struct page page = { .nr = options->nr };
	enum status status = STATUS_OK;
	unsigned int i;

	for (i = 0; i < page.nr; i++)
		status = status_worse(status, load(options, i, &page.boots[i]));
	if (!status && page.nr > 1 &&
	    alike_refuse(options->paths[0], &page.boots[0].log, options->paths[1],
			 &page.boots[1].log, options->force, NULL))
		status = STATUS_UNREADABLE;
	if (!status) {
		status = show(options, &page);
		for (i = 0; i < page.nr; i++)
			status = status_worse(status, page.boots[i].report.status);
	}
	for (i = 0; i < page.nr; i++) {
		report_free(&page.boots[i].report);
		log_free(&page.boots[i].log);
		log_free(&page.boots[i].host);
	}
	return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case SYMBOLS_KEY:
		symbols_take(arg, state, &options->symbols);
		return 0;
	case 'o':
		options->out = arg;
		return 0;
	case 'H':
		if (options->nr_hosts == HTML_BOOTS)
			argp_error(state, "more than %u host logs", HTML_BOOTS);
		options->hosts[options->nr_hosts++] = arg;
		return 0;
	case 'c':
		view_take(arg, state, &options->view);
		return 0;
	case 'F':
		options->force = true;
		return 0;
	case 'u':
		options->unit = parse_unit(arg, state);
		return 0;
	case ARGP_KEY_ARG:
		if (options->nr == HTML_BOOTS)
			argp_error(state, "more than two FILEs");
		options->paths[options->nr++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (!options->nr)
			argp_error(state, "no FILE");
		if (options->nr_hosts > options->nr)
			argp_error(state, "more HOST.logs than FILEs");
		if (!options->out && isatty(STDOUT_FILENO))
			argp_error(state, "refusing to write a page to a terminal; use -o FILE");
		if (!options->out)
			options->out = "-";
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option argp_options[] = {
	{ "output", 'o', "FILE", 0, "write to FILE; - is the standard output", 0 },
	{ "host", 'H', "HOST.log", 0, "compare with KVM's own counts in HOST.log; with two boots: first A's, then B's", 0 },
	{ "unit", 'u', "UNIT", 0,
	  "the unit of clocks: cycles, instructions (in the lab) or ns (counted by BPF). The default "
	  "is the trace's unit, or else cycles", 0 },
	VIEW_OPTION,
	SYMBOLS_OPTION,
	FORCE_OPTION,
	{ 0 },
};

static const char doc[] =
	"Make an HTML page of one boot, or of two and how they differ.\v"
	"The page needs no other file and no network. It has tables that you can sort and filter, "
	"the pictures of `bootexits plot', metadata, notes, defects and a glossary. Point at a part "
	"of a picture to see its figures. Without gnuplot, a line replaces each picture.\n\n"
	"The page counts guest exits unless --vcpu says otherwise: those of all vCPUs but the "
	"observer's. If compare refuses two boots, so does html. The status is that of `bootexits "
	"report', and of two boots the worse one.";

enum status html_main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "FILE [FILE2]",
		.doc = doc,
	};
	struct options options = { .nr = 0 };
	enum status status;

	parse_arguments(&argp, argc, argv, 0, &options);
	status = symbols_load(&options.symbols);
	if (!status)
		status = html(&options);
	symbols_unload(&options.symbols);
	return status;
}
