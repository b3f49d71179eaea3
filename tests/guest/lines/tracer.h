/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A tracer for the payload without KVM.  It is included in front of all the payload's files,
 * and gives all answers that a boot of Linux needs.  It counts nothing and has no marks.
 */
#ifdef __i386__		/* not for bootexits-init, which finds no tracer */
#ifndef TRACER_H
#define TRACER_H

#include "include/kvm_exit_trace.h"
#include "payload/lib/self.h"

#define TSC_KHZ	1000000	/* QEMU's TSC with -icount */

/* The number of CPUs: SDM vol. 2, CPUID leaf 1, EBX bits 23 to 16 */
static inline u32 tracer_vcpus(void)
{
	struct regs r = { .eax = 1 };

	self_cpuid(&r);
	return r.edx & 1 << 28 ? r.ebx >> 16 & 0xff : 1;
}

static inline void tracer_cpuid(struct regs *r)
{
	struct regs asked = *r;

	*r = (struct regs){ .edx = KVM_EXIT_TRACE_UNDEFINED };
	switch (asked.eax) {
	case KVM_EXIT_TRACE_LEAF_SIGNATURE:
		*r = (struct regs){ KVM_EXIT_TRACE_LEAF_MARK, KVM_EXIT_TRACE_SIGNATURE_EBX,
				    KVM_EXIT_TRACE_SIGNATURE_ECX, KVM_EXIT_TRACE_SIGNATURE_EDX };
		break;
	case KVM_EXIT_TRACE_LEAF_ABI:
		*r = (struct regs){ .eax = KVM_EXIT_TRACE_REVISION };
		break;
	case KVM_EXIT_TRACE_LEAF_SIZE:
		*r = (struct regs){ tracer_vcpus(), 1, 0, TSC_KHZ };
		break;
	case KVM_EXIT_TRACE_LEAF_VCPU:
		*r = (struct regs){ .eax = asked.ecx,
				    .ebx = asked.ecx == (is_observer() ? tracer_vcpus() - 1 : 0) };
		break;
	}
}

#define self_cpuid tracer_cpuid

#endif
#endif
