// SPDX-License-Identifier: GPL-2.0-only
#include "lib/version.h"
#include "payload/lib/describe.h"
#include "payload/lib/leaves.h"
#include "payload/lib/names.h"
#include "payload/lib/records.h"
#include "payload/lib/serial.h"

#define PROTOCOL	1

/* Begins a new line, because firmware may have left the cursor within one. */
void describe_speaker(const char *start)
{
	serial_write("\r\n", 2);
	record_begin("hello");
	record_number("proto", PROTOCOL);
	record_word("version", BOOTEXITS_VERSION);
	record_word("start", start);
	record_end();
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
	if (tracer.began)
		record_number("began", tracer.began);
	record_number("from_start", !!(tracer.flags & KVM_EXIT_TRACE_FLAG_FROM_START));
	record_number("incomplete", !!(tracer.flags & KVM_EXIT_TRACE_FLAG_INCOMPLETE));
	record_number("tsc_khz", tracer.tsc_khz);
	record_end();
}

void describe_tracer(void)
{
	if (tracer.present)
		print_host();
	else
		print_skip();
}

bool describe_restart(void)
{
	u64 began = began_read();

	if (began != tracer.began) {
		record_begin("restart");
		record_number("began", began);
		record_end();
		verdict_worsen(VERDICT_FAIL);
	}
	return began || !tracer.began;
}

void describe_sync(u32 try, u32 entry, u64 after)
{
	record_begin("sync");
	record_number("try", try);
	record_number("entry", entry);
	record_number("after", after);
	record_end();
}

void describe_dropped(u64 samples)
{
	record_begin("dropped");
	record_number("samples", samples);
	record_number("marks", log_dropped());
	record_end();
}
