// SPDX-License-Identifier: GPL-2.0-only
#include "payload/lib/qemu.h"
#include "payload/lib/self.h"
#include "payload/lib/serial.h"

/* Registers and bits of the 16550 (data sheet PC16550D, section 8) */
#define REG_DATA	0
#define REG_DIVISOR	0	/* 16 bits in two registers, while LCR.DLAB is set */
#define REG_IER		1
#define REG_FCR		2
#define REG_IIR		2
#define REG_LCR		3
#define REG_MCR		4
#define REG_LSR		5
#define REG_SCR		7	/* scratch: reads back what was written */

#define FCR_ENABLE_CLEAR 0x07
#define IIR_FIFO	0xc0
#define LCR_8N1		0x03
#define LCR_DLAB	0x80
#define MCR_DTR_RTS	0x03
#define LSR_THRE	0x20

#define SCRATCH		0x5a

#define FIFO_BYTES	16
#define NO_WAIT		(~0u)	/* a debug console takes everything at once */
#define WAIT_POLLS	1000000

static u16 base;
static u32 burst;	/* bytes that fit when the transmitter is empty */
static void (*pause)(void);	/* called between bursts, if the port takes everything at once */

void serial_init(u16 port)
{
	base = port;
	pause = NULL;
	self_outb(base + REG_IER, 0);
	self_outb(base + REG_LCR, LCR_DLAB | LCR_8N1);
	self_outb(base + REG_DIVISOR, 1);
	self_outb(base + REG_DIVISOR + 1, 0);
	self_outb(base + REG_LCR, LCR_8N1);
	self_outb(base + REG_FCR, FCR_ENABLE_CLEAR);
	self_outb(base + REG_MCR, MCR_DTR_RTS);
	burst = (self_inb(base + REG_IIR) & IIR_FIFO) == IIR_FIFO ? FIFO_BYTES : 1;
}

bool serial_find(u16 port)
{
	if (self_inb(port) == QEMU_DEBUGCON_READ) {
		base = port;
		burst = NO_WAIT;
		return true;
	}
	self_outb(port + REG_SCR, SCRATCH);
	if (self_inb(port + REG_SCR) != SCRATCH)
		return false;
	serial_init(port);
	return true;
}

void serial_pace(u32 bytes, void (*then)(void))
{
	if (burst == NO_WAIT) {
		burst = bytes;
		pause = then;
	}
}

bool serial_ready(void)
{
	return base;
}

static void wait_until_empty(void)
{
	if (pause) {
		pause();
		return;
	}
	for (u32 i = 0; i < WAIT_POLLS; i++)
		if (self_inb(base + REG_LSR) & LSR_THRE)
			return;
}

/* Reads the line status once for each FIFO load: 17 exits for 16 bytes. */
void serial_write(const char *bytes, u32 count)
{
	for (u32 i = 0; i < count; i++) {
		if (burst != NO_WAIT && i % burst == 0)
			wait_until_empty();
		self_outb(base + REG_DATA, bytes[i]);
	}
}
