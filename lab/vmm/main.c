// SPDX-License-Identifier: GPL-2.0-only
/*
 * bootexits-vmm [-d N] -- COMMAND [ARGUMENT...]: run a VMM on the patched KVM, and write what KVM
 * counted of its first VM to descriptor N (default 1), as the payload's records.  The status is the
 * command's own.
 */
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "host-bpf/marks.h"
#include "host-bpf/out.h"
#include "lab/vmm/hold.h"
#include "lab/vmm/phaselog.h"
#include "lib/descriptors.h"
#include "lib/status.h"
#include "payload/lib/describe.h"
#include "payload/lib/leaves.h"
#include "payload/lib/records.h"
#include "payload/payload.h"

/* Returns how fast a guest's TSC is, in kHz, by a VM of our own.  0: unknown */
static unsigned int tsc_khz(void)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int vm = kvm < 0 ? -1 : ioctl(kvm, KVM_CREATE_VM, 0);
	int khz = vm < 0 ? -1 : ioctl(vm, KVM_GET_TSC_KHZ, 0);

	close(vm);
	close(kvm);
	return khz < 0 ? 0 : khz;
}

/* Returns KVM's own count of the VM's exits. */
static u64 stat_exits(const struct held *held)
{
	unsigned long long exits = 0;
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/exits", held->path);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%llu", &exits) != 1)
		error(0, errno, "%s", path);
	if (file)
		fclose(file);
	return exits;
}

static void print(const struct held *held)
{
	bool vmx = !access("/sys/module/kvm_intel", F_OK);
	struct phaselog log = { 0 };
	u64 exits = 0;
	bool traced = held->vm >= 0 && phaselog_read(held->path, &log);

	marks_describe(vmx ? KVM_EXIT_TRACE_VENDOR_VMX : KVM_EXIT_TRACE_VENDOR_SVM, log.vcpus, log.dropped);
	tracer.features |= KVM_EXIT_TRACE_FEATURE_LATCH;
	tracer.tsc_khz = tsc_khz();
	tracer.began = held->began;
	describe_speaker("kvm");
	describe_tracer();
	if (traced) {
		exits = stat_exits(held);
		phases_print(0, log_entries());
		describe_dropped(0);
		expect("stat_exits", 0, exits, log.exits, exits == log.exits);
	}
	verdict_print();
}

int main(int argc, char **argv)
{
	struct held held;
	int status, option;

	descriptors_open();
	program_invocation_name = program_invocation_short_name;
	while ((option = getopt(argc, argv, "+d:")) == 'd')
		out_fd = atoi(optarg);
	if (option != -1 || !argv[optind] || fcntl(out_fd, F_SETFD, out_fd > 2 ? FD_CLOEXEC : 0)) {
		fputs("usage: bootexits-vmm [-d N] -- COMMAND [ARGUMENT...]\n", stderr);
		return STATUS_USAGE;
	}
	status = hold_run(argv + optind, &held);
	print(&held);
	return status;
}
