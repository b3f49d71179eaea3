// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vCPU's MSRs and statistics, and the expectations of tests.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/l1/vmm/vmm.h"

struct one_msr {
	struct kvm_msrs msrs;
	struct kvm_msr_entry entry;
};

const char *test;
static unsigned int checks;

bool guest_msr_write(struct vcpu *vcpu, uint32_t msr, uint64_t value)
{
	struct kvm_regs regs = {
		.rcx = msr,
		.rax = (uint32_t)value,
		.rdx = value >> 32,
		.rdi = GUEST_CODE + (guest_after_msr - guest_begin),
	};

	vcpu_call(vcpu, guest_wrmsr, &regs);
	return !regs.rbp;
}

bool guest_msr_read(struct vcpu *vcpu, uint32_t msr, uint64_t *value)
{
	struct kvm_regs regs = {
		.rcx = msr,
		.rdi = GUEST_CODE + (guest_after_msr - guest_begin),
	};

	vcpu_call(vcpu, guest_rdmsr, &regs);
	*value = regs.rdx << 32 | (uint32_t)regs.rax;
	return !regs.rbp;
}

bool host_msr_read(struct vcpu *vcpu, uint32_t msr, uint64_t *value)
{
	struct one_msr one = { { .nmsrs = 1 }, { .index = msr } };
	int r = ioctl(vcpu->fd, KVM_GET_MSRS, &one);

	*value = one.entry.data;
	return r == 1;
}

bool host_msr_write(struct vcpu *vcpu, uint32_t msr, uint64_t value)
{
	struct one_msr one = { { .nmsrs = 1 }, { .index = msr, .data = value } };

	return ioctl(vcpu->fd, KVM_SET_MSRS, &one) == 1;
}

static void read_at(int fd, void *to, size_t size, off_t offset)
{
	if (pread(fd, to, size, offset) != (ssize_t)size)
		err(1, "statistics: %zu bytes at %jd", size, (intmax_t)offset);
}

static size_t desc_size(const struct stats *stats)
{
	return sizeof(struct kvm_stats_desc) + stats->header.name_size;
}

void stats_open(struct stats *stats, int owner)
{
	size_t size;

	stats->fd = request(owner, KVM_GET_STATS_FD, NULL);
	read_at(stats->fd, &stats->header, sizeof(stats->header), 0);
	size = desc_size(stats) * stats->header.num_desc;
	stats->desc = malloc(size);
	read_at(stats->fd, stats->desc, size, stats->header.desc_offset);
}

void stats_close(struct stats *stats)
{
	free(stats->desc);
	close(stats->fd);
}

struct kvm_stats_desc *stats_desc(const struct stats *stats, uint32_t i)
{
	return stats->desc + i * desc_size(stats);
}

uint64_t stats_value(const struct stats *stats, const struct kvm_stats_desc *desc)
{
	uint64_t value;

	read_at(stats->fd, &value, sizeof(value), stats->header.data_offset + desc->offset);
	return value;
}

uint64_t vcpu_stat(struct vcpu *vcpu, const char *name)
{
	struct stats stats;
	uint64_t value;
	uint32_t i;

	stats_open(&stats, vcpu->fd);
	for (i = 0; i < stats.header.num_desc; i++)
		if (!strcmp(stats_desc(&stats, i)->name, name))
			break;
	if (i < stats.header.num_desc)
		value = stats_value(&stats, stats_desc(&stats, i));
	else if (!strncmp(name, "exit_trace_", strlen("exit_trace_")))
		value = 0;	/* the VM has never been traced */
	else
		errx(1, "KVM has no statistic %s", name);
	stats_close(&stats);
	return value;
}

void expect(const char *name, uint64_t got, uint64_t want)
{
	checks++;
	printf("%s %s got=%" PRIu64 " want=%" PRIu64 " %s\n", test, got == want ? "ok" : "wrong",
	       got, want, name);
	fflush(stdout);
}

void expect_end(void)
{
	printf("%s end checks=%u\n", test, checks);
}
