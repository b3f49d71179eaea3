/* SPDX-License-Identifier: GPL-2.0-only */
/* A VMM's VM, which outlives the VMM while this process holds it. */
#ifndef HOLD_H
#define HOLD_H

#include <sys/types.h>

/**
 * struct held - a VM that a command created
 * @vm: our own descriptor of it; -1: there is none
 * @path: its directory in KVM's debugfs
 * @began: when it was created, in nanoseconds since 1970
 */
struct held {
	int vm;
	char path[80];
	unsigned long long began;
};

/**
 * hold_run() - run a command to its end, and hold the first VM that it creates
 * @words: the command; ends with NULL
 *
 * Until there is a VM, the command's system calls are traced.  From then on, it runs alone.
 *
 * Return: the command's status, in a shell's form.
 */
int hold_run(char **words, struct held *held);

#endif
