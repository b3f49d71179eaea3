/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Boundaries that KVM sees in a boot of any guest.  A boundary is looked for at each entry, until
 * it was found, or until the guest itself marks a phase.
 */
#ifndef BOUNDARIES_BPF_H
#define BOUNDARIES_BPF_H

#include "host-bpf/snapshots.bpf.h"

#define EFER_LMA		(1u << 10)	/* arch/x86/include/asm/msr-index.h */
#define X86_EFLAGS_VM		(1u << 17)	/* arch/x86/include/uapi/asm/processor-flags.h */
#define VCPU_REGS_RIP		16	/* arch/x86/include/asm/kvm_host.h */
#define KERNEL_ADDRESS(address)	((__s64)(address) < 0)

/*
 * Has the guest given KVM a page for its clock, or told it which OS it is, as Hyper-V has it?
 * SeaBIOS has a page, too, to learn the TSC's frequency, and leaves it there.
 */
static __always_inline bool os_is_known(struct kvm_vcpu *vcpu, bool lma)
{
	__u64 clock = setup.clock ? FIELD(__u64, vcpu, clock) : 0;

	if (!lma && !FIELD(__u32, vcpu, index))
		firmware_clock = clock;
	return lma && ((!FIELD(__u32, vcpu, index) && clock != firmware_clock) ||
		       (setup.hyperv && READ(__u64, FIELD(__u64, vcpu, kvm), os_id)));
}

/*
 * SVM: the VMCB has the CPL of the last exit.  In virtual-8086 mode that is 3, too, but some
 * loaders call the BIOS in this mode.
 */
static __always_inline bool svm_at_cpl3(const struct exits_vcpu *trace)
{
	return trace->vmcb && READ(__u8, trace->vmcb, cpl) == 3 &&
		!(READ(__u64, trace->vmcb, rflags) & X86_EFLAGS_VM);
}

/*
 * VMX: only KVM can read the VMCS.  If it has read RIP for this exit, the address tells: kernels of
 * 64 bits run in the upper half, and their programs in the lower one.  So does a boot loader, but
 * before the kernel.
 */
static __always_inline bool vmx_at_cpl3(struct exits_vcpu *trace, struct kvm_vcpu *vcpu)
{
	__u64 rip = 0;

	if (!(FIELD(__u32, vcpu, regs_avail) & 1u << VCPU_REGS_RIP))
		return false;
	bpf_probe_read_kernel(&rip, sizeof(rip), (void *)vcpu + setup.at.regs + VCPU_REGS_RIP * sizeof(rip));
	if (KERNEL_ADDRESS(rip))
		trace->in_kernel = 1;
	return trace->in_kernel && !KERNEL_ADDRESS(rip);
}

/* Returns which boundaries the vCPU has reached.  Those that are not sought any more are no matter. */
static __always_inline __u32 reached(struct exits_vcpu *trace, struct kvm_vcpu *vcpu, bool first)
{
	bool lma = FIELD(__u64, vcpu, efer) & EFER_LMA;
	__u32 bits = 0;

	if (first && FIELD(__u32, vcpu, index))
		bits |= 1u << EXITS_SECOND_CPU;
	if (lma)
		bits |= 1u << EXITS_LONG_MODE;
	if (sought & 1u << EXITS_OS && os_is_known(vcpu, lma))
		bits |= 1u << EXITS_OS;
	if (sought & 1u << EXITS_CPL3 && (setup.vmx ? lma && vmx_at_cpl3(trace, vcpu) : svm_at_cpl3(trace)))
		bits |= 1u << EXITS_CPL3;
	return bits & sought;
}

/* If two come at once, the later one's phase is empty.  A mark that is being made comes first. */
static __always_inline void seek(struct exits_vcpu *trace, struct kvm_vcpu *vcpu, bool first)
{
	__u32 bits = reached(trace, vcpu, first), boundary;

	for (boundary = 0; bits && boundary < EXITS_BOUNDARIES; boundary++)
		if (bits & 1u << boundary && take_mark(FIELD(__u32, vcpu, index), EXITS_PHASE_BOUNDARY + boundary))
			__sync_fetch_and_and(&sought, ~(1u << boundary));
	if (!(sought & 1u << EXITS_CPL3))
		sought = 0;	/* it is the last one */
}

#endif
