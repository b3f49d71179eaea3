// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mirrored page: what it costs, what it says, how it is registered, and what is refused.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/l1/vmm/pages.h"

#define POLLS		100000
#define HIGH_SLOT	2
#define HIGH_GPA	0x100000000
#define MAXPHYADDR	36	/* for a vCPU without CPUID */

static struct kvm_regs abi(struct vcpu *vcpu)
{
	struct kvm_regs regs = { .rax = KVM_EXIT_TRACE_LEAF_ABI };

	vcpu_call(vcpu, guest_cpuid, &regs);
	return regs;
}

static bool offered(struct vcpu *vcpu)
{
	return abi(vcpu).rcx & KVM_EXIT_TRACE_FEATURE_PAGE;
}

/* There is neither the feature nor the MSR: it is stock KVM, or a parameter is off. */
int page_off(int argc, char **argv)
{
	static struct mirror m;
	uint64_t value;

	mirror_new(&m);
	expect("CPUID does not have the feature", offered(&m.vcpu), false);
	expect("WRMSR gets #GP", guest_msr_write(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, MIRROR_MSR), false);
	expect("RDMSR gets #GP", guest_msr_read(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, &value), false);
	expect("KVM_SET_MSRS does not know it",
	       host_msr_write(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, MIRROR_MSR), false);
	expect("KVM_GET_MSRS does not know it",
	       host_msr_read(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, &value), false);
	memset(m.old, PATTERN, MIRROR_SIZE);
	expect_frozen("memory stays as it is", &m, m.memory);
	mirror_free(&m);
	return 0;
}

/* A vCPU's exits, without those by which the host takes the CPU */
static uint64_t own_exits(struct vcpu *vcpu)
{
	const char *interrupts = abi(vcpu).rbx == KVM_EXIT_TRACE_VENDOR_SVM ?
		"exits_interrupt" : "exits_external_interrupt";

	return vcpu_stat(vcpu, "exit_trace_exits") - vcpu_stat(vcpu, interrupts);
}

static void polls(struct mirror *m)
{
	struct kvm_regs regs = { .rbx = MIRROR_GPA + MIRROR_AT, .rsi = 1 };
	uint64_t before;

	vcpu_call(&m->vcpu, guest_poll, &regs);	/* the first access causes an NPF */
	before = own_exits(&m->vcpu);
	regs.rsi = POLLS;
	vcpu_call(&m->vcpu, guest_poll, &regs);
	expect("what the guest read is what stands there", (uint32_t)regs.rdx,
	       (uint32_t)mirror64(m->memory, KVM_EXIT_TRACE_PAGE_EXITS));
	expect("100,000 polls add no exit: there are a CPUID and two OUTs",
	       own_exits(&m->vcpu) - before, 3);

	before = own_exits(&m->vcpu);
	vcpu_exits(&m->vcpu, 1000);
	expect("1,000 CPUIDs add 1,000", own_exits(&m->vcpu) - before, 1003);
}

int page(int argc, char **argv)
{
	static struct mirror m;
	uint64_t value;

	mirror_new(&m);
	expect("CPUID has the feature", offered(&m.vcpu), true);
	expect("RDMSR reads 0 at first", guest_msr_read(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, &value) ? value : 1, 0);
	expect("WRMSR takes the page", guest_msr_write(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, MIRROR_MSR), true);
	expect_right("registered", &m, m.memory);
	expect("RDMSR has the value", guest_msr_read(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, &value) ? value : 0,
	       MIRROR_MSR);
	expect("KVM_GET_MSRS, too", host_msr_read(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, &value) ? value : 0,
	       MIRROR_MSR);
	polls(&m);
	expect_right("polled", &m, m.memory);

	expect("WRMSR of 0 ends it", guest_msr_write(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, 0), true);
	expect("its flags are 0", mirror32(m.memory, KVM_EXIT_TRACE_PAGE_FLAGS), 0);
	mirror_freeze(&m, m.memory);
	expect_frozen("it is never written again", &m, m.memory);
	memset(m.memory, PATTERN, MIRROR_SIZE);
	memset(m.old, PATTERN, MIRROR_SIZE);
	expect_frozen("nor is what the guest then has there", &m, m.memory);

	expect("KVM_SET_MSRS takes it, too", host_msr_write(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, MIRROR_MSR), true);
	vcpu_exits(&m.vcpu, 10);
	expect_right("registered again", &m, m.memory);
	mirror_free(&m);
	return 0;
}

