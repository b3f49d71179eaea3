// SPDX-License-Identifier: GPL-2.0-only
/* Compares the guest's count with the host's, as text. */
#include "tools/report/report.h"
#include "lib/table.h"

static void print_count(const struct host_sync *sync)
{
	char total[GROUPED], exits[GROUPED], more[GROUPED], after[GROUPED];
	const struct log_host *host = sync->host;

	grouped(total, sync->mark->all.exits);
	grouped(exits, host->exits);
	grouped(after, sync->sync->after);
	if (!sync->bounded) {
		printf("guest %s at the mark, %s after the pause, but host %s: not between the two\n",
		       total, after, exits);
		return;
	}
	printf("guest %s + 1 (the write that paused the VM)", total);
	if (sync->guest_window)
		printf(" + %s (exits in the guest's window, mark to write)",
		       grouped(more, sync->guest_window));
	printf(" = host %s%s\n", exits,
	       sync->guest_window ? "" : ": equal to the unit");
	if (sync->host_window)
		printf("        %s exit%s in the host's window, pause to read: the guest then read %s\n",
		       grouped(more, sync->host_window),
		       sync->host_window == 1 ? "" : "s", after);
	if (host->exits_fd && host->exits_fd != host->exits)
		printf("        but the host's second reading is %s\n",
		       grouped(more, host->exits_fd));
}

/* Print which vCPUs had the exits of the window.  The others are equal. */
static void print_vcpus(const struct report *report,
			const struct host_sync *sync)
{
	char guest[GROUPED], exits[GROUPED], more[GROUPED];
	const struct log_host_vcpu *vcpu;
	__u64 count;

	if (!sync->guest_window || !report->run->parts.nr || !sync->parted)
		return;
	for_each(vcpu, &sync->host_run->host_vcpus) {
		if (vcpu->sync != sync->sync->try)
			continue;
		count = host_vcpu_guest(report->run, sync, vcpu->vcpu);
		printf("        vCPU %llu: guest %s", vcpu->vcpu,
		       grouped(guest, count));
		if (vcpu->exits == count)
			printf(" = host %s: equal to the unit\n",
			       grouped(exits, vcpu->exits));
		else
			printf(" + %s (window) = host %s\n",
			       grouped(more, vcpu->exits - count),
			       grouped(exits, vcpu->exits));
	}
}

static void print_differing(const struct report *report,
			    const struct host_sync *sync)
{
	char guest[GROUPED], kvm[GROUPED];
	const struct log_reason *reason;
	unsigned int slot;

	if (!sync->hist)
		return;
	if (!sync->reasoned) {
		puts("        reasons: not compared, because the guest's do not add up to its total");
		return;
	}
	if (!sync->differ) {
		printf("        reasons: all %u equal%s\n", sync->compared,
		       sync->accounted ? "" : ", so no reason shows the exits of the window");
		return;
	}
	printf("        reasons: %u of %u equal; %s:\n",
	       sync->compared - sync->differ, sync->compared,
	       sync->accounted ? "the exits of the guest's window are" :
				 "these differ");
	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		if (sync->guest[slot] == sync->kvm[slot])
			continue;
		reason = report->phases.reasons[slot];
		printf("        %s (slot %u): guest %s, host %s\n",
		       reason ? reason->name : "not in the guest's log", slot,
		       grouped(guest, sync->guest[slot]),
		       grouped(kvm, sync->kvm[slot]));
	}
}

void report_host(const struct report *report)
{
	const struct host_sync *sync;

	if (report->syncs.nr)
		printf("\nKVM's own count (stat.exits) and the guest's\n");
	for_each(sync, &report->syncs) {
		printf("sync %llu: ", sync->sync->try);
		if (!sync->host || !sync->mark) {
			printf("%s has no line for it\n",
			       sync->mark ? "the host log" : "the phase log");
			continue;
		}
		print_count(sync);
		if (!sync->bounded)
			continue;
		print_vcpus(report, sync);
		print_differing(report, sync);
	}
}
