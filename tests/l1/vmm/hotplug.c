// SPDX-License-Identifier: GPL-2.0-only
/*
 * vCPUs that come while their VM runs, and one whose file the VMM closes.
 */
#include <stdio.h>

#include "tests/l1/vmm/vmm.h"

#define VCPUS	5
#define EXITS	300

/* Indexes are in order of creation. KVM's id is the initial APIC ID. */
static const unsigned long ids[VCPUS] = { 0, 7, 3, 200, 1 };

static void expect_vcpu(struct vcpu *vcpus, uint32_t idx)
{
	struct leaf of_other = guest_leaf(&vcpus[0], KVM_EXIT_TRACE_LEAF_VCPU, idx);
	struct leaf of_own = guest_leaf(&vcpus[idx], KVM_EXIT_TRACE_LEAF_VCPU, idx);
	char text[80];

	snprintf(text, sizeof(text), "index %u: id", idx);
	expect(text, of_other.eax, ids[idx]);
	snprintf(text, sizeof(text), "index %u: the vCPU that asks, and no other", idx);
	expect(text, of_own.ebx && !of_other.ebx == !!idx, true);
}

/* A vCPU's exits at mark @entry, all slots together */
static uint64_t log_of(struct vcpu *vcpu, uint32_t entry, uint32_t idx)
{
	return guest_count(vcpu, KVM_EXIT_TRACE_LEAF_READ_LOG_VCPU,
			   entry << KVM_EXIT_TRACE_ENTRY_SHIFT | idx << KVM_EXIT_TRACE_VCPU_SHIFT |
			   KVM_EXIT_TRACE_SLOT_SUM);
}

/* The first vCPU runs, and marks. Then the others come while it runs. */
static void plug(struct vm *vm, struct vcpu *vcpus)
{
	struct kvm_regs regs = {};
	uint32_t i;

	vcpu_new(vm, &vcpus[0], ids[0]);
	vcpu_exits(&vcpus[0], EXITS);
	expect("one vCPU", guest_leaf(&vcpus[0], KVM_EXIT_TRACE_LEAF_SIZE, 0).eax, 1);
	expect("and index 1 is none", guest_leaf(&vcpus[0], KVM_EXIT_TRACE_LEAF_VCPU, 1).edx,
	       KVM_EXIT_TRACE_UNDEFINED);
	guest_leaf(&vcpus[0], KVM_EXIT_TRACE_LEAF_MARK, KVM_EXIT_TRACE_PHASE_CUSTOM);

	vcpu_start(&vcpus[0], guest_forever, &regs);
	for (i = 1; i < VCPUS; i++) {
		vcpu_rounds(&vcpus[0], 10);
		vcpu_new(vm, &vcpus[i], ids[i]);
		vcpu_exits(&vcpus[i], i * EXITS);
	}
	vcpu_rounds(&vcpus[0], 10);
	vcpu_stop(&vcpus[0]);
	expect("all vCPUs", guest_leaf(&vcpus[0], KVM_EXIT_TRACE_LEAF_SIZE, 0).eax, VCPUS);
	expect("and no more", guest_leaf(&vcpus[0], KVM_EXIT_TRACE_LEAF_VCPU, VCPUS).edx,
	       KVM_EXIT_TRACE_UNDEFINED);
}

static void counts(struct vcpu *vcpus)
{
	uint64_t kvm;
	char text[80];
	uint32_t i;

	for (i = 0; i < VCPUS; i++) {
		snprintf(text, sizeof(text), "index %u", i);
		expect_own(text, &vcpus[i], 0);
		expect_vcpu(vcpus, i);
	}
	expect_total("all", vcpus, VCPUS);
	expect("they are counted from the start", guest_leaf(&vcpus[0], KVM_EXIT_TRACE_LEAF_ABI, 0).edx,
	       KVM_EXIT_TRACE_FLAG_FROM_START);

	kvm = vcpu_stat(&vcpus[2], "exits");
	guest_leaf(&vcpus[0], KVM_EXIT_TRACE_LEAF_MARK, KVM_EXIT_TRACE_PHASE_CUSTOM);
	expect("a mark before it came has none of the third", log_of(&vcpus[0], 0, 2), 0);
	expect("one behind that has its exits", log_of(&vcpus[0], 1, 2), kvm);
}

int hotplug(int argc, char **argv)
{
	struct vcpu vcpus[VCPUS];
	uint64_t exits;
	struct vm vm;
	uint32_t i;

	vm_new(&vm);
	plug(&vm, vcpus);
	counts(vcpus);

	/* If a vCPU's file is closed, KVM keeps the vCPU, with its counts. */
	exits = vcpu_stat(&vcpus[3], "exits");
	vcpu_free(&vcpus[3]);
	expect("one is let go: its exits stay", guest_count(&vcpus[0], KVM_EXIT_TRACE_LEAF_READ,
							     3 << KVM_EXIT_TRACE_OWNER_SHIFT |
							     KVM_EXIT_TRACE_SLOT_SUM), exits);
	for (i = 0; i < VCPUS; i++)
		if (i != 3)
			vcpu_free(&vcpus[i]);
	vm_free(&vm);
	return 0;
}
