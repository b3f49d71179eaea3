// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page's MSR: all kinds of values that a guest may write, what KVM must answer, and what
 * KVM then writes to the page.  Any other MSR is read.  Only MSRs without a meaning are
 * written, because the others would change the guest itself.
 */
#include "payload/exam/fuzz.h"
#include "payload/lib/lib.h"

#define OWN_PAGES	8	/* vCPUs with a page of their own */
#define OWN_BYTES	1024
#define MSR_MEANS_NOTHING 0x20000000
#define RAM_START	0x400000 /* nobody uses it while we run alone */
#define RAM_BYTES	0x2c00000
#define ADDRESS_APIC	0xfee00000
#define ADDRESS_IOAPIC	0xfec00000
#define ADDRESS_NOTHING	(1ull << 35)	/* beyond the memory of any guest of ours */
#define ADDRESS_TOO_FAR	(1ull << 52)	/* beyond any x86's addresses: a reserved bit */

/* entry.asm: both return false if the CPU raised #GP */
bool msr_try_read(u32 msr, u64 *value);
bool msr_try_write(u32 msr, u64 value);

static u8 own[OWN_PAGES][OWN_BYTES] __attribute__((aligned(KVM_EXIT_TRACE_PAGE_SIZE)));
static u8 shared[OWN_BYTES] __attribute__((aligned(KVM_EXIT_TRACE_PAGE_SIZE)));

enum outcome {
	TAKEN,
	REFUSED,	/* and the earlier page stays */
	OVER,		/* refused, and the earlier page ends */
	EITHER,		/* TAKEN or OVER */
};

static u32 random_line(struct fuzzer *f, u32 bytes)
{
	return fuzz_random(f) % bytes & ~(KVM_EXIT_TRACE_PAGE_SIZE - 1);
}

/* Returns a value for the MSR, and what must happen when it is written. */
static u64 random_value(struct fuzzer *f, enum outcome *outcome)
{
	u32 at = (u32)own[f->vcpu % OWN_PAGES] + random_line(f, OWN_BYTES);

	*outcome = TAKEN;
	switch (fuzz_random(f) % 12) {
	case 0 ... 3:
		return at | KVM_EXIT_TRACE_PAGE_ENABLED;
	case 4:
		return ((u32)shared + random_line(f, OWN_BYTES)) | KVM_EXIT_TRACE_PAGE_ENABLED;
	case 5:
		return 0;
	case 6:
		return at;
	case 7:
		*outcome = REFUSED;
		return at | KVM_EXIT_TRACE_PAGE_ENABLED | 2u << fuzz_random(f) % 5;
	case 8:
		*outcome = REFUSED;
		return at | KVM_EXIT_TRACE_PAGE_ENABLED |
		       ADDRESS_TOO_FAR << fuzz_random(f) % 12;
	case 9:
		*outcome = EITHER;
		return (RAM_START + random_line(f, RAM_BYTES)) | KVM_EXIT_TRACE_PAGE_ENABLED;
	case 10:
		*outcome = EITHER;
		return (RAM_START + random_line(f, ~RAM_START)) | KVM_EXIT_TRACE_PAGE_ENABLED;
	}
	*outcome = OVER;
	switch (fuzz_random(f) % 3) {
	case 0:
		return ADDRESS_APIC + random_line(f, 4096) + KVM_EXIT_TRACE_PAGE_ENABLED;
	case 1:
		return ADDRESS_IOAPIC + random_line(f, 4096) + KVM_EXIT_TRACE_PAGE_ENABLED;
	}
	return ADDRESS_NOTHING + random_line(f, ~0u) + KVM_EXIT_TRACE_PAGE_ENABLED;
}

static bool offered(void)
{
	return tracer_has(KVM_EXIT_TRACE_FEATURE_PAGE);
}

