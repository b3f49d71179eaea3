// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any port is read, because no device that QEMU gives a guest minds.  Only the mark's
 * port and those around it are written, and ports that have no device.
 */
#include "payload/exam/fuzz.h"

#define AROUND		16	/* ports; the debug console is further away than that */
#define UNUSED		0x0b00	/* here no PC has a device, for 192 ports */
#define ELEMENTS	8	/* the most of a string */

static u32 buffer[ELEMENTS];

/* Reads one element of 1, 2 or 4 bytes.  If @count is not 0, reads a string of that many. */
static void port_in(u16 port, u32 size, u32 count)
{
	void *to = buffer;
	u32 value = 0;

	if (size == 1 && !count)
		asm volatile("inb %w1, %b0" : "+a"(value) : "d"(port));
	else if (size == 2 && !count)
		asm volatile("inw %w1, %w0" : "+a"(value) : "d"(port));
	else if (!count)
		asm volatile("inl %w1, %0" : "+a"(value) : "d"(port));
	else if (size == 1)
		asm volatile("rep insb" : "+D"(to), "+c"(count) : "d"(port) : "memory");
	else if (size == 2)
		asm volatile("rep insw" : "+D"(to), "+c"(count) : "d"(port) : "memory");
	else
		asm volatile("rep insl" : "+D"(to), "+c"(count) : "d"(port) : "memory");
}

static void port_out(u16 port, u32 size, u32 count)
{
	u32 value = KVM_EXIT_TRACE_PHASE_CUSTOM;
	const void *from = buffer;

	if (size == 1 && !count)
		asm volatile("outb %b0, %w1" : : "a"(value), "d"(port));
	else if (size == 2 && !count)
		asm volatile("outw %w0, %w1" : : "a"(value), "d"(port));
	else if (!count)
		asm volatile("outl %0, %w1" : : "a"(value), "d"(port));
	else if (size == 1)
		asm volatile("rep outsb" : "+S"(from), "+c"(count) : "d"(port) : "memory");
	else if (size == 2)
		asm volatile("rep outsw" : "+S"(from), "+c"(count) : "d"(port) : "memory");
	else
		asm volatile("rep outsl" : "+S"(from), "+c"(count) : "d"(port) : "memory");
}

static u32 marks(void)
{
	struct regs r = leaf_read(KVM_EXIT_TRACE_LEAF_LOG, 0);

	return r.eax + r.ecx;
}

/*
 * Each byte at the mark's port is a mark, stored or dropped.  Nothing else is a mark.  If there
 * are other vCPUs, they may mark meanwhile.
 */
static void write_port(struct fuzzer *f, u16 port, u32 size, u32 count)
{
	u32 expected = port == KVM_EXIT_TRACE_PORT && size == 1 ? count + !count : 0;
	u32 before = marks(), got;

	port_out(port, size, count);
	got = marks() - before;
	if (tracer.vcpus == 1 ? got != expected : got < expected)
		fuzz_broken(f, port, size << 8 | count, &(struct regs){ .eax = got });
}

void fuzz_port(struct fuzzer *f)
{
	u32 size = 1u << fuzz_random(f) % 3;
	u32 count = fuzz_random(f) % 4 ? 0 : 1 + fuzz_random(f) % ELEMENTS;

	switch (fuzz_random(f) % 8) {
	case 0 ... 2:
		write_port(f, KVM_EXIT_TRACE_PORT, size, count);
		break;
	case 3:
		write_port(f, KVM_EXIT_TRACE_PORT - AROUND / 2 + fuzz_random(f) % AROUND,
			   size, count);
		break;
	case 4:
		write_port(f, UNUSED + fuzz_random(f) % 192, size, count);
		break;
	case 5:
		port_in(KVM_EXIT_TRACE_PORT - AROUND / 2 + fuzz_random(f) % AROUND, size, count);
		break;
	default:
		port_in(fuzz_random(f), size, count);
	}
}
