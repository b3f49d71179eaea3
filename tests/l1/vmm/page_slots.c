// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mirrored page, while the VMM takes away its memslot, or the memory under it.
 */
#include <err.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/l1/vmm/pages.h"

#define SWITCHES	300

static void slot(struct mirror *m, uint64_t gpa, void *memory)
{
	vm_slot(&m->vm, MIRROR_SLOT, 0, gpa, memory ? MIRROR_SIZE : 0, memory);
}

static void *pattern(void)
{
	return memset(memory_new(MIRROR_SIZE), PATTERN, MIRROR_SIZE);
}

static void deleted(void)
{
	static struct mirror m;

	mirror_live(&m);
	mirror_start(&m);
	slot(&m, MIRROR_GPA, NULL);
	mirror_freeze(&m, m.memory);
	vcpu_rounds(&m.vcpu, 100);
	expect("its slot deleted, memory is never written again",
	       memcmp(m.old, m.memory, MIRROR_SIZE), 0);
	slot(&m, MIRROR_GPA, m.memory);
	vcpu_rounds(&m.vcpu, 100);
	expect("nor when the slot is back", memcmp(m.old, m.memory, MIRROR_SIZE), 0);
	vcpu_stop(&m.vcpu);
	expect("for it is registered no more", mirror_msr(&m), 0);
	mirror_free(&m);
}

static void replaced(void)
{
	unsigned char *other = pattern();
	static struct mirror m;

	mirror_live(&m);
	slot(&m, MIRROR_GPA, NULL);
	slot(&m, MIRROR_GPA, other);
	mirror_freeze(&m, m.memory);
	expect_frozen("another memory behind the slot, the old is never written again", &m, m.memory);
	expect_right("another memory behind the slot, it is there", &m, other);
	mirror_free(&m);
	munmap(other, MIRROR_SIZE);
}

/* To move a memslot is one operation of KVM. */
static void moved(void)
{
	unsigned char *other = pattern();
	static struct mirror m;

	mirror_live(&m);
	mirror_start(&m);
	slot(&m, 2 * MIRROR_GPA, m.memory);
	mirror_freeze(&m, m.memory);
	vcpu_rounds(&m.vcpu, 100);
	expect("its slot moved, memory is never written again", memcmp(m.old, m.memory, MIRROR_SIZE), 0);
	vcpu_stop(&m.vcpu);
	expect("and it is registered no more", mirror_msr(&m), 0);
	mirror_free(&m);

	mirror_live(&m);
	slot(&m, 2 * MIRROR_GPA, m.memory);
	vm_slot(&m.vm, 2, 0, MIRROR_GPA, MIRROR_SIZE, other);
	mirror_freeze(&m, m.memory);
	expect_frozen("another slot in its place, the old is never written again", &m, m.memory);
	expect_right("another slot in its place, it is there", &m, other);
	mirror_free(&m);
	munmap(other, MIRROR_SIZE);
}

static void unmapped(void)
{
	static struct mirror m;

	mirror_live(&m);
	mirror_start(&m);
	munmap(m.memory, MIRROR_SIZE);
	vcpu_rounds(&m.vcpu, 100);
	if (mmap(m.memory, MIRROR_SIZE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != m.memory)
		err(1, "mmap");
	memset(m.old, 0, MIRROR_SIZE);
	vcpu_rounds(&m.vcpu, 100);
	expect("its memory unmapped, what comes there is never written",
	       memcmp(m.old, m.memory, MIRROR_SIZE), 0);
	vcpu_stop(&m.vcpu);
	expect("for it is registered no more", mirror_msr(&m), 0);
	mirror_free(&m);
}

static void protected(void)
{
	static struct mirror m;

	mirror_live(&m);
	mirror_start(&m);
	mprotect(m.memory, MIRROR_SIZE, PROT_READ);
	expect_frozen_running("its memory read-only, it is never written again", &m, m.memory);
	mprotect(m.memory, MIRROR_SIZE, PROT_READ | PROT_WRITE);
	vcpu_rounds(&m.vcpu, 100);
	expect("nor when it can be written", memcmp(m.old, m.memory, MIRROR_SIZE), 0);
	vcpu_stop(&m.vcpu);
	expect("for it is registered no more", mirror_msr(&m), 0);
	mirror_free(&m);
}

/* The memslot gets two memories in turn, while the guest registers its page without a pause. */
static void in_turn(void)
{
	struct kvm_regs regs = {
		.rbx = MIRROR_MSR,
		.rdi = GUEST_CODE + (guest_registered - guest_begin),
	};
	unsigned char *both[2] = { pattern(), pattern() };
	unsigned int i, wrong = 0, dead = 0;
	static struct mirror m;

	mirror_new(&m);
	vcpu_start(&m.vcpu, guest_register, &regs);
	for (i = 0; i < SWITCHES; i++) {
		unsigned char *memory = both[i % 2];

		slot(&m, MIRROR_GPA, NULL);
		mirror_freeze(&m, both[(i + 1) % 2]);
		slot(&m, MIRROR_GPA, memory);
		memset(memory + MIRROR_AT, 0, KVM_EXIT_TRACE_PAGE_SIZE);
		vcpu_rounds(&m.vcpu, 3);
		/* Don't check the flags: the page ends and begins again in each round. */
		dead += !mirror64(memory, KVM_EXIT_TRACE_PAGE_EXITS);
		wrong += !!memcmp(m.old, both[(i + 1) % 2], MIRROR_SIZE);
	}
	vcpu_stop(&m.vcpu);
	expect("300 times its slot is deleted and has another memory: the old is not written", wrong, 0);
	expect("the new is, each time", dead, 0);
	mirror_free(&m);
	munmap(both[0], MIRROR_SIZE);
	munmap(both[1], MIRROR_SIZE);
}

int page_slots(int argc, char **argv)
{
	deleted();
	replaced();
	moved();
	unmapped();
	protected();
	in_turn();
	return 0;
}
