// SPDX-License-Identifier: GPL-2.0-only
/*
 * A VM for tests of `bootexits record --attach', and a count of the kernel's BPF objects. The VM does what
 * standard input says, line by line, and ends with it.
 */
#include <err.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/l1/vmm/vmm.h"

#define VCPUS	3

/* KVM's own counts, as this VMM reads them, are the test's oracle. */
static void say(const char *name, struct vcpu *vcpus)
{
	unsigned int i;

	for (i = 0; i < VCPUS; i++)
		printf("%s vcpu=%u exits=%llu rounds=%llu\n", name, i,
		       (unsigned long long)vcpu_stat(&vcpus[i], "exits"),
		       (unsigned long long)vcpus[i].rounds);
	fflush(stdout);
}

/* On stock KVM, the write to the mark's port ends KVM_RUN, as any write to a port. */
static void mark(struct vcpu *vcpu, uint8_t phase)
{
	struct kvm_regs regs = { .rax = phase };

	vcpu_set(vcpu, guest_mark, &regs);
	if (vcpu_run(vcpu) != KVM_EXIT_IO || vcpu->run->io.port != KVM_EXIT_TRACE_PORT)
		errx(1, "the guest did not mark");
	if (vcpu_run(vcpu) != KVM_EXIT_IO)
		errx(1, "the guest did not go on after its mark");
}

/*
 * exits VCPU COUNT: so many CPUIDs, and an OUT. mark VCPU PHASE: a mark by the port. start VCPU: from now on
 * CPUIDs and OUTs without an end; stop VCPU. rounds VCPU COUNT: wait until it has made so many more OUTs. say NAME:
 * print all counts.
 */
static void obey(const char *line, struct vcpu *vcpus)
{
	struct kvm_regs regs = {};
	char name[20];
	unsigned int i, number;

	if (sscanf(line, "say %19s", name) == 1)
		say(name, vcpus);
	else if (sscanf(line, "%19s %u %u", name, &i, &number) < 2 || i >= VCPUS)
		errx(1, "no command: %s", line);
	else if (!strcmp(name, "exits"))
		vcpu_exits(&vcpus[i], number);
	else if (!strcmp(name, "start"))
		vcpu_start(&vcpus[i], guest_forever, &regs);
	else if (!strcmp(name, "stop"))
		vcpu_stop(&vcpus[i]);
	else if (!strcmp(name, "rounds"))
		vcpu_rounds(&vcpus[i], number);
	else if (!strcmp(name, "mark"))
		mark(&vcpus[i], number);
	else
		errx(1, "no command: %s", line);
}

int attached(int argc, char **argv)
{
	struct vcpu vcpus[VCPUS];
	char line[80];
	struct vm vm;
	unsigned int i;

	vm_new(&vm);
	for (i = 0; i < VCPUS; i++)
		vcpu_new(&vm, &vcpus[i], i);
	say("new", vcpus);
	while (fgets(line, sizeof(line), stdin))
		obey(line, vcpus);
	say("end", vcpus);
	return 0;
}

static unsigned int count(int next)
{
	union bpf_attr attr = {};
	unsigned int nr = 0;

	while (!syscall(__NR_bpf, next, &attr, sizeof(attr))) {
		nr++;
		attr.start_id = attr.next_id;
	}
	return nr;
}

int bpf_objects(int argc, char **argv)
{
	unsigned int programs = count(BPF_PROG_GET_NEXT_ID);
	unsigned int maps = count(BPF_MAP_GET_NEXT_ID);

	printf("programs=%u maps=%u links=%u\n", programs, maps, count(BPF_LINK_GET_NEXT_ID));
	return 0;
}
