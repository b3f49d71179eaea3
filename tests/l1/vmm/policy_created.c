// SPDX-License-Identifier: GPL-2.0-only
/* VMs that are created while all VMs are switched on get all of their files. */
#include <pthread.h>
#include <unistd.h>

#include "tests/l1/vmm/policy.h"

#define BEFORE	4	/* VMs that are there before, so that switching takes longer */
#define VMS	12

static volatile bool over;

static void *switch_all(void *unused)
{
	while (!over) {
		parameter("exit_trace", false);
		parameter("exit_trace", true);
	}
	return NULL;
}

int policy_created(int argc, char **argv)
{
	struct vcpu vcpus[VMS];
	pthread_t switches;
	struct vm vms[VMS];
	unsigned int i, lacking = 0;

	parameter("exit_trace", true);
	for (i = 0; i < VMS; i++) {
		vm_new(&vms[i]);
		if (i == BEFORE)
			pthread_create(&switches, NULL, switch_all, NULL);
		vcpu_new(&vms[i], &vcpus[i], 0);
	}
	over = true;
	pthread_join(switches, NULL);
	for (i = 0; i < VMS; i++) {
		lacking += access(vm_file(&vms[i], "enabled"), F_OK) || access(vm_file(&vms[i], "counters"), F_OK);
		vcpu_free(&vcpus[i]);
		vm_free(&vms[i]);
	}
	expect("VMs that lack a file", lacking, 0);
	return 0;
}
