// SPDX-License-Identifier: GPL-2.0-only
#include "leaves.h"
#include "log.h"
#include "names.h"
#include "payload.h"
#include "serial.h"

#define PROTOCOL	1
#ifndef VERSION
#define VERSION		"1.0"
#endif

static enum verdict worst;

/* phases.c calls this where the log does not add up. */
void expect(const char *name, u64 n, u64 expected, u64 got, bool ok)
{
	record_begin("selftest");
	record_word("name", name);
	record_number("n", n);
	record_number("expect", expected);
	record_number("got", got);
	record_number("ok", ok);
	record_end();
	if (!ok)
		worst = VERDICT_FAIL;
}

static void print_hello(const char *start)
{
	serial_write("\r\n", 2);
	record_begin("hello");
	record_number("proto", PROTOCOL);
	record_word("version", VERSION);
	record_word("start", start);
	record_end();
}

static void print_skip(void)
{
	record_begin("skip");
	record_text("msg", tracer.missing);
	record_end();
	worst = VERDICT_SKIP;
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

static void print_pause(const struct log_pause *pause)
{
	record_begin("sync");
	record_number("try", 0);
	record_number("entry", pause->entry);
	record_number("after", pause->after);
	record_end();
}

static void print_dropped(void)
{
	record_begin("dropped");
	record_number("samples", 0);
	record_number("marks", log_dropped());
	record_end();
}

enum verdict log_print(const char *start, const struct log_pause *pause)
{
	print_hello(start);
	if (tracer.present) {
		tracer_describe();
		print_host();
		phases_print(0);
		if (pause && pause->done)
			print_pause(pause);
		print_dropped();
	} else {
		print_skip();
	}
	verdict_worsen(worst);
	verdict_print();
	return worst;
}
