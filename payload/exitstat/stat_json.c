// SPDX-License-Identifier: GPL-2.0-only
#include <error.h>
#include <inttypes.h>

#include "payload/exitstat/exitstat.h"
#include "payload/lib/names.h"
#include "payload/exitstat/stat_json.h"
#include "lib/version.h"

json_t *u64_json(u64 number)
{
	char digits[24];

	if (number <= INT64_MAX)
		return json_integer(number);
	snprintf(digits, sizeof(digits), "%" PRIu64, number);
	return json_string(digits);
}

json_t *tracer_json(const char *unit)
{
	char abi[16];

	snprintf(abi, sizeof(abi), "%u.%u", tracer.revision >> 16, tracer.revision & 0xffff);
	return json_pack("{s:s, s:i, s:s, s:b, s:b, s:i, s:s}",
			 "vendor", name_of_vendor(tracer.vendor),
			 "vcpus", tracer.vcpus,
			 "abi", abi,
			 "from_start", !!(tracer.flags & KVM_EXIT_TRACE_FLAG_FROM_START),
			 "incomplete", !!(tracer.flags & KVM_EXIT_TRACE_FLAG_INCOMPLETE),
			 "tsc_khz", tracer.tsc_khz,
			 "unit", unit);
}

static json_t *counts_json(const struct slot_counts *counts)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o}",
			 "exits", u64_json(counts->count),
			 "kvm", u64_json(counts->cycles[KVM_EXIT_TRACE_CLOCK_KVM]),
			 "user", u64_json(counts->cycles[KVM_EXIT_TRACE_CLOCK_USER]),
			 "idle", u64_json(counts->cycles[KVM_EXIT_TRACE_CLOCK_IDLE]),
			 "preempted", u64_json(counts->cycles[KVM_EXIT_TRACE_CLOCK_PREEMPTED]));
}

static json_t *reason_json(const struct snapshot *snapshot, u32 slot, bool difference)
{
	json_t *reason = json_pack("{s:s, s:i, s:o}",
				   "name", snapshot_slot_name(slot),
				   "slot", slot,
				   "code", u64_json(slot_code(slot)));

	json_object_update_new(reason, counts_json(&snapshot->slot[slot]));
	if (difference)
		json_object_set_new(reason, "net", u64_json(snapshot_net(snapshot, slot)));
	return reason;
}

json_t *snapshot_json(const struct snapshot *snapshot, bool difference)
{
	json_t *root = json_pack("{s:o, s:b}", "tsc", u64_json(snapshot->tsc),
				 "whole", snapshot->whole);
	json_t *reasons = json_array();
	u8 slots[KVM_EXIT_TRACE_NR_SLOTS];
	unsigned int nr = slots_sorted(snapshot, slots);

	json_object_update_new(root, counts_json(&snapshot->sum));
	if (difference) {
		json_object_set_new(root, "own", u64_json(snapshot->own));
		json_object_set_new(root, "net",
				    u64_json(snapshot_net(snapshot, KVM_EXIT_TRACE_SLOT_SUM)));
	}
	for (unsigned int i = 0; i < nr; i++)
		json_array_append_new(reasons, reason_json(snapshot, slots[i], difference));
	json_object_set_new(root, "reasons", reasons);
	return root;
}

json_t *vcpus_json(void)
{
	json_t *vcpus = json_array();

	for (u32 i = 0; i < tracer.vcpus; i++) {
		struct counter sum = vcpu_counter(i, KVM_EXIT_TRACE_SLOT_SUM);

		json_array_append_new(vcpus, json_pack("{s:i, s:o, s:o}", "vcpu", i,
						       "exits", u64_json(sum.count),
						       "kvm", u64_json(sum.cycles)));
	}
	return vcpus;
}

void json_show(json_t *root)
{
	json_t *document = json_pack("{s:i}", "schema", JSON_SCHEMA);

	if (!root || json_object_update(document, root) ||
	    json_dumpf(document, stdout, JSON_INDENT(2)))
		error(STATUS_SYSTEM, 0, "can't write JSON");
	putchar('\n');
	json_decref(document);
	json_decref(root);
}
