// SPDX-License-Identifier: GPL-2.0-only
/* bootexits-bpf's unit tests: snapshots from the ring become records like the payload's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "host-bpf/boundaries.h"
#include "host-bpf/marks.h"
#include "payload/lib/records.h"
#include "payload/lib/serial.h"
#include "payload/lib/types.h"

#define IO	123	/* SVM's exit code of a port access, and its slot */
#define NPF	168	/* the slot of exit code 0x400 */

static char said[1 << 16];

void serial_write(const char *bytes, u32 count)
{
	strncat(said, bytes, count);
}

/*
 * A vCPU that entered first at 1,000 ns and left last at 9,000, and was in the guest for half of
 * that.
 */
static struct exits_snapshot part_of(u32 entry, u32 index, u32 vcpus)
{
	struct exits_snapshot part = {
		.entry = entry, .phase = KVM_EXIT_TRACE_PHASE_FIRMWARE, .marker = 0, .index = index,
		.vcpus = vcpus, .now = 9500,
		.vcpu = { .exits = 7, .origin = 1000, .since = 9000, .guest = 4000, .slot = IO },
	};

	part.vcpu.slots[IO] = (struct exits_slot){ 5, { 1000, 2000, 0, 0 } };
	part.vcpu.slots[NPF] = (struct exits_slot){ 2, { 500, 0, 300, 100 } };
	part.vcpu.slots[EXITS_BEFORE].clocks[KVM_EXIT_TRACE_CLOCK_KVM] = 100;
	return part;
}

static void take(struct exits_snapshot part)
{
	assert_int_equal(marks_take(NULL, &part, sizeof(part)), 0);
}

static void print(u32 vcpus, u64 lost)
{
	*said = '\0';
	marks_describe(KVM_EXIT_TRACE_VENDOR_SVM, vcpus, lost);
	marks_print();
}

static void assert_said(const char *text)
{
	if (!strstr(said, text))
		fail_msg("no \"%s\" in:\n%s", text, said);
}

static void nothing_is_a_skip(void **state)
{
	(void)state;
	print(0, 0);
	assert_said(" hello proto=1 ");
	assert_said(" skip msg=\"no VM ");
	assert_null(strstr(said, " phase "));
}

/* Half of a mark's parts were lost.  The next mark begins anew. */
static void a_mark_that_is_not_whole_is_none(void **state)
{
	(void)state;
	take(part_of(0, 0, 2));
	take(part_of(1, 0, 2));
	print(2, 1);
	assert_null(strstr(said, " phase "));
	take(part_of(1, 1, 2));
	print(2, 1);
	assert_said(" phase entry=0 id=16 name=firmware vcpu=0 tsc=8500 total=14 kvm=3000 user=4000 idle=600 preempted=200 in_guest=8000 elapsed=15800 self=1 ");
	assert_null(strstr(said, " entry=1 "));
	assert_said(" dropped samples=0 marks=1 ");
}

static void slots_are_the_contracts(void **state)
{
	(void)state;
	assert_said(" reason entry=0 slot=123 code=123 name=io count=10 kvm=2000 user=4000 idle=0 preempted=0 ");
	assert_said(" reason entry=0 slot=168 code=1024 name=npf count=4 kvm=1000 user=0 idle=600 preempted=200 ");
	assert_said(" part entry=0 vcpu=1 slot=123 count=5 kvm=1000 user=2000 idle=0 preempted=0 ");
	assert_said(" host abi_major=1 abi_minor=2 vendor=svm features=30 vcpus=2 slots=192 ");
	assert_said(" from_start=1 incomplete=0 tsc_khz=1000000 ");
}

/* The guest's clock runs up to the moment of the copy. */
static void who_is_in_the_guest_has_its_time(void **state)
{
	struct exits_snapshot part = part_of(2, 0, 2);

	(void)state;
	part.vcpu.in_guest = 1;
	take(part);
	part.index = 1;
	part.vcpu.unseen = 3;
	take(part);
	print(2, 0);
	assert_said(" times entry=1 vcpu=0 in_guest=4500 elapsed=8400 ");
	assert_said(" from_start=0 ");
}

