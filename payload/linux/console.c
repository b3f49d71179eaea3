// SPDX-License-Identifier: GPL-2.0-only
/* QEMU's isa-debugcon: a byte written is a byte printed. */
#include "init.h"
#include "kvm_exit_trace.h"
#include "ports.h"
#include "qemu.h"
#include "serial.h"

bool console_present(void)
{
	return port_read(KVM_EXIT_TRACE_PORT_CONSOLE) == QEMU_DEBUGCON_READ;
}

void serial_write(const char *bytes, u32 count)
{
	while (count--)
		port_write(KVM_EXIT_TRACE_PORT_CONSOLE, *bytes++);
}
