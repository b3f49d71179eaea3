// SPDX-License-Identifier: GPL-2.0-only
/*
 * counted WBINVDS STATUS [file=FILE]: a VMM for `bootexits record --lab'. Its guest executes 100 CPUIDs, and 10 on another
 * vCPU, and marks the end of the firmware by the port. Then it executes so many WBINVDs, and marks the end of the kernel
 * by a CPUID. With `unmarked' in place of a file, it makes no mark. It prints the first line of FILE, and returns STATUS.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/l1/vmm/vmm.h"

#define CPUIDS		100
#define OTHER_CPUIDS	10

/* A KVM that is not patched passes the mark on to the VMM. */
static void run(struct vcpu *vcpu, const char *code, struct kvm_regs regs)
{
	vcpu_set(vcpu, code, &regs);
	while (vcpu_run(vcpu) == KVM_EXIT_IO && vcpu->run->io.port == KVM_EXIT_TRACE_PORT)
		;
	if (vcpu->run->exit_reason != KVM_EXIT_IO || vcpu->run->io.port != GUEST_PORT)
		errx(1, "exit reason %u of the guest", vcpu->run->exit_reason);
}

static void print_line(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[80] = "";

	if (!file || !fgets(line, sizeof(line), file))
		err(1, "%s", path);
	fclose(file);
	printf("the file says %s", line);
	fflush(stdout);
}

int counted(int argc, char **argv)
{
	bool marks = argc < 4 || strcmp(argv[3], "unmarked");
	struct vcpu vcpu, other;
	struct vm vm;

	if (argc < 3)
		errx(2, "usage: vmm counted WBINVDS STATUS [file=FILE | unmarked]");
	if (argc > 3 && !strncmp(argv[3], "file=", 5))
		print_line(argv[3] + 5);
	vm_new(&vm);
	vcpu_new(&vm, &vcpu, 0);
	vcpu_new(&vm, &other, 1);
	run(&vcpu, guest_exits, (struct kvm_regs){ .rsi = CPUIDS });
	run(&other, guest_exits, (struct kvm_regs){ .rsi = OTHER_CPUIDS });
	if (marks)
		run(&vcpu, guest_mark, (struct kvm_regs){ .rax = KVM_EXIT_TRACE_PHASE_FIRMWARE });
	run(&vcpu, guest_wbinvds, (struct kvm_regs){ .rsi = atoi(argv[1]) });
	if (marks)
		run(&vcpu, guest_cpuid, (struct kvm_regs){
			.rax = KVM_EXIT_TRACE_LEAF_MARK, .rcx = KVM_EXIT_TRACE_PHASE_KERNEL });
	vcpu_free(&other);
	vcpu_free(&vcpu);
	vm_free(&vm);
	warnx("status %s", argv[2]);
	return atoi(argv[2]);
}
