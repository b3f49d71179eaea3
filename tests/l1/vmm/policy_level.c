// SPDX-License-Identifier: GPL-2.0-only
/* With exit_trace_cpl0, only code at CPL 0 gets answers. Other code finds stock KVM's. */
#include <string.h>

#include "tests/l1/vmm/policy.h"

/* The answer to a CPUID that exits, or to one that KVM emulates */
static struct leaf answer(struct vcpu *vcpu, const char *code, uint32_t leaf)
{
	struct kvm_regs regs = { .rax = leaf };

	vcpu_call(vcpu, code, &regs);
	return (struct leaf){ regs.rax, regs.rbx, regs.rcx, regs.rdx };
}

/* Is each leaf's answer that of stock KVM? */
static bool stock(struct vcpu *vcpu, const char *code, const struct leaf *stock)
{
	static const uint32_t leaves[] = { KVM_EXIT_TRACE_LEAF_SIGNATURE, KVM_EXIT_TRACE_LEAF_OWN,
					   KVM_EXIT_TRACE_LEAF_TOTAL, KVM_EXIT_TRACE_LEAF_BOTH };
	struct leaf got;
	unsigned int i;

	for (i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++) {
		got = answer(vcpu, code, leaves[i]);
		if (memcmp(&got, stock, sizeof(got)))
			return false;
	}
	return true;
}

/* Does KVM take a mark by the port? */
static bool marks(struct vcpu *vcpu)
{
	struct kvm_regs regs = { .rax = KVM_EXIT_TRACE_PHASE_CUSTOM };

	vcpu_set(vcpu, guest_mark, &regs);
	if (vcpu_run(vcpu) != KVM_EXIT_IO)
		return false;
	if (vcpu->run->io.port == GUEST_PORT)
		return true;
	vcpu_run(vcpu);		/* go on to the other OUT */
	return false;
}

static void both_levels(struct vcpu *vcpu, const struct leaf *none, bool refused)
{
	uint64_t entries;

	vcpu_level(vcpu, 3);
	expect("CPL 3: CPUID is stock KVM's", stock(vcpu, guest_cpuid, none), refused);
	expect("emulated, too", stock(vcpu, guest_emulated, none), refused);
	expect("the port takes marks", marks(vcpu), !refused);
	vcpu_level(vcpu, 0);
	expect("CPL 0: CPUID is answered", guest_traced(vcpu), 1);
	expect("emulated, too", stock(vcpu, guest_emulated, none), 0);
	entries = guest_leaf(vcpu, KVM_EXIT_TRACE_LEAF_LOG, 0).eax;
	expect("the port takes marks", marks(vcpu), 1);
	expect("which are in the log", guest_leaf(vcpu, KVM_EXIT_TRACE_LEAF_LOG, 0).eax, entries + 1);
	expect("each exit is counted", traced(vcpu), exits(vcpu));
}

int policy_level(int argc, char **argv)
{
	struct leaf none;
	struct vcpu vcpu;
	struct vm vm;

	parameter("exit_trace", false);
	vm_new(&vm);
	vcpu_new(&vm, &vcpu, 0);
	vcpu_level(&vcpu, 3);
	none = answer(&vcpu, guest_cpuid, KVM_EXIT_TRACE_LEAF_SIGNATURE);
	expect("off: CPUID is stock KVM's", stock(&vcpu, guest_cpuid, &none), 1);
	expect("emulated, too", stock(&vcpu, guest_emulated, &none), 1);
	vm_free(&vm);
	vcpu_free(&vcpu);

	parameter("exit_trace", true);
	vm_new(&vm);
	vcpu_new(&vm, &vcpu, 0);
	both_levels(&vcpu, &none, false);
	parameter("exit_trace_cpl0", true);
	both_levels(&vcpu, &none, true);
	parameter("exit_trace_cpl0", false);
	both_levels(&vcpu, &none, false);
	vm_free(&vm);
	return 0;
}