/* A write is refused, and the vCPU and the MSR still work. */
static void refused(struct mirror *m, const char *what, uint64_t value)
{
	char text[120];
	bool taken = guest_msr_write(&m->vcpu, KVM_EXIT_TRACE_MSR_PAGE, value);

	snprintf(text, sizeof(text), "0x%llx gets #GP: %s", (unsigned long long)value, what);
	vcpu_exits(&m->vcpu, 10);
	expect(text, taken || mirror_msr(m), false);
}

static void *slot_at(struct mirror *m, uint32_t slot, uint32_t flags, uint64_t gpa)
{
	unsigned char *memory = memory_new(MIRROR_SIZE);

	vm_slot(&m->vm, slot, flags, gpa, MIRROR_SIZE, memory);
	return memory;
}

int page_hostile(int argc, char **argv)
{
	static struct mirror m;
	unsigned char *high, *hidden, *gone;
	uint64_t bit;

	mirror_new(&m);
	high = slot_at(&m, HIGH_SLOT, 0, HIGH_GPA);
	slot_at(&m, 3, KVM_MEM_READONLY, 0x200000);
	hidden = slot_at(&m, 4, 0, 0x300000);
	gone = slot_at(&m, 5, 0, 0x400000);
	mprotect(hidden, MIRROR_SIZE, PROT_READ);
	munmap(gone, MIRROR_SIZE);

	for (bit = 2; bit < KVM_EXIT_TRACE_PAGE_SIZE; bit <<= 1)
		refused(&m, "a reserved bit", MIRROR_MSR + bit);
	refused(&m, "a reserved bit, and not registered", bit >> 1);
	refused(&m, "behind the slot", MIRROR_GPA + MIRROR_SIZE + 1);
	refused(&m, "ahead of it", MIRROR_GPA - KVM_EXIT_TRACE_PAGE_SIZE + 1);
	refused(&m, "the APIC's MMIO", 0xfee00000 + 1);
	refused(&m, "the last below MAXPHYADDR", (1ULL << MAXPHYADDR) - KVM_EXIT_TRACE_PAGE_SIZE + 1);
	refused(&m, "MAXPHYADDR", MIRROR_MSR + (1ULL << MAXPHYADDR));
	refused(&m, "the highest bit", MIRROR_MSR + (1ULL << 63));
	refused(&m, "the last of all", ~0ULL - KVM_EXIT_TRACE_PAGE_SIZE + 2);
	refused(&m, "a slot that can't be written", 0x200000 + 1);
	refused(&m, "memory that the VMM can't write", 0x300000 + 1);
	refused(&m, "memory that the VMM has no more", 0x400000 + 1);
	expect("such memory stays as it is", mirror64(hidden, 0) | mirror32(high, 0), 0);

	expect("the last 64 bytes of a slot are taken", guest_msr_write(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE,
		MIRROR_GPA + MIRROR_SIZE - KVM_EXIT_TRACE_PAGE_SIZE + 1), true);
	expect("and live", mirror_is_live(m.memory + MIRROR_SIZE - KVM_EXIT_TRACE_PAGE_SIZE - MIRROR_AT), true);
	expect("above 4 GiB, too", guest_msr_write(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, HIGH_GPA + 1), true);
	expect("and live", mirror_is_live(high - MIRROR_AT), true);
	expect("which ended the one before",
	       mirror_is_live(m.memory + MIRROR_SIZE - KVM_EXIT_TRACE_PAGE_SIZE - MIRROR_AT), false);

	expect("a reserved bit leaves it", guest_msr_write(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, MIRROR_MSR + 2) ||
	       !mirror_is_live(high - MIRROR_AT) || mirror_msr(&m) != HIGH_GPA + 1, false);
	expect("no memory there ends it", guest_msr_write(&m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, 0x500001) ||
	       mirror_is_live(high - MIRROR_AT) || mirror_msr(&m), false);
	mirror_free(&m);
	return 0;
}
