// SPDX-License-Identifier: GPL-2.0-only
#include <linux/fcntl.h>

#include "payload/lib/cpu.h"
#include "payload/init/device.h"
#include "include/kvm_exit_trace.h"
#include "payload/init/ports.h"
#include "payload/lib/qemu.h"
#include "payload/lib/self.h"
#include "payload/init/syscall.h"

static int fd = -1;
static bool instructions;	/* this process may execute IN and OUT */

bool ports_open(void)
{
	fd = device_open(1, 4, O_RDWR);
	return fd >= 0;
}

/* Tries IN in a process of its own, because an emulator that refuses it kills the process. */
static bool is_executed(void)
{
	int status = 0;
	int pid = sys_fork();

	if (!pid) {
		inb(QEMU_PVPANIC_PORT);
		sys_exit(0);
	}
	return pid > 0 && sys_wait4(pid, &status) == pid && !status;
}

bool ports_take(void)
{
	static const u16 ports[] = {
		QEMU_DEBUG_EXIT_PORT, QEMU_PVPANIC_PORT, KVM_EXIT_TRACE_PORT_CONSOLE,
	};

	if (fd >= 0)
		return true;
	for (u32 i = 0; i < ARRAY_SIZE(ports); i++)
		if (sys_ioperm(ports[i], 1, 1))
			return false;
	instructions = is_executed();
	if (instructions)
		self_exits++;	/* for the attempt */
	return instructions;
}

u8 port_read(u16 port)
{
	u8 value = QEMU_PORT_ABSENT;

	if (instructions)
		value = inb(port);
	if (instructions || sys_pread64(fd, &value, 1, port) == 1)
		self_exits++;
	return value;
}

void port_write(u16 port, u8 value)
{
	if (instructions)
		outb(port, value);
	if (instructions || sys_pwrite64(fd, &value, 1, port) == 1)
		self_exits++;
}
