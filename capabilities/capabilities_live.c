// SPDX-License-Identifier: GPL-2.0-only
/* Reads this machine's CPUs: MSRs through the msr driver, and CPUID by running on each CPU. */
#include <cpuid.h>
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "capabilities/capabilities.h"

#define ONLINE	"/sys/devices/system/cpu/online"

/* Only a CPU with VMX or SVM has MSRs to read. */
static void open_msr(struct input *input)
{
	unsigned int number = input->numbers[input->selected];
	char path[40];

	snprintf(path, sizeof(path), "/dev/cpu/%u/msr", number);
	input->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (input->fd >= 0)
		return;
	if (errno == ENOENT || errno == ENXIO || errno == ENODEV)
		error(STATUS_UNREADABLE, 0, "there is no %s: run `modprobe msr' as root", path);
	error(STATUS_UNREADABLE, errno, "%s: run this as root", path);
}

/* The driver answers EIO where RDMSR faults (drivers: arch/x86/kernel/msr.c). */
static enum virt_state live_msr(void *context, __u32 index, __u64 *value)
{
	struct input *input = context;
	ssize_t size;

	if (input->fd < 0)
		open_msr(input);
	size = pread(input->fd, value, sizeof(*value), index);
	if (size == sizeof(*value))
		return VIRT_OK;
	*value = 0;
	if (size < 0 && errno != EIO)
		error(STATUS_UNREADABLE, errno, "MSR 0x%x of CPU %u", index,
		      input->numbers[input->selected]);
	return VIRT_UNREADABLE;
}

static void live_cpuid(void *context, __u32 leaf, __u32 output[4])
{
	(void)context;
	memset(output, 0, 4 * sizeof(*output));
	__get_cpuid_count(leaf, 0, &output[0], &output[1], &output[2], &output[3]);
}

static void live_select(struct input *input)
{
	unsigned int number = input->numbers[input->selected];
	cpu_set_t set;

	if (input->fd >= 0)
		close(input->fd);
	input->fd = -1;
	CPU_ZERO(&set);
	CPU_SET(number, &set);
	if (number >= CPU_SETSIZE || sched_setaffinity(0, sizeof(set), &set))
		error(STATUS_UNREADABLE, errno, "can't run on CPU %u", number);
}

/* Linux's list of CPUs has ranges and numbers, separated by commas. */
void features_live(struct input *input)
{
	unsigned int first, last;
	FILE *file = fopen(ONLINE, "re");
	int separator;

	if (!file)
		error(STATUS_UNREADABLE, errno, ONLINE);
	do {
		if (fscanf(file, "%u", &first) != 1)
			error(STATUS_UNREADABLE, 0, ONLINE ": no list of CPUs");
		last = first;
		separator = fgetc(file);
		if (separator == '-' && fscanf(file, "%u", &last) == 1)
			separator = fgetc(file);
		for (; first <= last; first++)
			features_add(input, first);
	} while (separator == ',');
	fclose(file);
	input->select = live_select;
	input->source = (struct virt_source){ live_msr, live_cpuid, input };
}
