// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a guest reads of its exits, compared with what KVM counted.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/l1/vmm/vmm.h"

struct leaf guest_leaf(struct vcpu *vcpu, uint32_t leaf, uint32_t index)
{
	struct kvm_regs regs = { .rax = leaf, .rcx = index };

	vcpu_call(vcpu, guest_cpuid, &regs);
	return (struct leaf) { regs.rax, regs.rbx, regs.rcx, regs.rdx };
}

uint64_t guest_count(struct vcpu *vcpu, uint32_t leaf, uint32_t index)
{
	struct leaf answer = guest_leaf(vcpu, leaf, index);

	return (uint64_t)answer.ebx << 32 | answer.eax;
}

bool guest_traced(struct vcpu *vcpu)
{
	struct leaf answer = guest_leaf(vcpu, KVM_EXIT_TRACE_LEAF_SIGNATURE, 0);

	return answer.ebx == KVM_EXIT_TRACE_SIGNATURE_EBX &&
	       answer.ecx == KVM_EXIT_TRACE_SIGNATURE_ECX &&
	       answer.edx == KVM_EXIT_TRACE_SIGNATURE_EDX;
}

uint64_t vcpu_interrupts(struct vcpu *vcpu)
{
	bool svm = !access("/sys/module/kvm_amd", F_OK);

	return vcpu_stat(vcpu, svm ? "exits_interrupt" : "exits_external_interrupt");
}

void parameter(const char *name, bool on)
{
	char path[80];
	int fd;

	snprintf(path, sizeof(path), "/sys/module/kvm/parameters/%s", name);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, on ? "1" : "0", 1) != 1)
		err(1, "%s", path);
	close(fd);
}

/* Read a leaf that counts, until no interrupt comes between it and the OUT after it. */
static uint64_t count_alone(struct vcpu *vcpu, uint32_t leaf)
{
	uint64_t interrupts, count;

	do {
		interrupts = vcpu_interrupts(vcpu);
		count = guest_count(vcpu, leaf, 0);
	} while (interrupts != vcpu_interrupts(vcpu));
	return count;
}

void expect_own(const char *name, struct vcpu *vcpu, uint64_t before)
{
	uint64_t own = count_alone(vcpu, KVM_EXIT_TRACE_LEAF_OWN);
	char text[120];

	snprintf(text, sizeof(text), "%s: the vCPU's own exits", name);
	expect(text, own + 1, vcpu_stat(vcpu, "exits") - before);
}

void expect_total(const char *name, struct vcpu *vcpus, unsigned int count)
{
	uint64_t total = count_alone(vcpus, KVM_EXIT_TRACE_LEAF_TOTAL), kvm = 0;
	char text[120];
	unsigned int i;

	for (i = 0; i < count; i++)
		kvm += vcpu_stat(&vcpus[i], "exits");
	snprintf(text, sizeof(text), "%s: the VM's exits", name);
	expect(text, total + 1, kvm);
}
