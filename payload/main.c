// SPDX-License-Identifier: GPL-2.0-only
/* The life of the payload.  Nothing is printed before the bootloader's mark. */
#include "payload/linux/arguments.h"
#include "payload/machine/bootinfo.h"
#include "payload/lib/describe.h"
#include "payload/machine/fwcfg.h"
#include "payload/linux/handover.h"
#include "payload/lib/leaves.h"
#include "payload/linux/observer.h"
#include "payload/exam/operations.h"
#include "payload/options.h"
#include "payload/page.h"
#include "payload/machine/panic.h"
#include "payload/payload.h"
#include "payload/lib/records.h"
#include "payload/machine/screen.h"
#include "payload/lib/serial.h"

void main(u32 magic, u32 info) __attribute__((noreturn));

static const char *start;	/* how we were started, as a word */

static void print_usage(void)
{
	record_begin("usage");
	record_text("option", options.refused);
	record_text("msg", options.refused_why);
	record_end();
	verdict_worsen(VERDICT_FAIL);
}

static void print_first(void)
{
	record_begin("first");
	record_number("total", first.total);
	record_number("cycles", first.cycles);
	record_number("tsc", first.tsc);
	record_end();
}

void opening(void)
{
	describe_speaker(start);
	describe_tracer();
	print_first();
	handover_print();
}

void report(void)
{
	if (!tracer.present)
		return;
	print_first();
	samples_print();
	if (!describe_restart())
		return;
	if (!options.fuzz) {	/* fuzz fills the log, and has checked it already */
		u32 entries = log_entries();

		phases_print(0, entries);
		details_print(entries);
	}
	describe_dropped(samples_dropped());
}

static void run_tests(void)
{
	write_port(options.outb);
	if (options.selftest && tracer.present)
		selftest();
	if (options.fuzz)
		fuzz();
	if (options.bench)
		bench(options.bench);
	if (options.crash)
		crash(options.crash);
}

static void run_traced(void)
{
	describe_speaker(start);
	tracer_describe();
	describe_tracer();
	page_register(PAGE_BOOT);
	calibrate();
	page_calibrate();
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

/* If there is an observer, it prints everything.  Otherwise we print, then Linux gets the line. */
static void run_linux(void)
{
	const char *alone;

	tracer_describe();
	write_port(options.outb);
	alone = observer_start();
	if (alone) {
		opening();
		print_alone(alone);
		verdict_print();
	}
	handover_load(!alone);
	handover_jump();
}

/*
 * No leaf answers, but a program that counts on the host sees the marks.  If a Linux is
 * booted, bootexits-init goes on in the same way.
 */
static void run_host_only(void)
{
	describe_speaker(start);
	print_alone("host-only: there are no leaves, and the host has the counts");
	if (!handover_wanted()) {
		sync_mark_blindly();
		return;
	}
	handover_print();
	verdict_print();
	handover_load(false);
	handover_jump();
}

/* Prints what is known of the boot up to here. */
static void run_refused(void)
{
	describe_speaker(start);
	if (tracer.present) {
		tracer_describe();
		describe_tracer();
	}
	print_usage();
	report();
}

/* Also measures without a tracer, so that you can compare the costs of CPUIDs. */
static void run_untraced(void)
{
	describe_speaker(start);
	run_tests();
	if (!options.bench && !options.fuzz)
		describe_tracer();
}

/* For users who look at the screen.  The records are on the serial line. */
static void show(void)
{
	screen_show("bootexits: the records are on the serial line");
	if (options.refused)
		screen_show(options.refused_why);
	else if (tracer.present)
		phases_show();
	else
		screen_show(options.host_only ? "the counts are on the host" : tracer.missing);
}

void main(u32 magic, u32 info)
{
	static char fwcfg_options[1024];

	panic_init();
	tracer_detect();
	if (tracer.present || !tracer.revision)	/* without leaves, the host may see the mark */
		mark(KVM_EXIT_TRACE_PHASE_BOOTLOADER);

	options_parse(arguments_options(magic, info));
	if (fwcfg_read_text(FWCFG_OPTIONS, fwcfg_options, sizeof(fwcfg_options)))
		options_parse(fwcfg_options);
	handover_init(magic, info);
	screen_init(magic, info);
	start = bootinfo_start(magic);
	serial_init(options.serial);
	if (options.refused)
		run_refused();
	else if (!tracer.present && options.host_only)
		run_host_only();
	else if (!tracer.present)
		run_untraced();
	else if (handover_wanted())
		run_linux();
	else
		run_traced();
	show();
	finish();
}
