/* SPDX-License-Identifier: GPL-2.0-only */
/* Where fields of the kernel's structures are, by its BTF. */
#ifndef FIELDS_H
#define FIELDS_H

#include <bpf/btf.h>
#include <stdbool.h>

#include "exits.h"

/* The types of the kernel, of kvm.ko and of its vendor's module: the latter two are split, and know the first. */
struct fields_types {
	struct btf *kernel, *kvm, *vendor;
	bool vmx;
};

/**
 * fields_find() - find all that the programs read
 * @setup: its @at and @told are filled in
 *
 * Return: NULL, or the name of one that there has to be, and is not.
 */
const char *fields_find(const struct fields_types *types, struct exits_setup *setup);

/** fields_function() - whether there is a function of that name, which a program can be attached to */
bool fields_function(const struct btf *btf, const char *name);

#endif
