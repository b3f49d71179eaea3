// SPDX-License-Identifier: GPL-2.0-only
/* This is a file of its own because host-bpf/ uses it, but nothing else of the reader. */
#include <asm/svm.h>

#include "tools/trace/host.h"

/* VMX: bits 15:0 are the basic reason (SDM vol. 3, "Exit reason"). */
#define VMX_BASIC_REASON	0xffff

unsigned int host_slot(bool vmx, __u64 reason)
{
	__u32 code = reason;

	if (vmx) {
		code &= VMX_BASIC_REASON;
		return code < KVM_EXIT_TRACE_VMX_DIRECT ?
			code : KVM_EXIT_TRACE_SLOT_OTHER;
	}
	if (code < KVM_EXIT_TRACE_SVM_DIRECT)
		return code;
	if (code - KVM_EXIT_TRACE_SVM_HIGH_BASE < KVM_EXIT_TRACE_SVM_HIGH_COUNT)
		return KVM_EXIT_TRACE_SVM_DIRECT + code -
			KVM_EXIT_TRACE_SVM_HIGH_BASE;
	return code == (__u32)SVM_EXIT_ERR ? KVM_EXIT_TRACE_SLOT_INVALID :
					     KVM_EXIT_TRACE_SLOT_OTHER;
}
