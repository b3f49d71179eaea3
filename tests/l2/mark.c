// SPDX-License-Identifier: GPL-2.0-only
/* mark: marks the end of user space by a CPUID of its own. */
#include "include/kvm_exit_trace.h"

int main(void)
{
	int eax = KVM_EXIT_TRACE_LEAF_MARK, ebx, ecx = KVM_EXIT_TRACE_PHASE_USERSPACE, edx;

	asm volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
	return 0;
}
