// SPDX-License-Identifier: GPL-2.0-only
/*
 * The form of the binary statistics. This checks all that the kernel's own
 * tools/testing/selftests/kvm/ kvm_binary_stats_test.c checks (Documentation/virt/kvm/api.rst,
 * 4.133), and more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/l1/vmm/vmm.h"

#define VMS	4
#define VCPUS	4
#define CHUNK	1009

enum rule {
	ID, BLOCKS, NAMES, UNIQUE, KINDS, EXPONENTS, SIZES, OFFSETS, OVERLAPS, WHOLE, SINGLE, PIECES, RULES
};

static const char *const rules[RULES] = {
	[ID] = "the id begins with kvm and ends in its room",
	[BLOCKS] = "header, id, descriptors and data lie apart",
	[NAMES] = "each name is one, and ends in its room",
	[UNIQUE] = "no two are equal",
	[KINDS] = "type, unit and base are known",
	[EXPONENTS] = "the exponent is one for that unit",
	[SIZES] = "there is a value, and buckets where the type has them",
	[OFFSETS] = "each value lies in the data, aligned",
	[OVERLAPS] = "no two overlap",
	[WHOLE] = "the data can be read as one",
	[SINGLE] = "and each is the same alone",
	[PIECES] = "the file can be read in pieces to its end, which is that of the data",
};

static uint32_t broken[RULES];

static void holds(enum rule rule, bool yes)
{
	broken[rule] += !yes;
}

static size_t data_size(const struct stats *stats)
{
	size_t size = 0;
	uint32_t i;

	for (i = 0; i < stats->header.num_desc; i++)
		size += stats_desc(stats, i)->size * sizeof(uint64_t);
	return size;
}

static void check_header(const struct stats *stats)
{
	const struct kvm_stats_header *header = &stats->header;
	size_t descs = header->num_desc * (sizeof(struct kvm_stats_desc) + header->name_size);
	char *id = malloc(header->name_size);

	holds(ID, pread(stats->fd, id, header->name_size, header->id_offset) == header->name_size &&
	      !strncmp(id, "kvm", 3) && strnlen(id, header->name_size) < header->name_size);
	holds(BLOCKS, header->num_desc && header->id_offset >= sizeof(*header) &&
	      header->desc_offset >= header->id_offset + header->name_size &&
	      header->data_offset >= header->desc_offset + descs);
	free(id);
}

static bool exponent_fits(const struct kvm_stats_desc *desc)
{
	switch (desc->flags & KVM_STATS_UNIT_MASK) {
	case KVM_STATS_UNIT_SECONDS:
		return desc->exponent <= 0;
	case KVM_STATS_UNIT_BOOLEAN:
		return !desc->exponent;
	default:
		return desc->exponent >= 0;
	}
}

static void check_desc(const struct stats *stats, uint32_t i)
{
	const struct kvm_stats_desc *desc = stats_desc(stats, i);
	uint32_t type = desc->flags & KVM_STATS_TYPE_MASK, j;

	holds(NAMES, desc->name[0] && strnlen(desc->name, stats->header.name_size) < stats->header.name_size);
	for (j = 0; j < i; j++)
		holds(UNIQUE, strcmp(desc->name, stats_desc(stats, j)->name));
	holds(KINDS, type <= KVM_STATS_TYPE_MAX &&
	      (desc->flags & KVM_STATS_UNIT_MASK) <= KVM_STATS_UNIT_MAX &&
	      (desc->flags & KVM_STATS_BASE_MASK) <= KVM_STATS_BASE_MAX &&
	      !(desc->flags & ~(KVM_STATS_TYPE_MASK | KVM_STATS_UNIT_MASK | KVM_STATS_BASE_MASK)));
	holds(EXPONENTS, exponent_fits(desc));
	holds(SIZES, desc->size && !desc->bucket_size == (type != KVM_STATS_TYPE_LINEAR_HIST));
}

static void check_data(const struct stats *stats)
{
	size_t size = data_size(stats), values = size / sizeof(uint64_t);
	uint64_t *data = malloc(size), *alone = malloc(size);
	uint8_t *used = calloc(values, 1);
	uint32_t i, j;

	holds(WHOLE, pread(stats->fd, data, size, stats->header.data_offset) == (ssize_t)size);
	for (i = 0; i < stats->header.num_desc; i++) {
		const struct kvm_stats_desc *desc = stats_desc(stats, i);
		size_t bytes = desc->size * sizeof(uint64_t), first = desc->offset / sizeof(uint64_t);

		if (desc->offset % sizeof(uint64_t) || desc->offset + bytes > size) {
			broken[OFFSETS]++;
			continue;
		}
		for (j = 0; j < desc->size; j++)
			holds(OVERLAPS, !used[first + j]++);
		holds(SINGLE, pread(stats->fd, alone, bytes, stats->header.data_offset + desc->offset) ==
		      (ssize_t)bytes && !memcmp(alone, data + first, bytes));
	}
	free(data);
	free(alone);
	free(used);
}

static void check_pieces(const struct stats *stats)
{
	size_t size = stats->header.data_offset + data_size(stats), at = 0;
	char *whole = malloc(size), *pieces = malloc(size + CHUNK);
	ssize_t got;

	holds(PIECES, pread(stats->fd, whole, size, 0) == (ssize_t)size);
	while (at <= size && (got = read(stats->fd, pieces + at, CHUNK)) > 0)
		at += got;
	holds(PIECES, at == size && !memcmp(whole, pieces, size));
	free(whole);
	free(pieces);
}

static void check_all(int owner)
{
	struct stats stats;
	uint32_t i;

	stats_open(&stats, owner);
	check_header(&stats);
	for (i = 0; i < stats.header.num_desc; i++)
		check_desc(&stats, i);
	check_data(&stats);
	check_pieces(&stats);
	stats_close(&stats);
}

int stats_format(int argc, char **argv)
{
	struct vcpu vcpus[VMS][VCPUS];
	struct vm vms[VMS];
	unsigned int i, j;

	for (i = 0; i < VMS; i++) {
		vm_new(&vms[i]);
		for (j = 0; j < VCPUS; j++)
			vcpu_new(&vms[i], &vcpus[i][j], j);
	}
	for (i = 0; i < VMS; i++) {
		check_all(vms[i].fd);
		for (j = 0; j < VCPUS; j++) {
			vcpu_exits(&vcpus[i][j], 1 + i + j);
			check_all(vcpus[i][j].fd);
		}
	}
	for (i = 0; i < RULES; i++)
		expect(rules[i], broken[i], 0);
	return 0;
}
