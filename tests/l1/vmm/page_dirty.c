// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mirrored page is memory that a migration has to copy, so it must be in dirty logs.
 */
#include <err.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "tests/l1/vmm/pages.h"

#define RING_ENTRIES	1024
#define MSR_TSC_DEADLINE 0x6e0

/* A bit for each page of the memslot that was written since the last call */
static uint64_t dirty(struct mirror *m)
{
	uint64_t bits = 0;
	struct kvm_dirty_log log = { .slot = MIRROR_SLOT, .dirty_bitmap = &bits };

	request(m->vm.fd, KVM_GET_DIRTY_LOG, &log);
	return bits;
}

static void bitmap(void)
{
	static struct mirror m;

	mirror_live(&m);
	vm_slot(&m.vm, MIRROR_SLOT, KVM_MEM_LOG_DIRTY_PAGES, MIRROR_GPA, MIRROR_SIZE, m.memory);
	vcpu_exits(&m.vcpu, 10);
	expect("in the dirty log is its page, alone", dirty(&m), 1 << MIRROR_AT / PAGE);
	vcpu_exits(&m.vcpu, 1);
	expect("again after the next entry", dirty(&m), 1 << MIRROR_AT / PAGE);
	expect("without one it is not", dirty(&m), 0);
	guest_msr_write(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, 0);
	expect("its end is in the log", dirty(&m), 1 << MIRROR_AT / PAGE);
	vcpu_exits(&m.vcpu, 10);
	expect("and the last of it", dirty(&m), 0);
	mirror_free(&m);
}

/* When only a few entries of the ring are free, KVM exits to the VMM, whatever the guest does. */
static void ring(const char *code, uint32_t msr, const char *name)
{
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_DIRTY_LOG_RING,
		.args = { RING_ENTRIES * sizeof(struct kvm_dirty_gfn) },
	};
	struct kvm_regs regs = { .rsi = 16 * RING_ENTRIES, .rcx = msr, .rax = ~0U, .rdx = ~0U };
	struct kvm_dirty_gfn *entries;
	static struct mirror m;
	unsigned int i, used = 0;

	vm_new(&m.vm);
	request(m.vm.fd, KVM_ENABLE_CAP, &cap);
	m.memory = memory_new(MIRROR_SIZE);
	vm_slot(&m.vm, MIRROR_SLOT, KVM_MEM_LOG_DIRTY_PAGES, MIRROR_GPA, MIRROR_SIZE, m.memory);
	vcpu_new(&m.vm, &m.vcpu, 0);
	entries = mmap(NULL, cap.args[0], PROT_READ | PROT_WRITE, MAP_SHARED, m.vcpu.fd,
		       KVM_DIRTY_LOG_PAGE_OFFSET * PAGE);
	if (entries == MAP_FAILED)
		err(1, "dirty ring");
	if (!guest_msr_write(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, MIRROR_MSR))
		errx(1, "KVM does not take the page");
	vcpu_set(&m.vcpu, code, &regs);
	expect(name, vcpu_run(&m.vcpu), KVM_EXIT_DIRTY_RING_FULL);
	for (i = 0; i < RING_ENTRIES; i++)
		used += entries[i].flags & KVM_DIRTY_GFN_F_DIRTY && entries[i].slot == MIRROR_SLOT &&
			entries[i].offset == MIRROR_AT / PAGE;
	expect("what is in it is the page, and not all is used", used && used < RING_ENTRIES, true);
	munmap(entries, cap.args[0]);
	mirror_free(&m);
}

int page_dirty(int argc, char **argv)
{
	bitmap();
	ring(guest_exits, 0, "the dirty ring gets full");
	/* After these, KVM on VMX re-enters the guest without checking the ring. */
	ring(guest_wrmsrs, MSR_TSC_DEADLINE, "the same by writes to the TSC deadline");
	return 0;
}
