// SPDX-License-Identifier: GPL-2.0-only
/*
 * bootexits-features: which virtualization features each CPU of this machine, or
 * of a saved dump, has.  The table of features is in virt_table.c.
 */
#include <argp.h>
#include <errno.h>
#include <error.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "capabilities/capabilities.h"
#include "lib/descriptors.h"
#include "lib/json.h"
#include "lib/text.h"
#include "lib/version.h"

static const char doc[] =
	"Report the virtualization features of each CPU. They come from VMX's capability MSRs, or "
	"from SVM's CPUID leaf.\v"
	"You need root and /dev/cpu/N/msr (`modprobe msr'), unless --replay reads a dump. If the "
	"CPUs are not alike, the report says how they differ.\n\n"
	"A dump has one fact per line. A comment begins with #:\n"
	"  cpu NUMBER\n"
	"  cpuid LEAF SUBLEAF EAX EBX ECX EDX\n"
	"  msr INDEX VALUE, or msr INDEX fault\n\n"
	"Exit status: 0 ok, 1 the CPUs differ, 2 wrong arguments, 3 something can't be read, 4 no CPU has VMX or SVM.";

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ "cpu", 'c', "N", 0, "report only CPU N", 0 },
	{ "dump", 'd', NULL, 0, "print a dump of what was read", 0 },
	{ "replay", 'r', "FILE", 0, "read the saved dump FILE; - is the standard input", 0 },
	{ NULL, 'h', NULL, OPTION_HIDDEN, NULL, 0 },
	{ 0 },
};

struct arguments {
	const char *replay;
	bool json;
	bool dump;
	bool one;
	unsigned int cpu;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	char *end;

	switch (key) {
	case 'h':
		argp_state_help(state, state->out_stream, ARGP_HELP_STD_HELP);
		return 0;
	case 'j':
		arguments->json = true;
		return 0;
	case 'd':
		arguments->dump = true;
		return 0;
	case 'r':
		arguments->replay = arg;
		return 0;
	case 'c':
		arguments->one = true;
		arguments->cpu = strtoul(arg, &end, 10);
		if (*arg < '0' || *arg > '9' || *end)
			argp_error(state, "not a CPU's number: %s", text_shown(arg));
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument: %s", text_shown(arg));
		return 0;
	case ARGP_KEY_END:
		if (arguments->json && arguments->dump)
			argp_error(state, "use either --json or --dump");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

void features_select(struct input *input, unsigned int index)
{
	input->selected = index;
	input->select(input);
}

void features_add(struct input *input, unsigned int number)
{
	input->numbers = realloc(input->numbers, (input->nr_cpus + 1) * sizeof(*input->numbers));
	if (!input->numbers)
		error(STATUS_UNREADABLE, 0, "out of memory");
	input->numbers[input->nr_cpus++] = number;
}

static void print_line(void *context, const char *line)
{
	(void)context;
	puts(line);
}

static void print_dump(struct input *input, const struct virt_cpu *cpus, unsigned int nr_cpus)
{
	struct utsname system;
	unsigned int i, next = 0;

	if (!input->lines && !uname(&system))
		printf("# Source: bootexits-features --dump, Linux %s\n", system.release);
	for (i = 0; i < input->nr_cpus && next < nr_cpus; i++) {
		if (input->numbers[i] != cpus[next].number)
			continue;
		features_select(input, i);
		features_dump(input, &cpus[next++]);
	}
}

/* Read the CPUs that the user wants. */
static unsigned int read_cpus(struct input *input, const struct arguments *arguments,
			      struct virt_cpu *cpus)
{
	unsigned int i, nr_cpus = 0;

	for (i = 0; i < input->nr_cpus; i++) {
		if (arguments->one && input->numbers[i] != arguments->cpu)
			continue;
		cpus[nr_cpus].number = input->numbers[i];
		features_select(input, i);
		virt_read(&cpus[nr_cpus++], &input->source);
	}
	if (!nr_cpus)
		error(STATUS_UNREADABLE, 0, "there is no CPU %u", arguments->cpu);
	return nr_cpus;
}

static enum status judge(const struct virt_cpu *cpus, unsigned int nr_cpus)
{
	enum status status = STATUS_SKIP;
	unsigned int i;

	for (i = 0; i < nr_cpus; i++) {
		if (!virt_same(&cpus[i], &cpus[0]))
			return STATUS_FAIL;
		if (cpus[i].vmx || cpus[i].svm)
			status = STATUS_OK;
	}
	return status;
}

int main(int argc, char **argv)
{
	static const struct argp argp = { .options = options, .parser = parse, .doc = doc };
	struct arguments arguments = { 0 };
	struct input input = { .fd = -1 };
	struct virt_cpu *cpus;
	enum status status;
	unsigned int nr_cpus;

	descriptors_open();
	text_guard();
	text_whole();
	program_invocation_name = program_invocation_short_name;
	argp_err_exit_status = STATUS_USAGE;
	argp_program_version = "bootexits-features " BOOTEXITS_VERSION;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (arguments.replay)
		features_replay(&input, arguments.replay);
	else
		features_live(&input);
	cpus = calloc(input.nr_cpus, sizeof(*cpus));
	if (!cpus)
		error(STATUS_UNREADABLE, 0, "out of memory");
	nr_cpus = read_cpus(&input, &arguments, cpus);
	if (arguments.dump) {
		print_dump(&input, cpus, nr_cpus);
	} else if (arguments.json) {
		json_show(features_json(cpus, nr_cpus));
	} else {
		text_fit();
		virt_report(cpus, nr_cpus, print_line, NULL);
	}
	status = judge(cpus, nr_cpus);
	free(cpus);
	free(input.numbers);
	free(input.lines);
	return status;
}
