// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the tests of the mirrored page share.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/l1/vmm/pages.h"

uint32_t mirror32(const void *memory, unsigned int what)
{
	return *(const volatile uint32_t *)(memory + MIRROR_AT + what);
}

uint64_t mirror64(const void *memory, unsigned int what)
{
	return *(const volatile uint64_t *)(memory + MIRROR_AT + what);
}

bool mirror_is_live(const void *memory)
{
	return mirror32(memory, KVM_EXIT_TRACE_PAGE_FLAGS) & KVM_EXIT_TRACE_PAGE_LIVE;
}

uint64_t mirror_msr(struct mirror *m)
{
	uint64_t value;

	return host_msr_read(&m->vcpu, KVM_EXIT_TRACE_MSR_PAGE, &value) ? value : 1;
}

void mirror_fill(struct mirror *m)
{
	memset(m->memory, PATTERN, MIRROR_AT);
	memset(m->memory + MIRROR_AT + KVM_EXIT_TRACE_PAGE_SIZE, PATTERN,
	       MIRROR_SIZE - MIRROR_AT - KVM_EXIT_TRACE_PAGE_SIZE);
}

void mirror_new(struct mirror *m)
{
	vm_new(&m->vm);
	m->memory = memory_new(MIRROR_SIZE);
	memset(m->memory, PATTERN, MIRROR_SIZE);
	vm_slot(&m->vm, MIRROR_SLOT, 0, MIRROR_GPA, MIRROR_SIZE, m->memory);
	vcpu_new(&m->vm, &m->vcpu, 0);
}

void mirror_live(struct mirror *m)
{
	mirror_new(m);
	if (!guest_msr_write(&m->vcpu, KVM_EXIT_TRACE_MSR_PAGE, MIRROR_MSR))
		errx(1, "KVM does not take the page");
}

void mirror_free(struct mirror *m)
{
	vcpu_free(&m->vcpu);
	vm_free(&m->vm);
	munmap(m->memory, MIRROR_SIZE);
}

void mirror_start(struct mirror *m)
{
	struct kvm_regs regs = {};

	vcpu_start(&m->vcpu, guest_forever, &regs);
	vcpu_rounds(&m->vcpu, 10);
}

static unsigned int changed(const unsigned char *memory)
{
	unsigned int i, n = 0;

	for (i = 0; i < MIRROR_SIZE; i++)
		if (i - MIRROR_AT >= KVM_EXIT_TRACE_PAGE_SIZE && memory[i] != PATTERN)
			n++;
	return n;
}

void expect_right(const char *name, struct mirror *m, const void *memory)
{
	uint64_t sum = mirror64(memory, KVM_EXIT_TRACE_PAGE_GUEST);
	char text[120];
	unsigned int i;

	/* The page lacks the last exit, which is the OUT. */
	snprintf(text, sizeof(text), "%s: its exits", name);
	expect(text, mirror64(memory, KVM_EXIT_TRACE_PAGE_EXITS) + 1, vcpu_stat(&m->vcpu, "exit_trace_exits"));
	for (i = 0; i < KVM_EXIT_TRACE_NR_CLOCKS; i++)
		sum += mirror64(memory, KVM_EXIT_TRACE_PAGE_CLOCKS + 8 * i);
	snprintf(text, sizeof(text), "%s: its clocks add up", name);
	expect(text, sum, mirror64(memory, KVM_EXIT_TRACE_PAGE_ELAPSED));
	snprintf(text, sizeof(text), "%s: it is live and its version even, and nothing else has changed", name);
	expect(text, mirror_is_live(memory) && mirror32(memory, KVM_EXIT_TRACE_PAGE_VERSION) % 2 == 0 &&
	       !changed(memory), true);
}

void mirror_freeze(struct mirror *m, const void *memory)
{
	memcpy(m->old, memory, MIRROR_SIZE);
}

void expect_frozen(const char *name, struct mirror *m, const void *memory)
{
	vcpu_exits(&m->vcpu, 1000);
	expect(name, memcmp(m->old, memory, MIRROR_SIZE), 0);
}

void expect_frozen_running(const char *name, struct mirror *m, const void *memory)
{
	vcpu_rounds(&m->vcpu, 2);
	mirror_freeze(m, memory);
	vcpu_rounds(&m->vcpu, 100);
	expect(name, memcmp(m->old, memory, MIRROR_SIZE), 0);
}
