// SPDX-License-Identifier: GPL-2.0-only
/*
 * Count exits by what they were for: a port, an MSR, a CPUID leaf or a
 * guest-physical address.  They are counted phase by phase, in a table of
 * fixed size.
 */
#include <linux/hash.h>
#include <asm/vmx.h>

#include "x86.h"
#include "exit_trace_vm.h"

#define EXIT_TRACE_SITE_TRIES	32

/* Of guest RAM, the region of 2 MiB is enough to tell what was touched. */
#define EXIT_TRACE_REGION_MASK	(~(u64)(SZ_2M - 1))

/* APM vol. 2, 15.10.2 (IOIO), 15.11 (MSR), 15.25.6 (nested page faults) */
static u64 exit_trace_svm_code(const struct exit_trace_vcpu *trace, u32 slot, u64 rax,
			       u64 info, u64 gpa)
{
	if (slot == SVM_EXIT_IOIO)
		return (u16)(info >> 16);
	if (slot == SVM_EXIT_MSR)
		return (u32)trace->vcpu->arch.regs[VCPU_REGS_RCX];
	if (slot == SVM_EXIT_CPUID)
		return (u32)rax;
	if (slot == SVM_EXIT_VMMCALL)
		return rax;
	if (slot == exit_trace_svm_slot(SVM_EXIT_NPF))
		return gpa & (info & PFERR_RSVD_MASK ? PAGE_MASK : EXIT_TRACE_REGION_MASK);
	return 0;
}

/* SDM vol. 3, 28.2.1, table 28-5 (I/O instructions) */
static u64 exit_trace_vmx_code(const struct exit_trace_vcpu *trace, u32 slot, u64 rax,
			       u64 info, u64 gpa)
{
	switch (slot) {
	case EXIT_REASON_IO_INSTRUCTION:
		return (u16)(info >> 16);
	case EXIT_REASON_MSR_READ:
	case EXIT_REASON_MSR_WRITE:
		return (u32)trace->vcpu->arch.regs[VCPU_REGS_RCX];
	case EXIT_REASON_CPUID:
		return (u32)rax;
	case EXIT_REASON_VMCALL:
		return rax;
	case EXIT_REASON_EPT_MISCONFIG:
		return gpa & PAGE_MASK;
	case EXIT_REASON_EPT_VIOLATION:
		return gpa & EXIT_TRACE_REGION_MASK;
	default:
		return 0;
	}
}

/* Find the entry of a code, or make one.  NULL: the table has no room. */
static struct exit_trace_site *exit_trace_site_find(struct exit_trace_sites *sites, u64 code,
						    u8 slot, u8 entry)
{
	u32 i = hash_64(code << 16 ^ slot << 8 ^ entry, EXIT_TRACE_SITE_BITS);
	struct exit_trace_site *site;
	int tries;

	for (tries = 0; tries < EXIT_TRACE_SITE_TRIES; tries++) {
		site = &sites->site[(i + tries) % EXIT_TRACE_SITES];
		if (!site->count) {
			site->code = code;
			site->slot = slot;
			site->entry = entry;
			return site;
		}
		if (site->code == code && site->slot == slot && site->entry == entry)
			return site;
	}
	return NULL;
}

static void exit_trace_site_add(struct exit_trace_site *site, u64 rip)
{
	if (!site->votes)
		WRITE_ONCE(site->rip, rip);
	if (site->rip == rip)
		site->votes += site->votes != U32_MAX;
	else
		site->votes--;

	/* A reader that sees the entry in use sees its other members, too. */
	smp_store_release(&site->count, site->count + 1);
}

/*
 * Runs right after the exit was counted.  @info is SVM's EXITINFO1 or VMX's
 * exit qualification.  @gpa is the guest-physical address that the CPU gives
 * for an NPT or EPT fault.
 */
void __exit_trace_site(struct kvm_vcpu *vcpu, u64 rip, u64 rax, u64 info, u64 gpa)
{
	const struct exit_trace_live *live = &vcpu->arch.exit_trace_live;
	const struct exit_trace_vm *vm = vcpu->kvm->arch.exit_trace;
	struct exit_trace_vcpu *trace = vcpu->arch.exit_trace;
	struct exit_trace_sites *sites = trace->sites;
	u32 slot = live->current_slot - live->slots;
	struct exit_trace_site *site;
	u64 code;

	if (!sites)
		return;
	code = vm->vendor == KVM_EXIT_TRACE_VENDOR_SVM ?
	       exit_trace_svm_code(trace, slot, rax, info, gpa) :
	       exit_trace_vmx_code(trace, slot, rax, info, gpa);
	site = exit_trace_site_find(sites, code, slot, READ_ONCE(vm->log_len));
	if (site)
		exit_trace_site_add(site, rip);
	else
		WRITE_ONCE(sites->lost[slot], sites->lost[slot] + 1);
}
EXPORT_SYMBOL_GPL(__exit_trace_site);
