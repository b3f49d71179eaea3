// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of VMs that come and go, or that stay.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/l1/vmm/pages.h"

#define MAX_VMS		64
#define MAX_VCPUS	4

struct full_vm {
	struct mirror m;
	struct vcpu more[MAX_VCPUS - 1];
};

/*
 * Make a VM. Each vCPU runs, so that it counts. The first one registers a page, if KVM offers it.
 */
static void begin(struct full_vm *v, unsigned int vcpus)
{
	unsigned int i;

	mirror_new(&v->m);
	guest_msr_write(&v->m.vcpu, KVM_EXIT_TRACE_MSR_PAGE, MIRROR_MSR);
	vcpu_exits(&v->m.vcpu, 1);
	for (i = 0; i + 1 < vcpus; i++) {
		vcpu_new(&v->m.vm, &v->more[i], i + 1);
		vcpu_exits(&v->more[i], 1);
	}
}

static void end(struct full_vm *v, unsigned int vcpus)
{
	unsigned int i;

	for (i = 0; i + 1 < vcpus; i++)
		vcpu_free(&v->more[i]);
	mirror_free(&v->m);
}

static unsigned int number(int argc, char **argv, int i, unsigned int max)
{
	unsigned int n = i < argc ? strtoul(argv[i], NULL, 10) : 0;

	if (!n || n > max)
		errx(2, "%s: not 1 to %u", argv[0], max);
	return n;
}

static FILE *opened(const char *path, const char *mode)
{
	FILE *file = fopen(path, mode);

	if (!file)
		err(1, "%s", path);
	return file;
}

/*
 * Free memory in KiB, after delayed freeing is done, with the free pages that CPUs keep for
 * themselves
 */
static long memory_free(void)
{
	FILE *file = opened("/proc/sys/vm/stat_refresh", "w");
	long kib, pages;
	char line[200];

	sleep(2);
	fputs("1", file);
	fclose(file);

	file = opened("/proc/meminfo", "r");
	if (fscanf(file, "MemTotal: %*u kB MemFree: %ld", &kib) != 1)
		errx(1, "/proc/meminfo");
	fclose(file);
	file = opened("/proc/zoneinfo", "r");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " count: %ld", &pages) == 1)
			kib += pages * PAGE / 1024;
	fclose(file);
	return kib;
}

/*
 * churn COUNT: make VMs one after the other, each tenth with four vCPUs; prints the KiB that they
 * left
 */
int churn(int argc, char **argv)
{
	unsigned int i, n = number(argc, argv, 1, ~0U), vcpus;
	static struct full_vm v;
	long before = memory_free();

	for (i = 0; i < n; i++) {
		vcpus = i % 10 ? 1 : MAX_VCPUS;
		begin(&v, vcpus);
		end(&v, vcpus);
	}
	printf("left vms=%u kib=%ld\n", n, before - memory_free());
	return 0;
}

/* hold VMS VCPUS: make these, and print the KiB that they take, together with the VMM's own */
int hold(int argc, char **argv)
{
	unsigned int i, n = number(argc, argv, 1, MAX_VMS), vcpus = number(argc, argv, 2, MAX_VCPUS);
	static struct full_vm v[MAX_VMS];
	long before = memory_free();

	for (i = 0; i < n; i++)
		begin(&v[i], vcpus);
	printf("held vms=%u vcpus=%u kib=%ld\n", n, vcpus, before - memory_free());
	for (i = 0; i < n; i++)
		end(&v[i], vcpus);
	return 0;
}
