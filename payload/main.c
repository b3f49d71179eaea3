// SPDX-License-Identifier: GPL-2.0-only
/* The life of the payload.  Nothing is printed before the bootloader's mark. */
#include "bootinfo.h"
#include "fwcfg.h"
#include "handover.h"
#include "leaves.h"
#include "names.h"
#include "observer.h"
#include "options.h"
#include "panic.h"
#include "payload.h"
#include "record.h"
#include "screen.h"
#include "serial.h"

#define PROTOCOL	1
#ifndef VERSION
#define VERSION		"1.0"
#endif

void main(u32 magic, u32 info) __attribute__((noreturn));

static const char *start;	/* the word for how */

/* Firmware may have left the cursor within a line of its own. */
static void print_hello(void)
{
	serial_write("\r\n", 2);
	record_begin("hello");
	record_number("proto", PROTOCOL);
	record_word("version", VERSION);
	record_word("start", start);
	record_end();
}

static void print_usage(void)
{
	record_begin("usage");
	record_text("option", options.refused);
	record_text("msg", options.refused_why);
	record_end();
	verdict_worsen(VERDICT_FAIL);
}

static void print_skip(void)
{
	record_begin("skip");
	record_text("msg", tracer.missing);
	record_end();
	verdict_worsen(VERDICT_SKIP);
}

static void print_host(void)
{
	record_begin("host");
	record_number("abi_major", tracer.revision >> 16);
	record_number("abi_minor", tracer.revision & 0xffff);
	record_word("vendor", name_of_vendor(tracer.vendor));
	record_number("features", tracer.features);
	record_number("vcpus", tracer.vcpus);
	record_number("slots", tracer.slots);
	record_number("epoch", tracer.epoch);
	record_number("from_start", !!(tracer.flags & KVM_EXIT_TRACE_FLAG_FROM_START));
	record_number("incomplete", !!(tracer.flags & KVM_EXIT_TRACE_FLAG_INCOMPLETE));
	record_number("tsc_khz", tracer.tsc_khz);
	record_end();
}

static void print_first(void)
{
	record_begin("first");
	record_number("total", first.total);
	record_number("cycles", first.cycles);
	record_number("tsc", first.tsc);
	record_end();
}

static void print_dropped(void)
{
	record_begin("dropped");
	record_number("samples", samples_dropped());
	record_number("marks", log_dropped());
	record_end();
}

void opening(void)
{
	print_hello();
	print_host();
	print_first();
	handover_print();
}

void report(void)
{
	if (!tracer.present)
		return;
	print_first();
	samples_print();
	phases_print(0);
	print_dropped();
}

static void run_tests(void)
{
	if (options.selftest && tracer.present)
		selftest();
	if (options.fuzz)
		fuzz();
	if (options.bench)
		bench();
	if (options.crash)
		crash(options.crash);
}

static void run_traced(void)
{
	print_hello();
	tracer_describe();
	print_host();
	calibrate();
	samples_take();
	run_tests();
	if (options.sync)
		sync_mark();
	else
		mark(KVM_EXIT_TRACE_PHASE_PAYLOAD);
	report();
}

static void print_alone(const char *why)
{
	record_begin("alone");
	record_text("msg", why);
	record_end();
}

/* With an observer, which prints it all, we are silent; else Linux gets the line from us. */
static void run_linux(void)
{
	const char *alone;

	tracer_describe();
	alone = observer_start();
	if (alone) {
		opening();
		print_alone(alone);
		verdict_print();
	}
	handover_load(!alone);
	handover_jump();
}

/* What can be said of the boot up to here */
static void run_refused(void)
{
	print_hello();
	if (tracer.present) {
		tracer_describe();
		print_host();
	}
	print_usage();
	report();
}

/* Costs of CPUIDs can be compared with a host that has no tracer. */
static void run_untraced(void)
{
	print_hello();
	run_tests();
	if (!options.bench && !options.fuzz)
		print_skip();
}

/* For who looks at the screen; the records are on the serial line. */
static void show(void)
{
	screen_show("bootexits; its records are on the serial line");
	if (options.refused)
		screen_show(options.refused_why);
	else if (tracer.present)
		phases_show();
	else
		screen_show(tracer.missing);
}

void main(u32 magic, u32 info)
{
	panic_init();
	tracer_detect();
	if (tracer.present)
		mark(KVM_EXIT_TRACE_PHASE_BOOTLOADER);

	options_parse(bootinfo_command_line(magic, info));
	options_parse(fwcfg_options());
	handover_init(magic, info);
	screen_init(magic, info);
	start = bootinfo_start(magic);
	serial_init(options.serial);
	if (options.refused)
		run_refused();
	else if (!tracer.present)
		run_untraced();
	else if (handover_wanted())
		run_linux();
	else
		run_traced();
	show();
	finish();
}
