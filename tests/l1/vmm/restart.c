// SPDX-License-Identifier: GPL-2.0-only
/*
 * A write sets the host's TSC back. Clocks go on from their values, and add up.
 */
#include <err.h>
#include <fcntl.h>
#include <unistd.h>

#include "tests/l1/vmm/policy.h"

#define MSR_TSC		0x10
#define CLOCKS		(KVM_EXIT_TRACE_CLOCK_ELAPSED + 1)
#define LIMIT		(1ULL << 62)	/* more than any clock can reach */
#define STEP		100000000	/* in ticks; L1's own time stands still for as long */

static void set_tsc_back(void)
{
	uint64_t was = __builtin_ia32_rdtsc(), tsc = was - STEP;
	int fd = open("/dev/cpu/0/msr", O_WRONLY);

	if (fd < 0 || pwrite(fd, &tsc, sizeof(tsc), MSR_TSC) != sizeof(tsc))
		err(1, "/dev/cpu/0/msr");
	close(fd);
	expect("the TSC has gone back", __builtin_ia32_rdtsc() < was, true);
}

/* The clocks over all slots, as the host reads them */
static void read_clocks(struct vcpu *vcpu, uint64_t *clocks)
{
	static const char *const names[CLOCKS] = {
		"exit_trace_kvm_cycles", "exit_trace_user_cycles", "exit_trace_idle_cycles",
		"exit_trace_preempted_cycles", "exit_trace_guest_cycles", "exit_trace_elapsed_cycles",
	};
	int i;

	for (i = 0; i < CLOCKS; i++)
		clocks[i] = vcpu_stat(vcpu, names[i]);
}

static void expect_clocks(struct vcpu *vcpu, uint64_t *last)
{
	uint64_t now[CLOCKS], sum = 0;
	bool back = false, huge = false;
	int i;

	read_clocks(vcpu, now);
	for (i = 0; i < CLOCKS; i++) {
		back |= now[i] < last[i];
		huge |= now[i] >= LIMIT;
		sum += i < KVM_EXIT_TRACE_CLOCK_ELAPSED ? now[i] : 0;
		last[i] = now[i];
	}
	expect("no clock goes back", back, false);
	expect("none is beyond all time", huge, false);
	expect("they give what has elapsed", sum, now[KVM_EXIT_TRACE_CLOCK_ELAPSED]);
}

int restart(int argc, char **argv)
{
	uint64_t last[CLOCKS];
	struct kvm_regs regs = {};
	struct vcpu vcpu;
	struct vm vm;

	vm_new(&vm);
	vcpu_new(&vm, &vcpu, 0);
	vcpu_exits(&vcpu, 1000);
	read_clocks(&vcpu, last);

	set_tsc_back();		/* while the VMM runs */
	vcpu_exits(&vcpu, 1000);
	expect_clocks(&vcpu, last);

	vcpu_start(&vcpu, guest_forever, &regs);
	vcpu_rounds(&vcpu, 100);
	set_tsc_back();		/* while the guest runs, or is preempted */
	vcpu_rounds(&vcpu, 100);
	vcpu_stop(&vcpu);
	expect_clocks(&vcpu, last);
	expect("all exits are counted", traced(&vcpu), exits(&vcpu));
	vcpu_free(&vcpu);
	vm_free(&vm);
	return 0;
}
