// SPDX-License-Identifier: GPL-2.0-only
/*
 * A comparison for a pull request's comment (Markdown, as GitHub and GitLab have it), for a CI that reads JUnit's XML, and
 * as GitHub's workflow commands.  Each has the text's own lines.
 */
#include <errno.h>
#include <error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "tools/compare/compare.h"
#include "tools/trace/check.h"

const char *const compare_formats[FORMATS + 1] = {
	[FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", [FORMAT_MARKDOWN] = "markdown",
	[FORMAT_JUNIT] = "junit", [FORMAT_GITHUB] = "github",
};

int compare_format_find(const char *name)
{
	return word_find(compare_formats, name);
}

/* How a character is written so that it means nothing in a format. */
struct escape {
	char character;
	const char *text;
};

/* CommonMark 2.4, and @, which would call a user of GitHub */
static const struct escape markdown[] = {
	{ '\\', "\\\\" }, { '`', "\\`" }, { '*', "\\*" }, { '_', "\\_" }, { '[', "\\[" }, { ']', "\\]" },
	{ '<', "&lt;" }, { '>', "&gt;" }, { '&', "&amp;" }, { '|', "\\|" }, { '#', "\\#" }, { '~', "\\~" },
	{ '!', "\\!" }, { '@', "&#64;" }, { 0 },
};
static const struct escape xml[] = {
	{ '<', "&lt;" }, { '>', "&gt;" }, { '&', "&amp;" }, { '"', "&quot;" }, { 0 },
};
/* Workflow commands for GitHub Actions: a command is a line */
static const struct escape command[] = { { '%', "%25" }, { '\r', "%0D" }, { '\n', "%0A" }, { 0 } };

static void put(const char *text, const struct escape *escapes)
{
	const struct escape *escape;

	for (; *text; text++) {
		for (escape = escapes; escape->character && escape->character != *text; escape++)
			;
		if (escape->character)
			fputs(escape->text, stdout);
		else
			putchar(*text);
	}
}

/* Returns what a function prints, without the newlines at its ends.  Free it. */
static char *said(void (*say)(const struct comparison *comparison, const struct held *held),
		  const struct comparison *comparison, const struct held *held)
{
	FILE *out = stdout;
	char *text = NULL, *from;
	size_t size;

	stdout = open_memstream(&text, &size);
	if (!stdout)
		error(STATUS_UNREADABLE, errno, "memory");
	say(comparison, held);
	fclose(stdout);
	stdout = out;
	while (size && text[size - 1] == '\n')
		text[--size] = '\0';
	from = text + strspn(text, "\n");
	memmove(text, from, strlen(from) + 1);
	return text;
}

static void say_head(const struct comparison *comparison, const struct held *held)
{
	(void)held;
	compare_head_text(comparison);
}

static void say_gates(const struct comparison *comparison, const struct held *held)
{
	(void)held;
	compare_gates_text(comparison);
}

static void say_notes(const struct comparison *comparison, const struct held *held)
{
	(void)held;
	compare_note_text(comparison);
}

/* "medians of the guest exits: these differ", which is the head's last line */
static char *verdict(const struct comparison *comparison)
{
	char *head = said(say_head, comparison, NULL), *last = strrchr(head, '\n');

	if (last)
		memmove(head, last + 1, strlen(last));
	return head;
}

static void print_list(char *lines)
{
	char *line;

	while ((line = strsep(&lines, "\n"))) {
		if (!*line)
			continue;
		fputs("- ", stdout);
		put(line, markdown);
		putchar('\n');
	}
}

static void markdown_table(const struct table *table)
{
	size_t columns = strlen(table->align), i, column;

	for (i = 0; i < table->cells.nr; i++) {
		fputs(i % columns ? " " : "| ", stdout);
		put(table_text(table, i), markdown);
		fputs(" |", stdout);
		if ((i + 1) % columns)
			continue;
		putchar('\n');
		if (i + 1 != columns)
			continue;
		putchar('|');
		for (column = 0; column < columns; column++)
			fputs(table->align[column] == 'l' ? "---|" : "--:|", stdout);
		putchar('\n');
	}
}

static void print_markdown(const struct comparison *comparison)
{
	char *head = said(say_head, comparison, NULL), *gates = said(say_gates, comparison, NULL);
	char *notes = said(say_notes, comparison, NULL), *last = strrchr(head, '\n');

	fputs("### bootexits: ", stdout);
	put(last ? last + 1 : head, markdown);
	fputs("\n\n", stdout);
	if (last)
		*last = '\0';
	print_list(gates);
	print_list(head);
	putchar('\n');
	compare_table(comparison, markdown_table);
	if (*notes)
		putchar('\n');
	print_list(notes);
	free(head);
	free(gates);
	free(notes);
}

static void testcase(const char *name, const char *class, const char *failure)
{
	fputs("  <testcase classname=\"", stdout);
	put(class, xml);
	fputs("\" name=\"", stdout);
	put(name, xml);
	if (!failure) {
		puts("\"/>");
		return;
	}
	fputs("\">\n    <failure message=\"", stdout);
	put(failure, xml);
	puts("\"/>\n  </testcase>");
}

static size_t breaches(const struct comparison *comparison)
{
	const struct held *held;
	size_t nr = 0;

	for_each(held, &comparison->gates)
		nr += held->breached;
	return nr;
}

/* Why a boot alone makes the comparison fail, or NULL */
static const char *defect(const struct boot *boot)
{
	return check_status(boot->run) ? "it has not passed, or its records have defects: see bootexits check" : NULL;
}

static size_t defects(const struct comparison *comparison)
{
	const struct boot *boot;
	size_t nr = 0;

	for_each(boot, &comparison->boots)
		nr += defect(boot) != NULL;
	return nr;
}

/*
 * A test is a boot, which has to have passed, and a gate of a side.  Without gates, the boots have to be equal.
 */
static void print_junit(const struct comparison *comparison)
{
	bool gates = comparison->gates.nr;
	char class[32], *text = verdict(comparison);
	const struct boot *boot;
	const struct held *held;

	puts("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
	printf("<testsuite name=\"bootexits compare\" tests=\"%zu\" failures=\"%zu\">\n",
	       comparison->boots.nr + (gates ? comparison->gates.nr : 1),
	       defects(comparison) + (gates ? breaches(comparison) : !comparison->equal));
	for_each(boot, &comparison->boots)
		testcase(text_shown(boot->path), "bootexits.boots", defect(boot));
	if (!gates)
		testcase("equal", "bootexits", comparison->equal ? NULL : text);
	free(text);
	for_each(held, &comparison->gates) {
		snprintf(class, sizeof(class), "bootexits.%s", held->side->name);
		text = held->breached ? said(compare_held_text, comparison, held) : NULL;
		testcase(text_shown(held->gate->text), class, text);
		free(text);
	}
	puts("</testsuite>");
}

static void workflow_command(const char *kind, const char *text)
{
	printf("::%s title=bootexits::", kind);
	put(text, command);
	putchar('\n');
}

static void print_github(const struct comparison *comparison)
{
	const struct boot *boot;
	const struct held *held;
	char *text;

	for_each(boot, &comparison->boots) {
		if (!defect(boot))
			continue;
		if (asprintf(&text, "%s: %s", text_shown(boot->path), defect(boot)) < 0)
			error(STATUS_UNREADABLE, errno, "memory");
		workflow_command("error", text);
		free(text);
	}
	for_each(held, &comparison->gates) {
		if (!held->breached)
			continue;
		text = said(compare_held_text, comparison, held);
		workflow_command("error", text);
		free(text);
	}
	if (breaches(comparison))
		return;
	text = comparison->gates.nr ? said(say_gates, comparison, NULL) : verdict(comparison);
	workflow_command(comparison->gates.nr || comparison->equal ? "notice" : "error", text);
	free(text);
}

void compare_format(const struct comparison *comparison, enum compare_format format)
{
	if (format == FORMAT_MARKDOWN)
		print_markdown(comparison);
	else if (format == FORMAT_JUNIT)
		print_junit(comparison);
	else
		print_github(comparison);
}
