/* SPDX-License-Identifier: GPL-2.0-only */
/* bootexits-features: its input and its output. */
#ifndef CAPABILITIES_H
#define CAPABILITIES_H

#include <jansson.h>

#include "capabilities/virt_caps.h"
#include "lib/status.h"

struct dump_line;

/* The CPUs of this machine, or of a saved dump. */
struct input {
	struct virt_source source;	/* reads the selected CPU */
	unsigned int *numbers;		/* of the CPUs */
	unsigned int nr_cpus;
	unsigned int selected;		/* an index into numbers */
	void (*select)(struct input *input);
	int fd;				/* this machine's /dev/cpu/N/msr once it is open, or -1 */
	struct dump_line *lines;	/* for a dump */
	size_t nr_lines;
};

/* Both print one line and exit with STATUS_UNREADABLE if the input can't be read. */
void features_live(struct input *input);
void features_replay(struct input *input, const char *path);

/* Let input->source read the CPU with this index. */
void features_select(struct input *input, unsigned int index);

/* Add a CPU to the input. */
void features_add(struct input *input, unsigned int number);

/* Print what was read of a CPU, in the format that features_replay() reads. */
void features_dump(struct input *input, const struct virt_cpu *cpu);

/* Return the report as JSON.  Keys are append-only. */
json_t *features_json(const struct virt_cpu *cpus, unsigned int nr_cpus);

#endif
