// SPDX-License-Identifier: GPL-2.0-only
/* A VM's switch: see policy.h for the functions. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/l1/vmm/policy.h"

int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), r = 0;

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		r = errno;
	if (fd >= 0)
		close(fd);
	return r;
}

const char *vm_file(const struct vm *vm, const char *name)
{
	static __thread char path[80];

	snprintf(path, sizeof(path), "/sys/kernel/debug/kvm/%d-%d/exit_trace/%s", getpid(), vm->fd,
		 name);
	return path;
}

int vm_switch(const struct vm *vm, const char *text)
{
	return file_write(vm_file(vm, "enabled"), text);
}

uint64_t vm_enabled(const struct vm *vm)
{
	int fd = open(vm_file(vm, "enabled"), O_RDONLY);
	char text[4] = "";

	if (fd < 0)
		return NO_FILE;
	if (read(fd, text, sizeof(text)) != 2 || text[1] != '\n')
		errx(1, "a switch that is neither on nor off");
	close(fd);
	return text[0] - '0';
}

uint64_t traced(struct vcpu *vcpu)
{
	return vcpu_stat(vcpu, "exit_trace_exits");
}

uint64_t exits(struct vcpu *vcpu)
{
	return vcpu_stat(vcpu, "exits");
}
