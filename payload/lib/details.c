// SPDX-License-Identifier: GPL-2.0-only
/*
 * What KVM keeps only on request: how long exits took, and what they were for.  Both
 * are read live, while they are printed.  So the latencies of a vCPU that prints
 * include its own printing.  Sites are printed up to the last mark.
 */
#include "payload/lib/leaves.h"
#include "payload/payload.h"
#include "payload/lib/records.h"

static void print_latency(u32 vcpu, u32 slot)
{
	u32 buckets[KVM_EXIT_TRACE_NR_BUCKETS];
	bool more = false;

	histogram_read(vcpu, slot, buckets);
	record_begin("latency");
	record_number("vcpu", vcpu);
	record_number("slot", slot);
	record_number("count", vcpu_counter(vcpu, slot).count);
	for (u32 i = 0; i < KVM_EXIT_TRACE_NR_BUCKETS; i++) {
		if (!buckets[i])
			continue;
		record_pair(more ? NULL : "b", i, buckets[i]);
		more = true;
	}
	record_end();
}

static void print_site(u32 vcpu, u32 position, struct site *site)
{
	site_detail(vcpu, position, site);
	record_begin("site");
	record_number("entry", site->entry);
	record_number("vcpu", vcpu);
	record_number("slot", site->slot);
	record_number("code", site->code);
	record_number("count", site->count);
	record_number("rip", site->rip);
	record_number("lead", site->lead);
	record_end();
}

static void print_sites(u32 vcpu, u32 entries)
{
	struct site site;

	for (u32 position = 0; site_read(vcpu, position, &site); position++)
		if (site.count && site.entry < entries)
			print_site(vcpu, position, &site);
}

static void print_lost(u32 vcpu, u32 slot)
{
	u64 count = sites_lost(vcpu, slot);

	if (!count)
		return;
	record_begin("lost");
	record_number("vcpu", vcpu);
	record_number("slot", slot);
	record_number("count", count);
	record_end();
}

void details_print(u32 entries)
{
	for (u32 vcpu = 0; vcpu < tracer.vcpus; vcpu++) {
		if (tracer_has(KVM_EXIT_TRACE_FEATURE_HISTOGRAM))
			for (u32 slot = 0; slot < tracer.slots; slot++)
				if (vcpu_counter(vcpu, slot).count)
					print_latency(vcpu, slot);
		if (!tracer_has(KVM_EXIT_TRACE_FEATURE_SITES))
			continue;
		print_sites(vcpu, entries);
		for (u32 slot = 0; slot < tracer.slots; slot++)
			print_lost(vcpu, slot);
	}
}
