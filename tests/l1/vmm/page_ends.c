// SPDX-License-Identifier: GPL-2.0-only
/*
 * What ends a mirrored page, and two mirrored pages.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/l1/vmm/pages.h"

/* SDM vol. 3, 11.6.1: the interrupt command register */
#define APIC_ICR	0xfee00300
#define APIC_ICR_HIGH	0xfee00310
#define ICR_INIT	0x4500

/* KVM has cleared LIVE, and never writes this memory again. */
static void ended(struct mirror *m, const char *how)
{
	char text[120];

	snprintf(text, sizeof(text), "%s: its flags are 0", how);
	expect(text, mirror32(m->memory, KVM_EXIT_TRACE_PAGE_FLAGS), 0);
	mirror_freeze(m, m->memory);
	snprintf(text, sizeof(text), "%s: it is never written again", how);
	expect_frozen(text, m, m->memory);
}

static void mp_state(void)
{
	struct kvm_mp_state runnable = { KVM_MP_STATE_RUNNABLE };
	static struct mirror m;

	mirror_live(&m);
	request(m.vcpu.fd, KVM_SET_MP_STATE, &runnable);
	ended(&m, "KVM_SET_MP_STATE");
	expect("KVM_SET_MP_STATE: it is registered no more", mirror_msr(&m), 0);
	mirror_free(&m);
}

static void store(struct vcpu *vcpu, uint64_t gpa, uint32_t value)
{
	struct kvm_regs regs = { .rbx = gpa, .rax = value };

	vcpu_call(vcpu, guest_store, &regs);
}

static void init(void)
{
	struct kvm_mp_state runnable = { KVM_MP_STATE_RUNNABLE };
	static struct mirror m;
	struct vcpu other;

	mirror_live(&m);
	vcpu_new(&m.vm, &other, 1);
	mirror_start(&m);
	store(&other, APIC_ICR_HIGH, 0);
	store(&other, APIC_ICR, ICR_INIT);
	while (mirror_is_live(m.memory))
		usleep(1000);
	vcpu_stop(&m.vcpu);
	expect("INIT: it is registered no more", mirror_msr(&m), 0);
	request(m.vcpu.fd, KVM_SET_MP_STATE, &runnable);
	ended(&m, "INIT");
	vcpu_free(&other);
	mirror_free(&m);
}

/* A parameter is switched off while the guest runs, and while it does not. */
static void switched(const char *name)
{
	static struct mirror m;
	char text[120];

	mirror_live(&m);
	mirror_start(&m);
	parameter(name, false);
	while (mirror_is_live(m.memory))
		usleep(1000);
	snprintf(text, sizeof(text), "%s off, and the guest runs", name);
	vcpu_stop(&m.vcpu);
	ended(&m, text);
	parameter(name, true);
	snprintf(text, sizeof(text), "%s on again", name);
	ended(&m, text);
	mirror_free(&m);

	mirror_live(&m);
	parameter(name, false);
	vcpu_exits(&m.vcpu, 1);
	parameter(name, true);
	snprintf(text, sizeof(text), "%s off, and the guest does not run", name);
	ended(&m, text);
	mirror_free(&m);
}

static void two(void)
{
	static struct mirror m, n;
	struct vcpu second;
	unsigned char *memory = memset(memory_new(MIRROR_SIZE), PATTERN, MIRROR_SIZE);
	struct kvm_regs regs = {};
	uint64_t first;

	mirror_live(&m);
	mirror_live(&n);
	vcpu_new(&m.vm, &second, 1);
	vm_slot(&m.vm, 2, 0, 2 * MIRROR_GPA, MIRROR_SIZE, memory);
	if (!guest_msr_write(&second, KVM_EXIT_TRACE_MSR_PAGE, MIRROR_MSR + MIRROR_GPA))
		errx(1, "KVM does not take the second page");
	mirror_start(&m);
	mirror_start(&n);
	vcpu_start(&second, guest_forever, &regs);
	vcpu_rounds(&second, 100);
	vcpu_stop(&second);
	vcpu_stop(&n.vcpu);
	vcpu_stop(&m.vcpu);

	vcpu_exits(&m.vcpu, 10);
	vcpu_exits(&second, 10);
	vcpu_exits(&n.vcpu, 10);
	expect_right("of two vCPUs the first", &m, m.memory);
	expect("of two vCPUs the second", mirror64(memory, KVM_EXIT_TRACE_PAGE_EXITS) + 1,
	       vcpu_stat(&second, "exit_trace_exits"));
	expect_right("of two VMs the other", &n, n.memory);

	first = mirror64(m.memory, KVM_EXIT_TRACE_PAGE_EXITS);
	guest_msr_write(&second, KVM_EXIT_TRACE_MSR_PAGE, 0);
	vcpu_exits(&m.vcpu, 10);
	expect("the second ends, and the first goes on",
	       mirror64(m.memory, KVM_EXIT_TRACE_PAGE_EXITS) > first && !mirror_is_live(memory), true);
	vcpu_free(&second);
	mirror_free(&m);
	mirror_free(&n);
}

int page_ends(int argc, char **argv)
{
	mp_state();
	init();
	switched("exit_trace");
	switched("exit_trace_page");
	two();
	return 0;
}
