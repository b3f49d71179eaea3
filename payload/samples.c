// SPDX-License-Identifier: GPL-2.0-only
#include "payload/lib/leaves.h"
#include "payload/lib/lib.h"
#include "payload/options.h"
#include "payload/page.h"
#include "payload/payload.h"
#include "payload/lib/records.h"

#define SAMPLES_MAX	1024
#define SAMPLES_DEFAULT	64
#define CALIBRATE_POLLS	1000

static struct poll samples[SAMPLES_MAX];
static u32 stored;
static u64 dropped;

static u32 print_calibrate(const char *what, u64 n, u64 exits)
{
	record_begin("calibrate");
	record_word("what", what);
	record_number("n", n);
	record_number("exits", exits);
	return record_end();
}

/*
 * Both differences also include the host's own interrupts, so our count is a lower
 * bound.  If a difference is less, our count or the tracer is wrong.
 */
void calibrate(void)
{
	u64 self = self_exits;
	u64 before = total_read();
	u64 after, exits, serial_self;
	struct poll p;
	u32 bytes;

	for (u32 i = 0; i < CALIBRATE_POLLS; i++)
		poll_read(&p);
	exits = p.total - before;
	self = self_exits - self - 1;

	serial_self = self_exits;
	before = total_read();
	bytes = print_calibrate("poll", CALIBRATE_POLLS, exits);
	after = total_read();
	serial_self = self_exits - serial_self - 1;

	print_calibrate("serial_byte", bytes, after - before - 1);
	if (exits < self)
		expect("calibrate_poll", CALIBRATE_POLLS, self, exits, false);
	if (after - before < serial_self)
		expect("calibrate_serial", bytes, serial_self, after - before, false);
}

static void print_sample(u64 n, const struct poll *p)
{
	record_begin("sample");
	record_number("n", n);
	record_number("tsc", p->tsc);
	record_number("total", p->total);
	record_number("cycles", p->cycles);
	record_end();
}

static void keep(const struct poll *p)
{
	if (stored < SAMPLES_MAX)
		samples[stored++] = *p;
	else
		dropped++;
}

/*
 * If the VM has only one vCPU, that vCPU's page has the VM's total.  Waiting for a total
 * needs exits, and each read of the leaf is one.
 */
static void sample(struct poll *p)
{
	struct page_totals totals;

	if (tracer.vcpus > 1 || options.until || !page_read(PAGE_BOOT, &totals)) {
		poll_read(p);
		return;
	}
	p->tsc = rdtsc();
	p->total = totals.exits;
	p->cycles = totals.cycles[KVM_EXIT_TRACE_CLOCK_KVM];
}

/* If the number of polls is not given, polls until until= is reached, or takes the default. */
void samples_take(void)
{
	u64 limit = options.samples || options.until ? options.samples : SAMPLES_DEFAULT;
	u64 interval_us = options.interval_us == INTERVAL_UNSAID ? 0 : options.interval_us;
	u64 ticks = interval_us * tracer.tsc_khz;
	u64 until = options.until ? options.until : ~0ull;
	u64 n = 0;
	struct poll p;

	u64_divide(&ticks, 1000);
	do {
		if (n && ticks)
			wait_until(p.tsc + ticks);
		sample(&p);
		if (options.stream)
			print_sample(n, &p);
		else
			keep(&p);
		n++;
	} while (n != limit && p.total < until);
}

void samples_print(void)
{
	for (u32 i = 0; i < stored; i++)
		print_sample(i, &samples[i]);
}

u64 samples_dropped(void)
{
	return dropped;
}
