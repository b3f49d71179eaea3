// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the payload reads a loader's memory map, and what it passes on.  The payload's
 * pointers have 32 bits, so what it reads is in this program, below 4 GiB.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "payload/machine/memory.h"
#include "payload/lib/start.h"

#define MIB		0x100000ull
#define IMAGE		MIB		/* as tests/guest/map.t links it */
#define IMAGE_END	(MIB + 0x58000)
#define MOST		2000

static struct range mapped[MOST];
static u32 nr_mapped;

/* Multiboot 0.6.96, section 3.3 */
static struct {
	u32 flags, before[10];
	u32 memory_bytes, memory_list;
} mb1;

static struct {
	u32 size;
	u64 start, bytes;
	u32 type;
} __attribute__((packed)) mb1_map[MOST];

/* Multiboot 2.0, section 3.6: the header, the map's tag with entries of 32 bytes, and the end */
static struct {
	u32 total, zero;
	u32 type, size, entry_size, entry_version;
	struct {
		u64 start, bytes;
		u32 type, reserved;
		u64 later;
	} entries[MOST];
	u32 end[2];
} mb2;

/* Xen's public/arch-x86/hvm/start_info.h */
static struct {
	u32 magic, version, flags, modules;
	u64 module_list, command_line, rsdp, memory_list;
	u32 memory, reserved;
} pvh;

static struct {
	u64 start, bytes;
	u32 type, reserved;
} pvh_map[MOST];

static u32 address(const void *of)
{
	assert_true((uintptr_t)of >> 32 == 0);
	return (uintptr_t)of;
}

static void add(u64 start, u64 bytes, u32 type)
{
	assert_in_range(nr_mapped, 0, MOST - 1);
	mapped[nr_mapped++] = (struct range){ start, bytes, type };
}

/* Range 0 is RAM, and contains the payload.  Then comes a page of each type in turn. */
static struct range range_of(u32 i)
{
	if (!i)
		return (struct range){ 0, 16 * MIB, RANGE_RAM };
	return (struct range){ 16 * MIB + i * 4096, 4096, 1 + i % 5 };
}

static void fill_mb1(u32 n)
{
	mb1.flags = 0x40;
	mb1.memory_list = address(mb1_map);
	mb1.memory_bytes = n * sizeof(mb1_map[0]);
	for (u32 i = 0; i < n; i++) {
		struct range r = range_of(i);

		mb1_map[i].size = sizeof(mb1_map[0]) - sizeof(mb1_map[0].size);
		mb1_map[i].start = r.start;
		mb1_map[i].bytes = r.bytes;
		mb1_map[i].type = r.type;
	}
}

static void fill_mb2(u32 n)
{
	memset(&mb2, 0, sizeof(mb2));
	mb2.total = sizeof(mb2);
	mb2.type = 6;
	mb2.size = 16 + n * sizeof(mb2.entries[0]);
	mb2.entry_size = sizeof(mb2.entries[0]);
	for (u32 i = 0; i < n; i++) {
		struct range r = range_of(i);

		mb2.entries[i].start = r.start;
		mb2.entries[i].bytes = r.bytes;
		mb2.entries[i].type = r.type;
		mb2.entries[i].later = ~0ull;
	}
}

static void fill_pvh(u32 n)
{
	pvh.magic = START_PVH_MAGIC;
	pvh.version = 1;
	pvh.memory_list = address(pvh_map);
	pvh.memory = n;
	for (u32 i = 0; i < n; i++) {
		struct range r = range_of(i);

		pvh_map[i].start = r.start;
		pvh_map[i].bytes = r.bytes;
		pvh_map[i].type = r.type;
	}
}

/* Returns what memory_init() returns.  mapped[] gets what Linux would get. */
static const char *read_map(u32 magic, const void *info)
{
	const char *wrong = memory_init(magic, address(info));

	nr_mapped = 0;
	if (!wrong)
		memory_map(add);
	return wrong;
}

static void expect_range(u32 i, u64 start, u64 end, u32 type)
{
	assert_int_equal(mapped[i].start, start);
	assert_int_equal(mapped[i].bytes, end - start);
	assert_int_equal(mapped[i].type, type);
}

/* The payload's own memory makes three ranges of the first one. */
static void expect_all(const char *wrong, u32 n)
{
	assert_null(wrong);
	assert_int_equal(nr_mapped, n + 2);
	expect_range(0, 0, IMAGE, RANGE_RAM);
	expect_range(1, IMAGE, IMAGE_END, RANGE_RESERVED);
	expect_range(2, IMAGE_END, 16 * MIB, RANGE_RAM);
	for (u32 i = 1; i < n; i++) {
		struct range r = range_of(i);

		expect_range(i + 2, r.start, r.start + r.bytes, r.type);
	}
}

