// SPDX-License-Identifier: GPL-2.0-only
#include "payload/lib/lib.h"
#include "payload/machine/memory.h"

#define TAKEN_MAX	8
#define PAGE_BYTES	4096
#define TEXT(number)	#number
#define TEXT_OF(number)	TEXT(number)
#define LOW_BYTES	0x100000	/* below, firmware and Linux have tables: we take nothing */

/* payload.lds */
extern const char image_start[], memory_end[];

struct area {
	u64 start, end;
};

static struct range ranges[MEMORY_RANGES];
static u32 nr_ranges;
static u32 nr_mapped;	/* ranges that Linux gets */
static struct area taken[TAKEN_MAX];
static u32 nr_taken;

static struct area own(void)
{
	return (struct area){ (u32)image_start,
			      ((u32)memory_end + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1) };
}

static void count(u64 start, u64 bytes, u32 type)
{
	(void)start, (void)bytes, (void)type;
	nr_mapped++;
}

/* Returns words that say what is wrong with the loader's map, or NULL. */
static const char *wrong_ranges(void)
{
	if (!nr_ranges)
		return "is unknown: the loader passes no map on";
	if (nr_ranges == BOOTINFO_DAMAGED)
		return "is unknown: the loader's map is damaged";
	nr_mapped = 0;
	if (nr_ranges <= MEMORY_RANGES)
		memory_map(count);
	if (nr_ranges > MEMORY_RANGES || nr_mapped > MEMORY_RANGES)
		return "has more than " TEXT_OF(MEMORY_RANGES) " ranges: boot Linux by itself";
	return NULL;
}

const char *memory_init(u32 magic, u32 info)
{
	const char *wrong;

	nr_ranges = bootinfo_memory(magic, info, ranges, MEMORY_RANGES);
	wrong = wrong_ranges();
	if (wrong)
		nr_ranges = 0;
	taken[0] = own();
	nr_taken = 1;
	return wrong;
}

void memory_take(u32 start, u32 bytes)
{
	if (nr_taken < TAKEN_MAX)
		taken[nr_taken++] = (struct area){ start, (u64)start + bytes };
}

/* Returns a taken area that overlaps this one, or NULL. */
static const struct area *find_taken(u64 start, u64 end)
{
	for (u32 i = 0; i < nr_taken; i++)
		if (start < taken[i].end && taken[i].start < end)
			return &taken[i];
	return NULL;
}

/* Returns the lowest free address in one range of RAM, from an address on, or the range's end. */
static u64 find_lowest(const struct range *ram, u64 from, u32 bytes, u32 align)
{
	u64 end = ram->start + ram->bytes;
	u64 at = ram->start > from ? ram->start : from;
	const struct area *area;

	for (;; at = area->end) {
		at = (at + align - 1) & ~(u64)(align - 1);
		if (at + bytes > end)
			return end;
		area = find_taken(at, at + bytes);
		if (!area)
			return at;
	}
}

/* Returns the highest free address in one range of RAM, ending below an address, or 0. */
static u64 find_highest(const struct range *ram, u64 below, u32 bytes, u32 align)
{
	u64 end = ram->start + ram->bytes;
	const struct area *area;
	u64 at;

	for (end = end < below ? end : below;; end = area->start) {
		if (end < ram->start + bytes)
			return 0;
		at = (end - bytes) & ~(u64)(align - 1);
		if (at < ram->start)
			return 0;
		area = find_taken(at, at + bytes);
		if (!area)
			return at;
	}
}

static u32 take(u64 at, u32 bytes)
{
	if (at)
		memory_take(at, bytes);
	return at;
}

u32 memory_find_from(u32 from, u32 bytes, u32 align)
{
	u64 best = 1ull << 32;

	if (from < LOW_BYTES)
		from = LOW_BYTES;
	for (u32 i = 0; i < nr_ranges; i++) {
		u64 at = find_lowest(&ranges[i], from, bytes, align);

		if (ranges[i].type == RANGE_RAM && at < ranges[i].start + ranges[i].bytes &&
		    at + bytes <= 1ull << 32 && at < best)
			best = at;
	}
	return take(best >> 32 ? 0 : best, bytes);
}

u32 memory_find_below(u32 below, u32 bytes, u32 align)
{
	u64 best = 0;

	for (u32 i = 0; i < nr_ranges; i++) {
		u64 at = find_highest(&ranges[i], below, bytes, align);

		if (ranges[i].type == RANGE_RAM && at > best)
			best = at;
	}
	return take(best < LOW_BYTES ? 0 : best, bytes);
}

static void add_part(memory_add add, u64 start, u64 end, u32 type)
{
	if (start < end)
		add(start, end - start, type);
}

void memory_map(memory_add add)
{
	struct area self = own();

	for (u32 i = 0; i < nr_ranges; i++) {
		u64 start = ranges[i].start, end = start + ranges[i].bytes;
		u64 from = self.start > start ? self.start : start;
		u64 until = self.end < end ? self.end : end;

		if (ranges[i].type != RANGE_RAM || from >= until) {
			add(start, ranges[i].bytes, ranges[i].type);
			continue;
		}
		add_part(add, start, from, RANGE_RAM);
		add_part(add, from, until, RANGE_RESERVED);
		add_part(add, until, end, RANGE_RAM);
	}
}
