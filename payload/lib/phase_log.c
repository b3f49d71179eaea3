// SPDX-License-Identifier: GPL-2.0-only
#include "payload/lib/describe.h"
#include "payload/lib/leaves.h"
#include "payload/lib/phase_log.h"
#include "payload/payload.h"

enum verdict log_print(const char *start, const struct log_pause *pause)
{
	u32 entries;

	if (tracer.present)
		tracer_describe();
	describe_speaker(start);
	describe_tracer();
	if (tracer.present) {
		entries = log_entries();
		phases_print(0, entries);
		if (pause && pause->done)
			describe_sync(0, pause->entry, pause->after);
		details_print(entries);
		describe_dropped(0);
	}
	verdict_print();
	return verdict_worst();
}