static void test_all_are_passed_on(void **state)
{
	static const u32 counts[] = { 1, 126, 127, 128, 129, 300, MEMORY_RANGES - 2 };

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(counts); i++) {
		fill_mb1(counts[i]);
		expect_all(read_map(START_MB1_MAGIC, &mb1), counts[i]);
		fill_mb2(counts[i]);
		expect_all(read_map(START_MB2_MAGIC, &mb2), counts[i]);
		fill_pvh(counts[i]);
		expect_all(read_map(START_PVH_MAGIC, &pvh), counts[i]);
	}
}

/* The ranges that the payload's memory adds count, too. */
static void test_too_many_are_refused(void **state)
{
	static const u32 counts[] = { MEMORY_RANGES - 1, MEMORY_RANGES, MEMORY_RANGES + 1, MOST };

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(counts); i++) {
		const char *wrong = "has more than 1024 ranges: boot Linux by itself";

		fill_mb1(3);
		expect_all(read_map(START_MB1_MAGIC, &mb1), 3);
		fill_mb1(counts[i]);
		assert_string_equal(read_map(START_MB1_MAGIC, &mb1), wrong);
		fill_mb2(counts[i]);
		assert_string_equal(read_map(START_MB2_MAGIC, &mb2), wrong);
		fill_pvh(counts[i]);
		assert_string_equal(read_map(START_PVH_MAGIC, &pvh), wrong);
	}
}

/* Odd ranges are passed on, because Linux has to judge them. */
static void test_odd_ranges_stay(void **state)
{
	static const struct range odd[] = {
		{ 0, 16 * MIB, RANGE_RAM },
		{ 32 * MIB, 0, RANGE_RAM },
		{ ~0xfffull, 4096, RANGE_RESERVED },
		{ ~0xfffull, 8192, RANGE_RAM },
		{ 0, ~0ull, 0 },
		{ 4096 * MIB, 4096 * MIB, 0xffffffff },
	};

	(void)state;
	fill_pvh(ARRAY_SIZE(odd));
	memset(pvh_map, 0, sizeof(pvh_map));
	for (u32 i = 0; i < ARRAY_SIZE(odd); i++) {
		pvh_map[i].start = odd[i].start;
		pvh_map[i].bytes = odd[i].bytes;
		pvh_map[i].type = odd[i].type;
	}
	assert_null(read_map(START_PVH_MAGIC, &pvh));
	assert_int_equal(nr_mapped, ARRAY_SIZE(odd) + 2);
	for (u32 i = 1; i < ARRAY_SIZE(odd); i++)
		expect_range(i + 2, odd[i].start, odd[i].start + odd[i].bytes, odd[i].type);
	assert_int_equal(memory_find_from(0, 4096, 4096), IMAGE_END);
	assert_int_equal(memory_find_below(~0u, 4096, 4096), 16 * MIB - 4096);
}

static void expect_damaged(u32 magic, const void *info)
{
	assert_string_equal(read_map(magic, info), "is unknown: the loader's map is damaged");
}

static void test_damaged_mb1(void **state)
{
	static const u32 sizes[] = { 0, 4, 19, 21, 45, 0xfffffffb, 0xfffffffc, 0xffffffff };

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(sizes); i++) {
		fill_mb1(3);
		mb1_map[1].size = sizes[i];
		expect_damaged(START_MB1_MAGIC, &mb1);
	}
	fill_mb1(3);
	mb1.memory_bytes--;
	expect_damaged(START_MB1_MAGIC, &mb1);
	mb1.memory_bytes = ~0u;
	expect_damaged(START_MB1_MAGIC, &mb1);
}

static void test_damaged_mb2(void **state)
{
	static const u32 sizes[] = { 0, 8, 23, 31, 33, 0xffffffff };

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(sizes); i++) {
		fill_mb2(3);
		mb2.entry_size = sizes[i];
		expect_damaged(START_MB2_MAGIC, &mb2);
	}
	fill_mb2(3);
	mb2.size = 15;
	expect_damaged(START_MB2_MAGIC, &mb2);
}

static void test_no_map(void **state)
{
	const char *wrong = "is unknown: the loader passes no map on";

	(void)state;
	fill_mb1(3);
	mb1.flags = 0;
	assert_string_equal(read_map(START_MB1_MAGIC, &mb1), wrong);
	fill_mb1(0);
	assert_string_equal(read_map(START_MB1_MAGIC, &mb1), wrong);
	fill_mb2(0);
	assert_string_equal(read_map(START_MB2_MAGIC, &mb2), wrong);
	fill_mb2(3);
	mb2.type = 21;
	mb2.size = 0;	/* without a check, the reader would never get past this tag */
	assert_string_equal(read_map(START_MB2_MAGIC, &mb2), wrong);
	fill_pvh(3);
	pvh.version = 0;
	assert_string_equal(read_map(START_PVH_MAGIC, &pvh), wrong);
	assert_string_equal(read_map(START_ROM_MAGIC, &pvh), wrong);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_are_passed_on),
		cmocka_unit_test(test_too_many_are_refused),
		cmocka_unit_test(test_odd_ranges_stay),
		cmocka_unit_test(test_damaged_mb1),
		cmocka_unit_test(test_damaged_mb2),
		cmocka_unit_test(test_no_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
