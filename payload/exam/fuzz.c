// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hostile guest.  All vCPUs do random things to the tracer at once, and check its
 * answers against docs/abi.md.  The seed alone decides what each of them does.  Without
 * the tracer only one vCPU takes part, and it only reads leaves.
 */
#include "payload/machine/apic.h"
#include "payload/machine/cpus.h"
#include "payload/exam/fuzz.h"
#include "payload/lib/lib.h"
#include "payload/options.h"
#include "payload/machine/panic.h"
#include "payload/payload.h"
#include "payload/lib/qemu.h"
#include "payload/lib/records.h"

#define FUZZERS		8	/* the most vCPUs that take part */
#define STALL_MS	60000	/* without a single operation: the others hang */
#define SETTLE_TICKS	1000000	/* for INIT */
#define COMPARISONS	4
#define SEED_STEP	0x9e3779b9 /* 2^32 by the golden ratio, so that seeds are far apart */
#define DIGEST_START	2166136261
#define VECTOR_GP	13

/* entry.asm: a #GP handler that lets msr_try_read() and msr_try_write() go on */
extern void stub_gp(void);

static struct fuzzer fuzzers[FUZZERS];
static u8 stacks[FUZZERS][CPU_STACK] __attribute__((aligned(16)));
static struct fuzzer *starting;
static u32 nr_fuzzers;

static void fuzz_restart(struct fuzzer *f);

static const struct {
	const char *name;
	void (*run)(struct fuzzer *f);
	u32 weight;
} kinds[FUZZ_KINDS] = {
	[FUZZ_LEAF]	 = { "leaf", fuzz_leaf, 2400 },
	[FUZZ_COUNTER]	 = { "counter", fuzz_counter, 600 },
	[FUZZ_PORT]	 = { "port", fuzz_port, 400 },
	[FUZZ_MSR]	 = { "msr", fuzz_msr, 300 },
	[FUZZ_PAGE_SET]	 = { "page_set", fuzz_page_set, 200 },
	[FUZZ_PAGE_READ] = { "page_read", fuzz_page_read, 200 },
	[FUZZ_SNAPSHOT]	 = { "snapshot", fuzz_snapshot, 4 },
	[FUZZ_RESTART]	 = { "restart", fuzz_restart, 1 },
};

/* Marsaglia's xorshift, 13-17-5: never zero, period 2^32 - 1 */
u32 fuzz_random(struct fuzzer *f)
{
	f->random ^= f->random << 13;
	f->random ^= f->random >> 17;
	f->random ^= f->random << 5;
	return f->random;
}

void fuzz_broken(struct fuzzer *f, u32 a, u32 b, const struct regs *got)
{
	if (!f->found++)
		f->first = (struct fuzz_finding){ f->kind, a, b, *got };
	f->tally[f->kind].bad++;
}

static enum fuzz_kind random_kind(struct fuzzer *f)
{
	u32 sum = 0, at;

	if (!tracer.present)
		return FUZZ_LEAF;
	for (u32 i = 0; i < FUZZ_KINDS; i++)
		sum += kinds[i].weight;
	at = fuzz_random(f) % sum;
	for (u32 i = 0; ; i++) {
		if (at < kinds[i].weight)
			return i;
		at -= kinds[i].weight;
	}
}

/* If its vCPU has been reset, this goes on where it was. */
static void run(struct fuzzer *f)
{
	while (f->done < f->operations) {
		f->kind = random_kind(f);
		f->tally[f->kind].n++;
		f->done++;
		kinds[f->kind].run(f);
	}
}

static void run_other(void)
{
	struct fuzzer *f = starting;

	f->kind = FUZZ_PAGE_SET;
	fuzz_page_begin(f);
	f->running = true;
	run(f);
	f->kind = FUZZ_PAGE_SET;
	fuzz_page_end(f);
	f->ended = true;
	halt_forever();
}

static u32 apic_id(const struct fuzzer *f)
{
	return vcpu_apic_id(f->vcpu);
}

static void start(struct fuzzer *f)
{
	u32 i = f - fuzzers;

	starting = f;
	if (!cpu_start(apic_id(f), run_other, stacks[i] + CPU_STACK, &f->running))
		fuzz_broken(f, i, 0, &(struct regs){ 0 });
}

/*
 * Restarts any vCPU but our own, which is the boot's.  That vCPU loses its page, and goes on
 * where it was.
 */
static void fuzz_restart(struct fuzzer *f)
{
	struct fuzzer *other = &fuzzers[fuzz_random(f) % nr_fuzzers];

	if (f == fuzzers && other != f && !other->ended)
		start(other);
}

static u64 all_done(void)
{
	u64 sum = 0;

	for (u32 i = 0; i < nr_fuzzers; i++)
		sum += fuzzers[i].done;
	return sum;
}

