/* SPDX-License-Identifier: GPL-2.0-only */
/* A VM's switch, and how its exits are counted, for tests. */
#ifndef POLICY_H
#define POLICY_H

#include "vmm.h"

#define NO_FILE 2

/* Writes to a file; returns 0 or errno. */
int file_write(const char *path, const char *text);
/* The path of a file of the tracer's, of a VM that the main thread made */
const char *vm_file(const struct vm *vm, const char *name);

/* Write to a VM's switch; 0 or errno. Read it: 0, 1, or NO_FILE */
int vm_switch(const struct vm *vm, const char *text);
uint64_t vm_enabled(const struct vm *vm);

/* What the tracer has counted of it; what KVM has */
uint64_t traced(struct vcpu *vcpu);
uint64_t exits(struct vcpu *vcpu);

#endif /* POLICY_H */
