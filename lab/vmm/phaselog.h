/* SPDX-License-Identifier: GPL-2.0-only */
/* What the patched KVM shows of a VM in debugfs: its phase log. */
#ifndef PHASELOG_H
#define PHASELOG_H

#include <stdbool.h>

struct phaselog {
	unsigned int vcpus;
	unsigned int dropped;	/* marks */
	unsigned long long exits;	/* of all vCPUs, up to now, as the tracer counted them */
};

/**
 * phaselog_read() - give a VM's phase log to marks.h
 * @path: the VM's directory in KVM's debugfs
 *
 * If the guest made no mark, all of its VM's life up to now is one phase.
 *
 * Return: whether the VM is traced.
 */
bool phaselog_read(const char *path, struct phaselog *log);

#endif