static bool all_ended(void)
{
	for (u32 i = 1; i < nr_fuzzers; i++)
		if (!fuzzers[i].ended)
			return false;
	return true;
}

/* Waits for the others, and then stops them.  If they hang, it stops them, too. */
static void wait_for_others(struct fuzzer *f)
{
	u64 done = all_done(), since = rdtsc();

	while (!all_ended()) {
		if (all_done() != done) {
			done = all_done();
			since = rdtsc();
		} else if (rdtsc() - since > (u64)tracer.tsc_khz * STALL_MS) {
			fuzz_broken(f, 0, done, &(struct regs){ 0 });
			break;
		}
	}
	for (u32 i = 1; i < nr_fuzzers; i++)
		cpu_stop(apic_id(&fuzzers[i]));
	wait_until(rdtsc() + SETTLE_TICKS);
}

static void prepare(void)
{
	u64 left = options.fuzz;

	nr_fuzzers = tracer.present ? tracer.vcpus : 1;
	if (nr_fuzzers > FUZZERS)
		nr_fuzzers = FUZZERS;
	for (u32 i = 0; i < nr_fuzzers; i++) {
		struct fuzzer *f = &fuzzers[i];
		u64 share = options.fuzz;

		u64_divide(&share, nr_fuzzers);
		f->vcpu = !i ? tracer.vcpu : i == tracer.vcpu ? 0 : i;
		f->random = (u32)options.seed + i * SEED_STEP;
		f->random += !f->random;
		f->digest = DIGEST_START;
		f->operations = i + 1 < nr_fuzzers ? share : left;
		left -= share;
	}
}

static void run_all(void)
{
	struct fuzzer *f = fuzzers;

	panic_set_gate(VECTOR_GP, stub_gp);
	f->kind = FUZZ_PAGE_SET;
	fuzz_page_end(f);
	fuzz_page_begin(f);
	f->kind = FUZZ_RESTART;
	for (u32 i = 1; i < nr_fuzzers; i++)
		start(&fuzzers[i]);
	run(f);
	f->kind = FUZZ_RESTART;
	wait_for_others(f);
	f->kind = FUZZ_PAGE_SET;
	fuzz_page_end(f);
}

static void print_finding(const struct fuzzer *f)
{
	record_begin("broken");
	record_number("vcpu", f->vcpu);
	record_word("what", kinds[f->first.kind].name);
	record_number("a", f->first.a);
	record_number("b", f->first.b);
	record_number("eax", f->first.got.eax);
	record_number("ebx", f->first.got.ebx);
	record_number("ecx", f->first.got.ecx);
	record_number("edx", f->first.got.edx);
	record_end();
}

static void print_kind(enum fuzz_kind kind)
{
	struct fuzz_tally sum = { 0 };

	for (u32 i = 0; i < nr_fuzzers; i++) {
		const struct fuzz_tally *tally = &fuzzers[i].tally[kind];

		sum.n += tally->n;
		sum.refused += tally->refused;
		sum.bad += tally->bad;
	}
	record_begin("fuzzed");
	record_word("what", kinds[kind].name);
	record_number("n", sum.n);
	record_number("refused", sum.refused);
	record_number("bad", sum.bad);
	record_end();
}

static void print_all(void)
{
	u64 found = 0;

	for (u32 i = 0; i < nr_fuzzers; i++)
		found += fuzzers[i].found;
	record_begin("fuzz");
	record_number("n", all_done());
	record_number("bad", found);
	record_number("seed", options.seed);
	record_number("vcpus", nr_fuzzers);
	if (!tracer.present)
		record_number("digest", fuzzers->digest);	/* a tracer's counts vary it */
	record_end();
	for (u32 i = 0; tracer.present && i < FUZZ_KINDS; i++)
		print_kind(i);
	for (u32 i = 0; i < nr_fuzzers; i++)
		if (fuzzers[i].found)
			print_finding(&fuzzers[i]);
	if (found)
		verdict_worsen(VERDICT_FAIL);
}

/* The host compares while the VM pauses.  The pause is one exit after the total was read. */
static void pause(void)
{
	u64 total, after = 0;

	if (!qemu_is_pvpanic(inb(QEMU_PVPANIC_PORT)))
		return;
	for (u32 i = 0; i < COMPARISONS; i++) {
		total = total_read();
		outb(QEMU_PVPANIC_PORT, QEMU_PVPANIC_PANICKED);
		after = total_read();
		record_begin("paused");
		record_number("try", i);
		record_number("total", total);
		record_number("after", after);
		record_end();
		if (after == total + 2)
			return;
	}
}

void fuzz(void)
{
	prepare();
	if (tracer.present)
		run_all();
	else
		run(fuzzers);
	print_all();
	if (tracer.present)
		pause();
}
