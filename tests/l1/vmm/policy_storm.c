// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two threads switch a VM at the same time, while its vCPUs exit and new ones come. Another VM's
 * file is written while that VM goes. Afterwards counts must be right, and the kernel must not
 * complain.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tests/l1/vmm/policy.h"

#define TIMES	200
#define VCPUS	4

static struct vm vm;
static volatile bool over;

static void *switch_too(void *unused)
{
	unsigned int n;

	for (n = 0; !over; n++)
		vm_switch(&vm, n & 1 ? "1" : "0");
	return NULL;
}

/* An open file keeps the VM, like KVM's own files. After it is closed, the file is gone. */
static void gone(void)
{
	uint64_t kept = 0, left = 0;
	struct vcpu vcpu;
	struct vm other;
	unsigned int n;
	int fd;

	for (n = 0; n < TIMES; n++) {
		vm_new(&other);
		vcpu_new(&other, &vcpu, 0);
		fd = open(vm_file(&other, "enabled"), O_WRONLY);
		if (n & 1)
			vcpu_exits(&vcpu, 1);
		vcpu_free(&vcpu);
		vm_free(&other);
		kept += write(fd, "1", 1) == 1 && write(fd, "0", 1) == 1 && write(fd, n & 2 ? "1" : "0", 1) == 1;
		close(fd);
		left += vm_enabled(&other) != NO_FILE;
	}
	expect("a file that is open keeps its VM", kept, TIMES);
	expect("it goes with it", left, 0);
}

static void counts(struct vcpu *vcpus)
{
	struct kvm_regs regs = { };
	uint64_t before[VCPUS], right = 0;
	unsigned int i;

	vm_switch(&vm, "0");
	vm_switch(&vm, "1");
	for (i = 0; i < VCPUS; i++) {
		before[i] = exits(&vcpus[i]);
		vcpu_start(&vcpus[i], guest_forever, &regs);
	}
	for (i = 0; i < VCPUS; i++)
		vcpu_rounds(&vcpus[i], 10);
	for (i = 0; i < VCPUS; i++)
		vcpu_stop(&vcpus[i]);
	for (i = 0; i < VCPUS; i++)
		right += traced(&vcpus[i]) == exits(&vcpus[i]) - before[i];
	expect("then each vCPU is counted to the unit", right, VCPUS);
}

int policy_storm(int argc, char **argv)
{
	static const char *const options[] = { "exit_trace_histogram", "exit_trace_sites",
					       "exit_trace_page", "exit_trace_induced" };
	struct vcpu vcpus[VCPUS];
	struct kvm_regs regs = { };
	pthread_t thread;
	unsigned int n, i = 0, refused = 0;

	parameter("exit_trace", false);
	for (n = 0; n < 4; n++)
		parameter(options[n], true);
	vm_new(&vm);
	vcpu_new(&vm, &vcpus[i], i);
	vcpu_start(&vcpus[i++], guest_forever, &regs);
	pthread_create(&thread, NULL, switch_too, NULL);
	for (n = 0; n < TIMES; n++) {
		refused += !!vm_switch(&vm, n & 1 ? "0" : "1");
		if (n % (TIMES / VCPUS) || !n)
			continue;
		vcpu_new(&vm, &vcpus[i], i);
		vcpu_start(&vcpus[i++], guest_forever, &regs);
	}
	for (n = 0; n < 20; n++)
		parameter("exit_trace", !(n & 1));
	over = true;
	pthread_join(thread, NULL);
	for (n = 0; n < i; n++)
		vcpu_stop(&vcpus[n]);
	expect("two switch one VM while it exits", refused, 0);
	expect("and vCPUs come", i, VCPUS);
	counts(vcpus);
	gone();
	vm_free(&vm);
	return 0;
}
