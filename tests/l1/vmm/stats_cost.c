// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of reading the binary statistics, in ticks of the TSC. In the lab these are
 * instructions.
 */
#include <stdio.h>
#include <unistd.h>

#include "tests/l1/vmm/vmm.h"

#define READS	50

static uint64_t ticks(void)
{
	return __builtin_ia32_rdtsc();
}

/* Take the least of many reads, because interrupts come at any time. */
static void cost(const struct stats *stats, const char *what, size_t size, uint64_t offset)
{
	uint64_t least = ~0ULL, taken;
	static char data[1 << 16];
	int i;

	for (i = 0; i < READS; i++) {
		taken = ticks();
		if (pread(stats->fd, data, size, offset) < 0)
			break;
		taken = ticks() - taken;
		if (taken < least)
			least = taken;
	}
	printf("cost %s=%llu\n", what, (unsigned long long)least);
}

/* Each part as QEMU reads it, and all in one read */
int stats_cost(int argc, char **argv)
{
	struct stats stats;
	struct vcpu vcpu;
	struct vm vm;
	size_t descs;

	vm_new(&vm);
	vcpu_new(&vm, &vcpu, 0);
	vcpu_exits(&vcpu, 10);
	stats_open(&stats, vcpu.fd);
	descs = stats.header.num_desc * (sizeof(struct kvm_stats_desc) + stats.header.name_size);
	cost(&stats, "header", sizeof(stats.header), 0);
	cost(&stats, "id", stats.header.name_size, stats.header.id_offset);
	cost(&stats, "descriptors", descs, stats.header.desc_offset);
	cost(&stats, "value", sizeof(uint64_t), stats.header.data_offset);
	cost(&stats, "data", stats.header.num_desc * sizeof(uint64_t), stats.header.data_offset);
	cost(&stats, "file", 1 << 16, 0);
	stats_close(&stats);
	vcpu_free(&vcpu);
	vm_free(&vm);
	return 0;
}
