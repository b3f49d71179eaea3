// SPDX-License-Identifier: GPL-2.0-only
/*
 * The values of the binary statistics for a vCPU's exits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/l1/vmm/vmm.h"

#define VCPUS	3
#define READS	200

static const char *const whats[] = {
	"exits", "kvm_cycles", "user_cycles", "idle_cycles", "preempted_cycles",
};

/* Values of one moment: sums over the reasons, in the order of @whats, and the others */
struct values {
	uint64_t of_reasons[5], of_all[5], guest, elapsed, kvm_exits, ours;
};

static void add(struct values *v, const char *name, uint64_t value)
{
	const char *all = "exit_trace_";
	unsigned int i;

	if (!strcmp(name, "exits"))
		v->kvm_exits = value;
	if (!strcmp(name, "exit_trace_guest_cycles"))
		v->guest = value;
	if (!strcmp(name, "exit_trace_elapsed_cycles"))
		v->elapsed = value;
	if (!strncmp(name, all, strlen(all)))
		v->ours |= value;
	for (i = 0; i < 5; i++) {
		size_t length = strlen(whats[i]);

		if (!strncmp(name, whats[i], length) && name[length] == '_') {
			v->of_reasons[i] += value;
			v->ours |= value;
		}
		if (!strncmp(name, all, strlen(all)) && !strcmp(name + strlen(all), whats[i]))
			v->of_all[i] = value;
	}
}

/* Read all data at once. */
static struct values values_of(const struct stats *stats)
{
	uint64_t data[4096];
	struct values v = {};
	uint32_t i;

	if (pread(stats->fd, data, sizeof(data), stats->header.data_offset) < 0)
		return v;
	for (i = 0; i < stats->header.num_desc; i++) {
		const struct kvm_stats_desc *desc = stats_desc(stats, i);

		if (desc->size == 1)
			add(&v, desc->name, data[desc->offset / sizeof(uint64_t)]);
	}
	return v;
}

static void untraced(const struct stats *stats)
{
	struct values v = values_of(stats);

	expect("untraced: KVM has counted", v.kvm_exits > 0, true);
	expect("untraced: all of ours are 0", v.ours, 0);
}

static void traced(struct vcpu *vcpu, const struct stats *stats)
{
	struct kvm_regs regs = { .rsi = 100 };
	uint64_t clocks = 0;
	struct values v;
	char text[80];
	int i;

	vcpu_call(vcpu, guest_exits, &regs);
	v = values_of(stats);
	expect("the exits are KVM's", v.of_all[0], v.kvm_exits);
	/* The guest's number at its last CPUID, and the OUT */
	expect("and the guest's", v.of_all[0], (uint32_t)regs.rax + 1);
	for (i = 0; i < 5; i++) {
		snprintf(text, sizeof(text), "%s of the reasons give those of all", whats[i]);
		expect(text, v.of_reasons[i], v.of_all[i]);
		clocks += i ? v.of_all[i] : 0;
	}
	expect("the clocks and the guest's give what has elapsed", clocks + v.guest, v.elapsed);
	expect("CPUIDs are counted as such", vcpu_stat(vcpu, "exits_cpuid") >= 100, true);
}

/* Each snapshot of a running vCPU adds up. */
static void running(struct vcpu *vcpu, const struct stats *stats)
{
	struct kvm_regs regs = {};
	uint32_t torn = 0, back = 0, i, j;
	uint64_t last = 0;

	vcpu_start(vcpu, guest_forever, &regs);
	for (i = 0; i < READS; i++) {
		struct values v = values_of(stats);

		for (j = 0; j < 5; j++)
			torn += v.of_reasons[j] != v.of_all[j];
		back += v.of_all[0] < last;
		last = v.of_all[0];
	}
	vcpu_rounds(vcpu, 1);
	vcpu_stop(vcpu);
	expect("while it runs: the reasons give the sums", torn, 0);
	expect("while it runs: no count goes back", back, 0);
}

int stats_values(int argc, char **argv)
{
	bool on = argc > 1 && !strcmp(argv[1], "traced");
	struct vcpu vcpus[VCPUS];
	struct stats stats[VCPUS];
	struct values v;
	struct vm vm;
	int i;

	vm_new(&vm);
	for (i = 0; i < VCPUS; i++) {
		vcpu_new(&vm, &vcpus[i], i);
		vcpu_exits(&vcpus[i], 100 * (i + 1));
	}
	for (i = 0; i < VCPUS; i++) {
		stats_open(&stats[i], vcpus[i].fd);
		if (on)
			traced(&vcpus[i], &stats[i]);
		else
			untraced(&stats[i]);
	}
	if (on)
		running(&vcpus[1], &stats[1]);

	v = values_of(&stats[0]);
	for (i = 0; i < VCPUS; i++)
		vcpu_free(&vcpus[i]);
	vm_free(&vm);
	expect("the file outlives its VM", values_of(&stats[0]).kvm_exits, v.kvm_exits);
	for (i = 0; i < VCPUS; i++)
		stats_close(&stats[i]);
	return 0;
}
