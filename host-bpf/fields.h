/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the offsets of fields in the kernel's structures, by its BTF. */
#ifndef FIELDS_H
#define FIELDS_H

#include <bpf/btf.h>
#include <stdbool.h>

#include "host-bpf/exits.h"

/* Types of the kernel, of kvm.ko and of its vendor's module.  The last two build on the first. */
struct fields_types {
	struct btf *kernel, *kvm, *vendor;
	bool vmx;
};

/**
 * fields_find() - find all fields that the programs read
 * @setup: gets @at, and which fields this KVM has
 *
 * Return: NULL, or the name of a field that is required and missing.
 */
const char *fields_find(const struct fields_types *types, struct exits_setup *setup);

/** fields_function() - is there a function of that name, to which a program can be attached? */
bool fields_function(const struct btf *btf, const char *name);

#endif
