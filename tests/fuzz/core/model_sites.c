// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model of sites.  It does not know where the tracer's table puts an entry.  Each entry there
 * must be right, and exits without an entry must be counted as lost.
 */
#include "tests/fuzz/core/model.h"

/* SVM: APM vol. 2, appendix C; VMX: SDM vol. 3, appendix C */
static u64 code_of(u32 slot, const struct guest_exit *exit)
{
	u64 region = exit->gpa & ~0x1fffffull, page = exit->gpa & ~0xfffull;
	u16 port = exit->info >> 16;

	if (kernel.svm) {
		switch (slot) {
		case 0x7b:
			return port;
		case 0x7c:
			return (u32)exit->rcx;
		case 0x72:
			return (u32)exit->rax;
		case 0x81:
			return exit->rax;
		case 168:
			return exit->info & 8 ? page : region;
		}
		return 0;
	}
	switch (slot) {
	case 30:
		return port;
	case 31:
	case 32:
		return (u32)exit->rcx;
	case 10:
		return (u32)exit->rax;
	case 18:
		return exit->rax;
	case 48:
		return region;
	case 49:
		return page;
	}
	return 0;
}

static struct site *find(const struct model_vcpu *vcpu, u64 code, u32 slot, u32 entry)
{
	const struct site *site;

	for (site = vcpu->site; site < vcpu->site + vcpu->nr_sites; site++)
		if (site->code == code && site->slot == slot && site->entry == entry)
			return (struct site *)site;
	return NULL;
}

void model_site_add(struct model_vm *vm, struct model_vcpu *vcpu, const struct guest_exit *exit)
{
	u32 slot = model_slot(exit->reason);
	u64 code = code_of(slot, exit);
	struct site *site = find(vcpu, code, slot, vm->log_len);

	vcpu->exits[slot]++;
	if (!site && vcpu->nr_sites == ARRAY_SIZE(vcpu->site)) {
		vcpu->torn_sites = true;
		return;
	}
	if (!site) {
		site = &vcpu->site[vcpu->nr_sites++];
		*site = (struct site) { .code = code, .slot = slot, .entry = vm->log_len };
	}
	site->count++;
	site->rip[exit->rip % RIPS]++;
}

static void check_site(const struct model_vcpu *vcpu, const struct exit_trace_site *entry)
{
	const struct site *site = find(vcpu, entry->code, entry->slot, entry->entry);
	u32 i;

	if (!site && vcpu->torn_sites)
		return;
	model_must(site && (site->count == entry->count || vcpu->torn_sites), "site");
	for (i = 0; i < RIPS; i++)
		model_must(site->rip[i] * 2 <= site->count || entry->rip % RIPS == i,
			   "RIP of most exits");
	model_must(site->rip[entry->rip % RIPS] >= entry->votes || vcpu->torn_sites, "lead of that RIP");
}

void model_site_check(const struct model_vcpu *vcpu)
{
	const struct exit_trace_sites *sites;
	u64 exits[SLOTS] = { };
	u32 i;

	if (!vcpu->traced || !vcpu->sites)
		return;
	sites = vcpu->kvm->arch.exit_trace->sites;
	for (i = 0; i < ARRAY_SIZE(sites->site); i++) {
		if (!sites->site[i].count)
			continue;
		check_site(vcpu, &sites->site[i]);
		exits[sites->site[i].slot] += sites->site[i].count;
	}
	for (i = 0; i < EXIT_TRACE_SLOTS; i++)
		model_must(exits[i] + sites->lost[i] == vcpu->exits[i], "sum of sites and lost");
}
