// SPDX-License-Identifier: GPL-2.0-only
/*
 * VMs that are created before, while and after tracing is switched on.
 */
#include <err.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/l1/vmm/vmm.h"

#define EXITS	500
#define VMS	10
#define TIMES	10
#define PAUSE_US 2000	/* without it, each wait for the tracer's lock would be a wait for RCU */

static uint32_t flags(struct vcpu *vcpu)
{
	return guest_leaf(vcpu, KVM_EXIT_TRACE_LEAF_ABI, 0).edx;
}

static uint32_t epoch(struct vcpu *vcpu)
{
	return guest_leaf(vcpu, KVM_EXIT_TRACE_LEAF_SIZE, 0).ecx;
}

static void expect_flags(const char *name, struct vcpu *vcpu, uint32_t want)
{
	char text[120];

	snprintf(text, sizeof(text), "%s: flags", name);
	expect(text, flags(vcpu), want);
}

/* Its VMs stay, so that meanwhile() switches them, too. */
static void around(void)
{
	struct vm before, empty, half, after;
	struct vcpu before_0, empty_0, half_0, half_1, after_0;
	uint64_t exits;
	uint32_t at;	/* the epoch */

	vm_new(&before);
	vcpu_new(&before, &before_0, 0);
	vcpu_exits(&before_0, EXITS);
	expect("off: no tracer", guest_traced(&before_0), false);
	vm_new(&empty);
	vm_new(&half);
	vcpu_new(&half, &half_0, 0);
	vcpu_exits(&half_0, EXITS);

	exits = vcpu_stat(&before_0, "exits");
	parameter("exit_trace", true);
	expect("before: the tracer", guest_traced(&before_0), true);
	expect_flags("before", &before_0, 0);
	expect_own("before, since then", &before_0, exits);

	vcpu_new(&empty, &empty_0, 0);
	vcpu_exits(&empty_0, EXITS);
	expect_flags("before, but with no vCPU", &empty_0, KVM_EXIT_TRACE_FLAG_FROM_START);
	expect_total("before, but with no vCPU", &empty_0, 1);

	vcpu_new(&half, &half_1, 1);
	vcpu_exits(&half_1, EXITS);
	expect_flags("with a vCPU before and one after", &half_1, 0);
	expect_own("with a vCPU before and one after: the latter", &half_1, 0);

	vm_new(&after);
	vcpu_new(&after, &after_0, 0);
	vcpu_exits(&after_0, EXITS);
	expect_flags("after", &after_0, KVM_EXIT_TRACE_FLAG_FROM_START);
	expect_total("after", &after_0, 1);
	at = epoch(&after_0);
	expect("all have one epoch", epoch(&before_0) == at && epoch(&empty_0) == at && epoch(&half_0) == at, true);

	parameter("exit_trace", false);
	expect("off again: no tracer", guest_traced(&after_0), false);
	exits = vcpu_stat(&after_0, "exits");
	parameter("exit_trace", true);
	expect("on again: another epoch", epoch(&after_0) != at, true);
	expect_flags("on again", &after_0, 0);
	expect_own("on again, since then", &after_0, exits);
}

static volatile bool done;

/* Switches off and on, and counts how often. */
static void *switcher(void *argument)
{
	unsigned long *times = argument;

	while (!done) {
		parameter("exit_trace", false);
		usleep(PAUSE_US);
		parameter("exit_trace", true);
		usleep(PAUSE_US);
		++*times;
	}
	return NULL;
}

/* VMs come and go, and one runs all the time, while another thread switches. */
static void meanwhile(void)
{
	struct vcpu forever, vcpus[2];
	unsigned long times = 0;
	struct kvm_regs regs = {};
	struct vm vm, other;
	pthread_t thread;
	int i, wrong = 0;

	vm_new(&other);
	vcpu_new(&other, &forever, 0);
	vcpu_start(&forever, guest_forever, &regs);
	if (pthread_create(&thread, NULL, switcher, &times))
		errx(1, "pthread_create");
	for (i = 0; i < VMS || times < TIMES; i++) {
		vm_new(&vm);
		vcpu_new(&vm, &vcpus[0], 0);
		vcpu_exits(&vcpus[0], 10);
		vcpu_new(&vm, &vcpus[1], 1);
		vcpu_exits(&vcpus[1], 10);
		/* If the guest reads exits at all, it never reads more than there are. */
		wrong += guest_traced(&vcpus[0]) && guest_count(&vcpus[0], KVM_EXIT_TRACE_LEAF_OWN, 0) >
			 vcpu_stat(&vcpus[0], "exits");
		vcpu_free(&vcpus[0]);
		vcpu_free(&vcpus[1]);
		vm_free(&vm);
	}
	done = true;
	pthread_join(thread, NULL);
	vcpu_rounds(&forever, 2);
	vcpu_stop(&forever);
	expect("while it is switched: VMs that read more than there is", wrong, 0);

	vm_new(&vm);
	vcpu_new(&vm, &vcpus[0], 0);
	expect_total("behind all that", &vcpus[0], 1);
	expect("and who ran all the time: the tracer", guest_traced(&forever), true);
	expect("which has not counted from the start", flags(&forever), 0);
	vcpu_free(&vcpus[0]);
	vcpu_free(&forever);
	vm_free(&vm);
	vm_free(&other);
}

/* Begins with tracing off, and ends with it on. */
int switching(int argc, char **argv)
{
	around();
	meanwhile();
	return 0;
}
