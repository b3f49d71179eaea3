// SPDX-License-Identifier: GPL-2.0-only
#include "describe.h"
#include "leaves.h"
#include "log.h"
#include "payload.h"

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
	if (tracer.present)
		tracer_describe();
	describe_speaker(start);
	describe_tracer();
	if (tracer.present) {
		phases_print(0);
		if (pause && pause->done)
			print_pause(pause);
		print_dropped();
	} else {
		worst = VERDICT_SKIP;
	}
	verdict_worsen(worst);
	verdict_print();
	return worst;
}
