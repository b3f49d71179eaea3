// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest goes on in another VM, as after a migration.
 */
#include <err.h>
#include <string.h>

#include "tests/l1/vmm/pages.h"

#define EXITS	1000

/* Copy the VM's memory and its vCPU's registers, but no MSR. */
static void move(struct mirror *to, struct mirror *from)
{
	struct kvm_regs regs;

	mirror_new(to);
	memcpy(to->vm.memory, from->vm.memory, GUEST_MEMORY);
	memcpy(to->memory, from->memory, MIRROR_SIZE);
	request(from->vcpu.fd, KVM_GET_REGS, &regs);
	request(to->vcpu.fd, KVM_SET_SREGS, &from->vcpu.sregs);
	request(to->vcpu.fd, KVM_SET_REGS, &regs);
}

/* The counts begin at zero, and KVM does not write the page until it is registered again. */
static void moved(void)
{
	static struct mirror from, to;
	uint64_t msr;

	mirror_live(&from);
	vcpu_exits(&from.vcpu, EXITS);
	guest_leaf(&from.vcpu, KVM_EXIT_TRACE_LEAF_MARK, KVM_EXIT_TRACE_PHASE_CUSTOM);
	move(&to, &from);
	mirror_freeze(&to, to.memory);

	vcpu_exits(&to.vcpu, 1);
	expect_own("moved", &to.vcpu, 0);
	expect_total("moved", &to.vcpu, 1);
	expect("moved: marks", guest_leaf(&to.vcpu, KVM_EXIT_TRACE_LEAF_LOG, 0).eax, 0);
	expect("moved: the VM is counted from its start", guest_leaf(&to.vcpu, KVM_EXIT_TRACE_LEAF_ABI, 0).edx,
	       KVM_EXIT_TRACE_FLAG_FROM_START);
	expect("moved: the guest finds its page registered no more",
	       guest_msr_read(&to.vcpu, KVM_EXIT_TRACE_MSR_PAGE, &msr) && !msr, true);
	expect_frozen("moved: the page stays as it is", &to, to.memory);
	expect_own("and where it came from goes on", &from.vcpu, 0);
	expect_right("and where it came from", &from, from.memory);

	guest_msr_write(&to.vcpu, KVM_EXIT_TRACE_MSR_PAGE, MIRROR_MSR);
	vcpu_exits(&to.vcpu, 1);
	expect_right("registered again", &to, to.memory);
	mirror_free(&from);
	mirror_free(&to);
}

/* If the VMM also moves the MSR, the page moves, too. */
static void moved_with_msr(void)
{
	static struct mirror from, to;

	mirror_live(&from);
	vcpu_exits(&from.vcpu, EXITS);
	move(&to, &from);
	if (!host_msr_write(&to.vcpu, KVM_EXIT_TRACE_MSR_PAGE, mirror_msr(&from)))
		errx(1, "KVM does not take the MSR");
	vcpu_exits(&to.vcpu, 1);
	expect_right("moved with its MSR", &to, to.memory);
	mirror_free(&from);
	mirror_free(&to);
}

int restore(int argc, char **argv)
{
	moved();
	moved_with_msr();
	return 0;
}
