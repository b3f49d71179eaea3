// SPDX-License-Identifier: GPL-2.0-only
/*
 * badentry REASON: a VM that can't be entered at first.  Its CR3 is not a valid physical address.
 * VMX and SVM refuse this in any mode (SDM vol. 3, 27.3.1.1; APM vol. 2, 15.5.1), but KVM checks it
 * only in long mode.  Prints what KVM_RUN answered.  Then CR3 is corrected, and the guest reads by
 * CPUID the count of REASON, then the total.  Only a HLT follows.  Prints these, and stat.exits.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "include/kvm_exit_trace.h"

#define PAGE		4096
#define CR3_NO_ADDRESS	(1ULL << 60)

static const char code[] = "\x0f\xa2\xf4"; /* cpuid; hlt */
static int vm, vcpu;
static struct kvm_run *run;

static int request(int fd, unsigned long number, void *argument)
{
	int r = ioctl(fd, number, argument);

	if (r < 0)
		err(1, "ioctl 0x%lx", number);
	return r;
}

static void create(void)
{
	int kvm = open("/dev/kvm", O_RDWR);
	struct kvm_userspace_memory_region region = { .memory_size = PAGE };
	void *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (kvm < 0 || memory == MAP_FAILED)
		err(1, "kvm");
	memcpy(memory, code, sizeof(code));
	region.userspace_addr = (unsigned long)memory;
	vm = request(kvm, KVM_CREATE_VM, NULL);
	request(vm, KVM_SET_USER_MEMORY_REGION, &region);
	vcpu = request(vm, KVM_CREATE_VCPU, NULL);
	run = mmap(NULL, request(kvm, KVM_GET_VCPU_MMAP_SIZE, NULL), PROT_READ | PROT_WRITE,
		   MAP_SHARED, vcpu, 0);
	if (run == MAP_FAILED)
		err(1, "kvm_run");
}

/* The state after a reset, except that code begins at address 0 */
static void set_state(int bad)
{
	static struct kvm_sregs good;
	struct kvm_sregs sregs;

	if (!good.cs.limit)
		request(vcpu, KVM_GET_SREGS, &good);
	good.cs.base = 0;
	good.cs.selector = 0;
	sregs = good;
	if (bad)
		sregs.cr3 = CR3_NO_ADDRESS;
	request(vcpu, KVM_SET_SREGS, &sregs);
}

/* EAX and EBX of a CPUID, as one number */
static unsigned long guest_cpuid(unsigned int leaf, unsigned int index)
{
	struct kvm_regs regs = { .rax = leaf, .rcx = index, .rflags = 2 };

	request(vcpu, KVM_SET_REGS, &regs);
	request(vcpu, KVM_RUN, NULL);
	if (run->exit_reason != KVM_EXIT_HLT)
		errx(1, "exit reason %u of the good state", run->exit_reason);
	request(vcpu, KVM_GET_REGS, &regs);
	return regs.rbx << 32 | (unsigned int)regs.rax;
}

static unsigned long stat_exits(void)
{
	unsigned long exits = 0;
	char path[80];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/debug/kvm/%d-%d/exits", getpid(), vm);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%lu", &exits) != 1)
		err(1, "%s", path);
	return exits;
}

int main(int argc, char **argv)
{
	unsigned long count, total;

	if (argc != 2)
		errx(2, "usage: badentry REASON");
	create();
	set_state(1);
	request(vcpu, KVM_RUN, NULL);
	printf("badentry exit=%u reason=0x%llx", run->exit_reason,
	       run->exit_reason == KVM_EXIT_FAIL_ENTRY ?
	       run->fail_entry.hardware_entry_failure_reason : 0);
	set_state(0);
	count = guest_cpuid(KVM_EXIT_TRACE_LEAF_REASON, strtoul(argv[1], NULL, 0));
	total = guest_cpuid(KVM_EXIT_TRACE_LEAF_TOTAL, 0);
	printf(" count=%lu total=%lu exits=%lu\n", count, total, stat_exits());
	return 0;
}
