// SPDX-License-Identifier: GPL-2.0-only
/* Which VMs are traced: one VM's switch, and the parameter, which switches all VMs */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tests/l1/vmm/policy.h"

#define EXITS 100

static bool from_start(struct vcpu *vcpu)
{
	return guest_leaf(vcpu, KVM_EXIT_TRACE_LEAF_ABI, 0).edx & KVM_EXIT_TRACE_FLAG_FROM_START;
}

static uint32_t epoch(struct vcpu *vcpu)
{
	return guest_leaf(vcpu, KVM_EXIT_TRACE_LEAF_SIZE, 0).ecx;
}

static uint64_t began(struct vcpu *vcpu)
{
	return guest_count(vcpu, KVM_EXIT_TRACE_LEAF_EPOCH, 0);
}

static bool has_page(struct vcpu *vcpu)
{
	uint64_t value;

	return guest_msr_read(vcpu, KVM_EXIT_TRACE_MSR_PAGE, &value);
}

/* Does the tracer count a vCPU's exits? 0: none; 1: exactly those that KVM counts */
static uint64_t sees(struct vcpu *vcpu)
{
	uint64_t before = traced(vcpu), all = exits(vcpu), seen;

	vcpu_exits(vcpu, EXITS);
	seen = traced(vcpu) - before;
	if (seen && seen != exits(vcpu) - all)
		return ~seen;		/* it counts some exits, but not as many as KVM */
	return !!seen;
}

/* Switch on a VM that has not run, beside another VM. */
static void first_switch(struct vm *one, struct vm *other, struct vcpu *vcpu, struct vcpu *beside)
{
	expect("a VM's switch is off", vm_enabled(one), 0);
	expect("it has no other file", access(vm_file(one, "counters"), F_OK), -1);
	expect("it is switched on", vm_switch(one, "1"), 0);
	expect("and says so", vm_enabled(one), 1);
	expect("it has the other files", access(vm_file(one, "counters"), F_OK), 0);
	expect("its guest finds the tracer", guest_traced(vcpu), 1);
	expect("it is counted from the start", from_start(vcpu), 1);
	expect("each exit is counted", traced(vcpu), exits(vcpu));
	expect("the other VM's switch is off", vm_enabled(other), 0);
	expect("its guest finds no tracer", guest_traced(beside), 0);
	expect("its exits are not counted", sees(beside), 0);
	expect("nor in the one", traced(vcpu), exits(vcpu));
	expect("it has no page", has_page(beside), 0);
	expect("what is no switch is refused", vm_switch(one, "x"), EINVAL);
	expect("and nothing switched", vm_enabled(one), 1);
}

static void off_and_on(struct vm *one, struct vcpu vcpus[3], uint64_t *page)
{
	uint64_t counted, when = began(&vcpus[0]), nr = epoch(&vcpus[0]), at;

	expect("a vCPU that comes while it is on is counted", sees(&vcpus[1]), 1);
	at = (uint64_t)GUEST_STACK + PAGE;
	expect("it registers a page",
	       guest_msr_write(&vcpus[0], KVM_EXIT_TRACE_MSR_PAGE, at | KVM_EXIT_TRACE_PAGE_ENABLED), 1);
	expect("on again is no news", vm_switch(one, "1"), 0);
	expect("nor another epoch", epoch(&vcpus[0]), nr);

	expect("it is switched off", vm_switch(one, "0"), 0);
	expect("and says so", vm_enabled(one), 0);
	counted = traced(&vcpus[0]);
	expect("its guest finds no tracer", guest_traced(&vcpus[0]), 0);
	expect("the page says that it is over",
	       *(uint32_t *)((void *)page + KVM_EXIT_TRACE_PAGE_FLAGS), 0);
	expect("there is no MSR", has_page(&vcpus[0]), 0);
	expect("the host marks nothing", file_write(vm_file(one, "mark"), "kernel"), ENXIO);
	expect("exits are not counted", sees(&vcpus[0]), 0);
	expect("what was counted stays", traced(&vcpus[0]), counted);
	vcpu_new(one, &vcpus[2], 2);
	expect("a vCPU that comes meanwhile is not counted", sees(&vcpus[2]), 0);

	expect("it is switched on again", vm_switch(one, "on"), 0);
	expect("counters begin at zero", traced(&vcpus[0]), 0);
	expect("exits are counted", sees(&vcpus[0]), 1);
	expect("and that vCPU's", sees(&vcpus[2]), 1);
	expect("this is no start", from_start(&vcpus[0]), 0);
	expect("the next epoch", epoch(&vcpus[0]), nr + 1);
	expect("which began later", began(&vcpus[0]) > when, 1);
	expect("its guest has an MSR", has_page(&vcpus[0]), 1);
}

