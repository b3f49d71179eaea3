// SPDX-License-Identifier: GPL-2.0-only
#include "payload.h"
#include "record.h"
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
		verdict_worsen(VERDICT_FAIL);
}
void selftest(void) {}
void bench(void) {}
void fuzz(void) {}
void sync_mark(void) {}
