// SPDX-License-Identifier: GPL-2.0-only
/* Writes and reads saved dumps of registers. */
#include <errno.h>
#include <error.h>
#include <stdlib.h>

#include "capabilities/capabilities.h"
#include "lib/text.h"

struct dump_line {
	unsigned int cpu;	/* index into input->numbers */
	bool cpuid;
	__u32 index;
	enum virt_state state;
	__u64 value;		/* of an MSR */
	__u32 output[4];	/* of a CPUID leaf */
};

/* The CPUID leaves that virt_read() needs */
static const __u32 leaves[] = { 0, 1, 0x80000000, 0x80000001, 0x8000000a };

void features_dump(struct input *input, const struct virt_cpu *cpu)
{
	__u32 output[4];
	size_t i;

	printf("cpu %u\n", cpu->number);
	for (i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++) {
		input->source.cpuid(input->source.context, leaves[i], output);
		printf("cpuid 0x%x 0x0 0x%08x 0x%08x 0x%08x 0x%08x\n", leaves[i],
		       output[0], output[1], output[2], output[3]);
	}
	for (i = 0; i < VIRT_NR_REGS; i++) {
		const struct virt_value *reg = &cpu->regs[i];

		if (virt_regs[i].cpuid)
			continue;
		if (reg->state == VIRT_OK)
			printf("msr 0x%x 0x%016llx\n", virt_regs[i].index, reg->value);
		else if (reg->state == VIRT_UNREADABLE)
			printf("msr 0x%x fault\n", virt_regs[i].index);
	}
}

static const struct dump_line *find(const struct input *input, unsigned int cpu, bool cpuid,
				    __u32 index)
{
	size_t i;

	for (i = 0; i < input->nr_lines; i++) {
		const struct dump_line *line = &input->lines[i];

		if (line->cpu == cpu && line->cpuid == cpuid && line->index == index)
			return line;
	}
	return NULL;
}

static enum virt_state replay_msr(void *context, __u32 index, __u64 *value)
{
	const struct input *input = context;
	const struct dump_line *line = find(input, input->selected, false, index);

	if (!line)
		return VIRT_MISSING;
	*value = line->value;
	return line->state;
}

static void replay_cpuid(void *context, __u32 leaf, __u32 output[4])
{
	const struct input *input = context;
	const struct dump_line *line = find(input, input->selected, true, leaf);

	memset(output, 0, sizeof(line->output));
	if (line)
		memcpy(output, line->output, sizeof(line->output));
}

static void replay_select(struct input *input)
{
	(void)input;	/* lines are looked up by input->selected */
}

/* The position of the parser, for messages */
struct place {
	const char *path;
	unsigned int line;
	char *rest;		/* of the line, word by word */
};

/* error_at_line() ends the program.  abort() is for the compiler. */
#define refuse(place, ...) \
	do { \
		error_at_line(STATUS_UNREADABLE, 0, (place)->path, (place)->line, __VA_ARGS__); \
		abort(); \
	} while (0)

static const char *word(struct place *place)
{
	return strtok_r(NULL, " \t\n", &place->rest) ?: "";
}

static __u64 number(const struct place *place, const char *word, __u64 max)
{
	char *end;
	__u64 value;

	errno = 0;
	value = strtoull(word, &end, 0);
	if (*word < '0' || *word > '9' || *end)
		refuse(place, "\"%s\" is not a number", word);
	if (errno || value > max)
		refuse(place, "%s is more than 0x%llx", word, max);
	return value;
}

static void add_cpu(struct input *input, struct place *place)
{
	unsigned int i, cpu = number(place, word(place), 0xffffffff);

	for (i = 0; i < input->nr_cpus; i++)
		if (input->numbers[i] == cpu)
			refuse(place, "CPU %u a second time", cpu);
	features_add(input, cpu);
}

static void add_line(struct input *input, struct place *place, bool cpuid)
{
	struct dump_line line = { .cpu = input->nr_cpus - 1, .cpuid = cpuid, .state = VIRT_OK };
	const char *value;
	unsigned int i;

	if (!input->nr_cpus)
		refuse(place, "\"cpu NUMBER\" must come first");
	line.index = number(place, word(place), 0xffffffff);
	if (find(input, line.cpu, cpuid, line.index))
		refuse(place, "%s 0x%x a second time", cpuid ? "cpuid" : "msr", line.index);
	if (cpuid) {
		number(place, word(place), 0);	/* the subleaf */
		for (i = 0; i < 4; i++)
			line.output[i] = number(place, word(place), 0xffffffff);
	} else {
		value = word(place);
		if (strcmp(value, "fault"))
			line.value = number(place, value, ~0ULL);
		else
			line.state = VIRT_UNREADABLE;
	}
	input->lines = realloc(input->lines, (input->nr_lines + 1) * sizeof(line));
	if (!input->lines)
		error(STATUS_UNREADABLE, 0, "out of memory");
	input->lines[input->nr_lines++] = line;
}

static void parse_line(struct input *input, struct place *place, char *text)
{
	const char *tag;

	text[strcspn(text, "#\r")] = 0;
	tag = strtok_r(text, " \t\n", &place->rest);
	if (!tag)
		return;
	if (!strcmp(tag, "cpu"))
		add_cpu(input, place);
	else if (!strcmp(tag, "cpuid"))
		add_line(input, place, true);
	else if (!strcmp(tag, "msr"))
		add_line(input, place, false);
	else
		refuse(place, "\"%s\" is not cpu, cpuid or msr", tag);
	tag = word(place);
	if (*tag)
		refuse(place, "\"%s\" is one word too many", tag);
}

void features_replay(struct input *input, const char *path)
{
	struct place place = { .path = path };
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	char *text = NULL;
	size_t size = 0;
	unsigned int i;

	if (!file)
		error(STATUS_UNREADABLE, errno, "%s", text_shown(path));
	for (place.line = 1; getline(&text, &size, file) >= 0; place.line++)
		parse_line(input, &place, text);
	if (ferror(file))
		error(STATUS_UNREADABLE, errno, "%s", text_shown(path));
	if (!input->nr_cpus)
		error(STATUS_UNREADABLE, 0, "%s: it has no CPU", text_shown(path));
	for (i = 0; i < input->nr_cpus; i++)
		if (!find(input, i, true, 0) || !find(input, i, true, 1))
			error(STATUS_UNREADABLE, 0, "%s: CPU %u has no cpuid 0x0 or 0x1", text_shown(path),
			      input->numbers[i]);
	free(text);
	if (file != stdin)
		fclose(file);
	input->select = replay_select;
	input->source = (struct virt_source){ replay_msr, replay_cpuid, input };
}
