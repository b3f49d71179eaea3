// SPDX-License-Identifier: GPL-2.0-only
/* Prints to QEMU's isa-debugcon, a byte for each byte written, or to the system's own console. */
#include <linux/fcntl.h>

#include "payload/init/device.h"
#include "payload/init/init.h"
#include "include/kvm_exit_trace.h"
#include "payload/lib/lib.h"
#include "payload/init/ports.h"
#include "payload/lib/qemu.h"
#include "payload/lib/serial.h"
#include "payload/init/syscall.h"

static int tty = -1;

bool console_present(void)
{
	return port_read(KVM_EXIT_TRACE_PORT_CONSOLE) == QEMU_DEBUGCON_READ;
}

void console_use_tty(void)
{
	tty = device_open(5, 1, O_WRONLY | O_NOCTTY);
}

void serial_write(const char *bytes, u32 count)
{
	if (tty >= 0)
		sys_write(tty, bytes, count);
	else
		while (count--)
			port_write(KVM_EXIT_TRACE_PORT_CONSOLE, *bytes++);
}

void console_say(const char *text)
{
	serial_write(text, str_length(text));
}
