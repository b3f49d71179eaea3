/* SPDX-License-Identifier: GPL-2.0-only */
/* A VM's switch, and its counts, for tests. */
#ifndef POLICY_H
#define POLICY_H

#include "tests/l1/vmm/vmm.h"

#define NO_FILE 2

/* Write to a file; returns 0 or errno. */
int file_write(const char *path, const char *text);
/* The path of one of the tracer's files for a VM that the main thread made */
const char *vm_file(const struct vm *vm, const char *name);

/* Write to a VM's switch; returns 0 or errno. Read it; returns 0, 1, or NO_FILE. */
int vm_switch(const struct vm *vm, const char *text);
uint64_t vm_enabled(const struct vm *vm);

/* A vCPU's exits as the tracer counts them, and as KVM counts them */
uint64_t traced(struct vcpu *vcpu);
uint64_t exits(struct vcpu *vcpu);

#endif /* POLICY_H */