int policy(int argc, char **argv)
{
	struct vcpu vcpus[3], beside;
	struct vm one, other;
	struct leaf mark;

	parameter("exit_trace", false);
	parameter("exit_trace_page", true);
	vm_new(&one);
	vm_new(&other);
	expect("a VM without a vCPU has no switch", vm_enabled(&one), NO_FILE);
	vcpu_new(&one, &vcpus[0], 0);
	vcpu_new(&other, &beside, 0);
	first_switch(&one, &other, &vcpus[0], &beside);
	vcpu_new(&one, &vcpus[1], 1);
	off_and_on(&one, vcpus, one.memory + GUEST_STACK + PAGE);

	expect("the host marks", file_write(vm_file(&one, "mark"), "kernel"), 0);
	mark = guest_leaf(&vcpus[0], KVM_EXIT_TRACE_LEAF_LOG_ENTRY, 0);
	expect("which is no vCPU's mark", mark.ebx, KVM_EXIT_TRACE_MARK_HOST);
	expect("of that phase", mark.eax, KVM_EXIT_TRACE_PHASE_KERNEL);
	vm_free(&one);
	vm_free(&other);
	return 0;
}

int policy_parameter(int argc, char **argv)
{
	struct vcpu before, on, after, more;
	struct vm early, own, late;
	uint64_t nr;

	parameter("exit_trace", false);
	vm_new(&early);
	vm_new(&own);
	vcpu_new(&early, &before, 0);
	vcpu_new(&own, &on, 0);
	expect("not traced", sees(&before), 0);
	expect("one VM is switched on", vm_switch(&own, "1"), 0);
	nr = epoch(&on);

	parameter("exit_trace", true);
	expect("with the parameter all are: one from before", vm_enabled(&early), 1);
	expect("which is counted", sees(&before), 1);
	expect("though not from its start", from_start(&before), 0);
	expect("one that was on goes on", epoch(&on), nr);
	expect("to the unit", traced(&on), exits(&on));
	expect("from its start", from_start(&on), 1);
	vm_new(&late);
	vcpu_new(&late, &after, 0);
	expect("one that comes later", vm_enabled(&late), 1);
	expect("is counted", sees(&after), 1);
	expect("from its start", from_start(&after), 1);

	expect("one is switched off", vm_switch(&early, "0"), 0);
	expect("it is off", guest_traced(&before), 0);
	vcpu_new(&early, &more, 1);
	expect("and so is its new vCPU", guest_traced(&more), 0);
	expect("the others are not", guest_traced(&after), 1);
	parameter("exit_trace", true);
	expect("the parameter again: it is on", guest_traced(&before), 1);
	expect("and its new vCPU", sees(&more), 1);

	parameter("exit_trace", false);
	expect("off: none is traced", guest_traced(&before) + guest_traced(&on) + guest_traced(&after), 0);
	expect("no switch is on", vm_enabled(&early) + vm_enabled(&own) + vm_enabled(&late), 0);
	expect("one is switched on", vm_switch(&late, "1"), 0);
	expect("it is traced", sees(&after), 1);
	parameter("exit_trace", false);
	expect("off means all", guest_traced(&after), 0);
	vm_free(&early);
	vm_free(&own);
	vm_free(&late);
	return 0;
}
