/* SPDX-License-Identifier: GPL-2.0-only */
/* bootexits-features: where it reads from, and what it makes of it. */
#ifndef CAPABILITIES_H
#define CAPABILITIES_H

#include "bootexits.h"
#include "virt_caps.h"

struct dump_line;

/* This machine's CPUs, or those of a saved dump */
struct input {
	struct virt_source source;	/* of the CPU that is selected */
	unsigned int *numbers;		/* of the CPUs */
	unsigned int nr_cpus;
	unsigned int selected;		/* an index of numbers */
	void (*select)(struct input *input);
	int fd;				/* this machine: /dev/cpu/N/msr, once opened; or -1 */
	struct dump_line *lines;	/* a dump */
	size_t nr_lines;
};

/* Both end the program with STATUS_UNREADABLE and one line if that can't be read. */
void features_live(struct input *input);
void features_replay(struct input *input, const char *path);

/* Makes input->source that of the CPU with this index. */
void features_select(struct input *input, unsigned int index);

/* Adds a CPU to the input. */
void features_add(struct input *input, unsigned int number);

/* Prints what was read of a CPU, as features_replay takes it. */
void features_dump(struct input *input, const struct virt_cpu *cpu);

/* The report as JSON; keys are append-only. */
json_t *features_json(const struct virt_cpu *cpus, unsigned int nr_cpus);

#endif
