// SPDX-License-Identifier: GPL-2.0-only
/* mark: user space ends here, by a CPUID of this program's own. */
#include <kvm_exit_trace.h>

int main(void)
{
	int eax = KVM_EXIT_TRACE_LEAF_MARK, ebx, ecx = KVM_EXIT_TRACE_PHASE_USERSPACE, edx;

	asm volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
	return 0;
}