/* After the pause the guest marks once more.  That mark's total is what it would have read. */
static void a_pause_is_told_by_its_mark(void **state)
{
	struct exits_snapshot part = part_of(3, 0, 1);

	(void)state;
	part.phase = KVM_EXIT_TRACE_PHASE_PAUSED;
	take(part);
	print(2, 0);
	assert_said(" sync try=0 entry=1 after=7 ");
	assert_null(strstr(said, " phase entry=2 "));	/* this mark ends no phase */
	assert_int_equal(verdict_worst(), VERDICT_SKIP);	/* from the first case */
}

static void a_record_that_is_cut_is_not_taken(void **state)
{
	struct exits_snapshot part = part_of(4, 0, 1);

	(void)state;
	marks_take(NULL, &part, sizeof(part) - 1);
	print(2, 0);
	assert_null(strstr(said, " entry=3 "));
}

/* Time begins when the VM was attached to, because its first entry is not known. */
static void a_vm_that_ran_already_says_what_was_not_seen(void **state)
{
	static struct exits_vcpu rows[2];

	(void)state;
	rows[1].unseen = 5;
	marks_attached(&(struct attached){ .since = 500, .end = "killed", .signal = 9 }, rows, 2);
	print(2, 0);
	assert_said(" attached unseen=5 end=killed signal=9 ");
	assert_said(" unseen vcpu=1 exits=5 ");
	assert_null(strstr(said, " unseen vcpu=0 "));
	assert_said(" from_start=0 ");
	assert_said(" phase entry=0 id=16 name=firmware vcpu=0 tsc=9000 ");
}

/* Boundaries that KVM saw are phases with names of their own, and cost the guest no exit. */
static void boundaries_are_phases_if_the_guest_marks_none(void **state)
{
	struct exits_snapshot part = part_of(0, 0, 1);

	(void)state;
	marks_forget();
	assert_int_equal(boundary_text("login"), 0);
	part.phase = EXITS_PHASE_BOUNDARY + EXITS_CPL3;
	take(part);
	part.entry = 1;
	part.phase = EXITS_PHASE_TEXT;
	part.marker = KVM_EXIT_TRACE_MARK_HOST;
	take(part);
	part.entry = 2;
	part.phase = EXITS_PHASE_REST;
	take(part);
	print(1, 0);
	assert_said(" phase entry=0 id=259 name=to-cpl3 vcpu=0 ");
	assert_said(" phase entry=1 id=512 name=login vcpu=65535 ");
	assert_said(" phase entry=2 id=511 name=to-end ");
	assert_null(strstr(said, " self=1 "));
	marks_forget_boundaries();
	print(1, 0);
	assert_said(" phase entry=0 id=512 name=login ");
	assert_null(strstr(said, "to-"));
}

static void there_is_a_bound_of_texts(void **state)
{
	(void)state;
	for (int i = 1; i < EXITS_TEXTS; i++)
		assert_int_equal(boundary_text("more"), i);
	assert_int_equal(boundary_text("one"), -1);
	assert_int_equal(boundary_texts(), EXITS_TEXTS);
	assert_string_equal(boundary_name(EXITS_PHASE_TEXT + EXITS_TEXTS), "custom");
}

/* Clocks that lack some of a vCPU's time.  This comes last, because it makes the run fail. */
static void clocks_that_lack_time_fail(void **state)
{
	struct exits_snapshot part = part_of(5, 0, 1);

	(void)state;
	part.vcpu.guest--;
	take(part);
	print(1, 0);
	assert_said(" selftest name=log_elapsed n=1 expect=7900 got=7899 ok=0 ");
	assert_int_equal(verdict_worst(), VERDICT_FAIL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_a_skip),
		cmocka_unit_test(a_mark_that_is_not_whole_is_none),
		cmocka_unit_test(slots_are_the_contracts),
		cmocka_unit_test(who_is_in_the_guest_has_its_time),
		cmocka_unit_test(a_pause_is_told_by_its_mark),
		cmocka_unit_test(a_record_that_is_cut_is_not_taken),
		cmocka_unit_test(a_vm_that_ran_already_says_what_was_not_seen),
		cmocka_unit_test(boundaries_are_phases_if_the_guest_marks_none),
		cmocka_unit_test(there_is_a_bound_of_texts),
		cmocka_unit_test(clocks_that_lack_time_fail),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