/* Checks that the MSR has the value that it must have. */
static void check_msr(struct fuzzer *f, u32 a)
{
	struct regs r = { 0 };
	u64 value = 0;
	bool read = msr_try_read(KVM_EXIT_TRACE_MSR_PAGE, &value);

	if (read == offered() && value == f->page)
		return;
	r.eax = value;
	r.ebx = value >> 32;
	r.ecx = f->page;
	r.edx = f->page >> 32;
	fuzz_broken(f, a, read, &r);
}

void fuzz_page_begin(struct fuzzer *f)
{
	f->page = 0;
	f->page_exits = 0;
	check_msr(f, 0);
}

void fuzz_page_end(struct fuzzer *f)
{
	if (!msr_try_write(KVM_EXIT_TRACE_MSR_PAGE, 0) && offered())
		fuzz_broken(f, 0, 0, &(struct regs){ 0 });
}

void fuzz_page_set(struct fuzzer *f)
{
	enum outcome outcome;
	u64 value = random_value(f, &outcome);
	bool taken = msr_try_write(KVM_EXIT_TRACE_MSR_PAGE, value);

	f->tally[f->kind].refused += !taken;
	if (!offered())
		outcome = REFUSED;
	if (taken ? outcome == REFUSED || outcome == OVER : outcome == TAKEN)
		fuzz_broken(f, value, value >> 32, &(struct regs){ .eax = taken });
	if (taken)
		f->page = value & KVM_EXIT_TRACE_PAGE_ENABLED ? value : 0;
	else if (outcome != REFUSED)
		f->page = 0;
	check_msr(f, value);
}

static bool is_own(const struct fuzzer *f)
{
	u32 at = f->page - (u32)own[f->vcpu % OWN_PAGES];

	return f->page && tracer.vcpus <= OWN_PAGES && at < OWN_BYTES;
}

/* Reading is no exit.  Only the host's interrupts add exits, so the count may not go down. */
void fuzz_page_read(struct fuzzer *f)
{
	struct page_totals totals;
	bool live, less;
	u64 sum;

	if (!is_own(f))
		return;
	live = page_read_at((void *)((u32)f->page & ~KVM_EXIT_TRACE_PAGE_ENABLED), &totals);
	sum = totals.guest;
	for (u32 i = 0; i < KVM_EXIT_TRACE_NR_CLOCKS; i++)
		sum += totals.cycles[i];
	less = totals.exits < f->page_exits || own_read().own <= totals.exits;
	if (!live || less || sum != totals.elapsed)
		fuzz_broken(f, live, less, &(struct regs){ totals.exits, totals.exits >> 32,
							   totals.elapsed, sum });
	f->page_exits = totals.exits;
}

static u32 random_msr(struct fuzzer *f)
{
	switch (fuzz_random(f) % 8) {
	case 0 ... 1:
		return KVM_EXIT_TRACE_MSR_PAGE - 8 + fuzz_random(f) % 16;
	case 2:
		return 0xc0000000 | fuzz_random(f) % 0x2000;
	case 3:
		return 0xc0010000 | fuzz_random(f) % 0x400;
	case 4:
		return 0x40000000 | fuzz_random(f) % 0x200;
	case 5:
		return 0x4b564d00 | fuzz_random(f) % 256;
	case 6:
		return fuzz_random(f) % 0x2000;
	}
	return fuzz_random(f);
}

/* Returns an MSR without a meaning.  fuzz_page_set() writes the page's own. */
static u32 random_idle_msr(struct fuzzer *f)
{
	u32 msr = KVM_EXIT_TRACE_MSR_PAGE - 8 + fuzz_random(f) % 16;

	return msr == KVM_EXIT_TRACE_MSR_PAGE || fuzz_random(f) % 2 ?
	       MSR_MEANS_NOTHING | fuzz_random(f) % 0x1000000 : msr;
}

void fuzz_msr(struct fuzzer *f)
{
	u64 value = fuzz_random(f);
	bool done;

	if (fuzz_random(f) % 4)
		done = msr_try_read(random_msr(f), &value);
	else
		done = msr_try_write(random_idle_msr(f), value << 32 | fuzz_random(f));
	f->tally[f->kind].refused += !done;
	check_msr(f, 0);
}
