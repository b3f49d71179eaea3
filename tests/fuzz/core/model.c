// SPDX-License-Identifier: GPL-2.0-only
/* The model of the tracer's counters, clocks, log and pages: see model.h. */
#include "tests/fuzz/core/model.h"

struct model model;

void model_must(bool same, const char *what)
{
	if (same)
		return;
	fprintf(stderr, "the tracer and its model have another %s\n", what);
	abort();
}

bool model_fails(int *countdown)
{
	return *countdown >= 0 && !(*countdown)--;
}

u32 model_slot(u32 reason)
{
	if (!kernel.svm)
		return (reason & 0xffff) < 128 ? reason & 0xffff : KVM_EXIT_TRACE_SLOT_OTHER;
	if (reason <= 0xa7)
		return reason;
	if (reason >= 0x400 && reason <= 0x407)
		return 168 + reason - 0x400;
	return reason == 0xffffffff ? KVM_EXIT_TRACE_SLOT_INVALID : KVM_EXIT_TRACE_SLOT_OTHER;
}

void model_add(struct counted *to, const struct counted *from)
{
	int i;

	to->count += from->count;
	for (i = 0; i < CLOCKS; i++)
		to->cycles[i] += from->cycles[i];
}

struct counted model_total(const struct snapshot *snapshot)
{
	struct counted total = { };
	int i;

	for (i = 0; i < SLOTS; i++)
		model_add(&total, &snapshot->slot[i]);
	return total;
}

/*
 * The time from the first entry to now, if the vCPU is in the guest.  Otherwise it ends where the
 * clock was charged.  If the TSC went back and nothing has noticed yet, no clock is below zero.
 */
void model_take(struct snapshot *to, const struct model_vcpu *vcpu)
{
	u64 until = vcpu->since;

	*to = vcpu->now;
	memset(&to->slot[BEFORE], 0, sizeof(to->slot[BEFORE]));
	if (vcpu->in_guest) {
		until = max(kernel.tsc, vcpu->entered);
		to->guest += until - vcpu->entered;
	}
	to->elapsed = vcpu->began ? until - vcpu->first : 0;
}

/* A copy has only slots in use.  A slot whose count wrapped to 0 is not in use. */
void model_copy(struct snapshot *to, const struct model_vcpu *vcpu)
{
	int i;

	model_take(to, vcpu);
	for (i = 0; i < SLOTS; i++)
		if (!to->slot[i].count)
			memset(&to->slot[i], 0, sizeof(to->slot[i]));
}

static void begin(struct model_vcpu *vcpu)
{
	vcpu->began = false;
	vcpu->current = BEFORE;
	vcpu->since = kernel.tsc;
	vcpu->spent = 0;
	vcpu->timed = false;
}

static void options(struct model_vcpu *vcpu)
{
	if (model.histogram && !vcpu->histogram)
		vcpu->histogram = !model_fails(&model.fail_alloc);
	if (model.sites && !vcpu->sites)
		vcpu->sites = !model_fails(&model.fail_alloc);
}

static void reset(struct model_vm *vm)
{
	u32 i;

	for (i = 0; i < vm->nr; i++) {
		struct model_vcpu *vcpu = &vm->vcpu[i];

		memset(&vcpu->now, 0, sizeof(vcpu->now));
		memset(&vcpu->latch, 0, sizeof(vcpu->latch));
		memset(vcpu->log, 0, sizeof(vcpu->log));
		memset(vcpu->bucket, 0, sizeof(vcpu->bucket));
		memset(vcpu->exits, 0, sizeof(vcpu->exits));
		vcpu->nr_sites = vcpu->log_used = 0;
		vcpu->torn_sites = false;
		begin(vcpu);
		options(vcpu);
	}
	vm->log_len = vm->log_dropped = 0;
	vm->flags = 0;
}

static int attach(struct model_vm *vm)
{
	if (!vm->attached) {
		if (model_fails(&model.fail_alloc))
			return -ENOMEM;
		vm->attached = true;
	}
	for (; vm->nr_traced < vm->nr; vm->nr_traced++) {
		struct model_vcpu *vcpu = &vm->vcpu[vm->nr_traced];

		if (model_fails(&model.fail_alloc)) {
			vm->flags |= KVM_EXIT_TRACE_FLAG_INCOMPLETE;
			return -ENOMEM;
		}
		vcpu->traced = true;
		begin(vcpu);
		options(vcpu);
	}
	vm->flags &= ~KVM_EXIT_TRACE_FLAG_INCOMPLETE;
	return 0;
}

/* A VM has FROM_START if none of its vCPUs has run before. */
static void start(struct model_vm *vm)
{
	bool ran = false, late = false;
	u32 i;

	for (i = 0; i < vm->nr; i++) {
		struct model_vcpu *vcpu = &vm->vcpu[i];

		late |= vcpu->traced && !vcpu->live && vcpu->ran;
		vcpu->live = vcpu->traced;
		ran |= vcpu->ran;
	}
	if (!vm->on && !ran)
		vm->flags |= KVM_EXIT_TRACE_FLAG_FROM_START;
	if (late)
		vm->flags &= ~KVM_EXIT_TRACE_FLAG_FROM_START;
	if (!vm->on) {
		vm->epoch = model.epoch;
		vm->began = kernel.tsc + 5;
	}
	vm->on = true;
}

/* The parameter decides for a VM that was never switched. */
void model_created(struct model_vm *vm)
{
	if (!(vm->attached ? vm->on : model.on))
		return;
	attach(vm);
	if (vm->attached)
		start(vm);
}

static int switch_on(struct model_vm *vm)
{
	int r = attach(vm);

	if (r)
		return r;
	reset(vm);
	start(vm);
	return 0;
}

static void switch_off(struct model_vm *vm)
{
	u32 i;

	vm->on = false;
	for (i = 0; i < vm->nr; i++)
		vm->vcpu[i].live = false;
	model_page_end(vm);
}

int model_set_vm(struct model_vm *vm, bool on)
{
	if (on && !vm->on) {
		model.epoch++;
		return switch_on(vm);
	}
	if (!on && vm->on)
		switch_off(vm);
	return 0;
}

int model_enable(void)
{
	struct model_vm *vm;
	struct kvm *kvm;
	int r;

	model.epoch++;
	list_for_each_entry(kvm, &vm_list, vm_list) {
		vm = &model.vm[kvm != model.vm[0].kvm];
		if (vm->dying || vm->on || !vm->nr)
			continue;
		r = switch_on(vm);
		if (r)
			return r;
	}
	model.on = true;
	return 0;
}

void model_disable(void)
{
	struct model_vm *vm;

	for (vm = model.vm; vm < model.vm + VMS; vm++)
		if (vm->on && !vm->dying)
			switch_off(vm);
	model.on = false;
}

bool model_answers(const struct model_vcpu *vcpu)
{
	return vcpu->live && !(model.cpl0 && (vcpu->kvm->arch.cpl || vcpu->kvm->arch.nested));
}

/* From now on histograms or sites are counted. */
void model_more(void)
{
	u32 i, j;

	for (i = 0; i < VMS; i++)
		for (j = 0; j < model.vm[i].nr; j++)
			model.vm[i].vcpu[j].timed = false;
}

void model_page_end(struct model_vm *vm)
{
	u32 i;

	for (i = 0; i < vm->nr; i++)
		vm->vcpu[i].request = true;
}

/* The TSC went back.  The elapsed time stays, and clocks go on from now. */
static void tsc_back(struct model_vcpu *vcpu)
{
	vcpu->first += kernel.tsc - vcpu->since;
	vcpu->since = kernel.tsc;
}

static void charge(struct model_vcpu *vcpu)
{
	u64 cycles = kernel.tsc - vcpu->since;

	if (kernel.tsc < vcpu->since) {
		tsc_back(vcpu);
		return;
	}
	vcpu->now.slot[vcpu->current].cycles[KVM_EXIT_TRACE_CLOCK_KVM] += cycles;
	vcpu->since = kernel.tsc;
	vcpu->spent += cycles;
}

static void first_entry(struct model_vcpu *vcpu)
{
	if (!vcpu->began)
		vcpu->first = vcpu->since = kernel.tsc;
	vcpu->began = true;
}

/* KVM writes the page before the entry. */
void model_mirror(struct model_vm *vm, struct model_vcpu *vcpu)
{
	if (!model.page || !vcpu->live || !vcpu->msr)
		return;
	if ((vm->kvm->dirty_ring_size && vcpu->ring >= vcpu->kvm->dirty_ring.soft_limit) ||
	    !model_page_write(vm, vcpu, KVM_EXIT_TRACE_PAGE_LIVE))
		vcpu->request = true;
}

void model_enter(struct model_vcpu *vcpu)
{
	vcpu->ran = true;
	if (!vcpu->live)
		return;
	first_entry(vcpu);
	charge(vcpu);
	vcpu->entered = kernel.tsc;
	vcpu->in_guest = true;
}

/* The exit before is over.  If the histogram saw its beginning, it counts it. */
static void count(struct model_vcpu *vcpu, u32 slot)
{
	u32 bucket = 0, last = vcpu->current;

	vcpu->current = slot;
	vcpu->now.slot[slot].count++;
	if (vcpu->histogram && (model.histogram || model.sites)) {
		while (vcpu->spent >> bucket > 1)
			bucket++;
		if (bucket > 31)
			bucket = 31;
		if (vcpu->timed)
			vcpu->bucket[last][bucket]++;
		vcpu->timed = true;
	}
	vcpu->spent = 0;
}

void model_exit(struct model_vm *vm, struct model_vcpu *vcpu, const struct guest_exit *exit)
{
	if (!vcpu->in_guest)
		return;
	vcpu->in_guest = false;
	if (kernel.tsc < vcpu->entered)
		vcpu->first += kernel.tsc - vcpu->entered;
	else
		vcpu->now.guest += kernel.tsc - vcpu->entered;
	vcpu->since = kernel.tsc;
	count(vcpu, model_slot(exit->reason));
	if (model.sites && vcpu->sites && !exit->fail)
		model_site_add(vm, vcpu, exit);
}

void model_synthetic(struct model_vcpu *vcpu, u32 slot)
{
	vcpu->ran = true;
	if (!vcpu->live)
		return;
	first_entry(vcpu);
	charge(vcpu);
	count(vcpu, slot);
}

void model_recount(struct model_vcpu *vcpu, u32 slot)
{
	if (!vcpu->live || vcpu->current == BEFORE)
		return;
	vcpu->now.slot[vcpu->current].count--;
	vcpu->current = slot;
	vcpu->now.slot[slot].count++;
}

/* The vCPU was away.  Before that, KVM's clock ran. */
void model_away(struct model_vcpu *vcpu, u32 clock, u64 from, u64 until)
{
	u64 cycles = until - from;

	if (!vcpu->live)
		return;
	if (until < from || (from < vcpu->since && vcpu->began)) {
		tsc_back(vcpu);
		return;
	}
	vcpu->now.slot[vcpu->current].cycles[clock] += cycles;
	vcpu->since += cycles;
	vcpu->spent += cycles;
}

/*
 * The vCPU was put at @from, loaded for an ioctl, and put again just now.  All this is the VMM's
 * time.
 */
void model_ioctl(struct model_vcpu *vcpu, u64 from, u64 loaded)
{
	u64 now = kernel.tsc;

	kernel.tsc = loaded;
	model_away(vcpu, KVM_EXIT_TRACE_CLOCK_USER, from, loaded);
	kernel.tsc = now;
	model_away(vcpu, KVM_EXIT_TRACE_CLOCK_USER, loaded, now);
}

/* Log the changed slots of all vCPUs.  If one of their logs is full, log nothing. */
bool model_mark(struct model_vm *vm, u32 idx, u32 phase)
{
	static const struct snapshot nothing;
	struct model_mark *mark = &vm->log[vm->log_len];
	const struct snapshot *last;
	struct snapshot *now;
	u32 i, slot, used[VCPUS];
	u64 total = 0;

	if (vm->log_dropped || vm->log_len == LOG_ENTRIES)
		goto full;
	for (i = 0; i < vm->nr_traced; i++) {
		struct model_vcpu *vcpu = &vm->vcpu[i];

		now = &vcpu->log[vm->log_len];
		last = vm->log_len ? now - 1 : &nothing;
		model_copy(now, vcpu);
		total += model_total(now).count;
		used[i] = vcpu->log_used;
		for (slot = 0; slot < SLOTS; slot++)
			if (!now->slot[slot].count)	/* wrapped to 0, or never counted */
				now->slot[slot] = last->slot[slot];
			else
				used[i] += !!memcmp(&now->slot[slot], &last->slot[slot],
						    sizeof(now->slot[0]));
		if (used[i] > LOG_SLOTS)
			goto full;
	}
	for (i = 0; i < vm->nr_traced; i++)
		vm->vcpu[i].log_used = used[i];
	/* vCPU 0's TSC dates the host's mark. */
	*mark = (struct model_mark) { phase, idx, kernel.tsc, total };
	if (idx != KVM_EXIT_TRACE_MARK_HOST)
		mark->tsc += 1000 * idx;
	vm->log_len++;
	return true;
full:
	vm->log_dropped++;
	return false;
}

/* The guest's memory at that address, in the VM's only memslot, or NULL */
static u8 *memory(struct model_vm *vm, u64 gpa)
{
	const struct kvm_memory_slot *slot = &vm->kvm->memslots.slot;

	if (slot->readonly || slot->own || gpa / PAGE_SIZE - slot->base >= slot->pages)
		return NULL;
	return vm->memory + (gpa - slot->base * PAGE_SIZE);
}

static bool put(u8 *at, const void *value, size_t size)
{
	if (model_fails(&model.fail_user))
		return false;
	memcpy(at, value, size);
	return true;
}

/* Make the accesses in order, up to the one that fails.  The first one opens user memory. */
bool model_page_write(struct model_vm *vm, struct model_vcpu *vcpu, u32 flags)
{
	u32 odd = vcpu->version + 1, even = vcpu->version + 2;
	u8 *at = memory(vm, vcpu->msr & ~63ull);
	u64 value[7], running = 0;
	struct counted total;
	struct snapshot now;
	int i;

	if (!at || model_fails(&model.fail_user))
		return false;
	model_take(&now, vcpu);
	total = model_total(&now);
	if (vcpu->live && vcpu->current != BEFORE && !vcpu->in_guest) /* the exit that is being processed */
		running = max(kernel.tsc, vcpu->since) - vcpu->since;
	value[0] = total.count;
	memcpy(&value[1], total.cycles, sizeof(total.cycles));
	value[1 + KVM_EXIT_TRACE_CLOCK_KVM] += running;
	value[5] = now.guest;
	value[6] = now.elapsed + running;
	if (vcpu->poked)	/* even then the page's clocks add up */
		value[2] = value[6] - value[5] - value[1] - value[3] - value[4];

	if (!put(at, &odd, 4) || !put(at + 4, &flags, 4))
		return false;
	for (i = 0; i < 7; i++)
		if (!put(at + 8 + 8 * i, &value[i], 8))
			return false;
	if (!put(at, &even, 4))
		return false;
	vcpu->version = even;
	vm->dirty |= BIT_ULL((at - vm->memory) / PAGE_SIZE);
	return true;
}

void model_page_drop(struct model_vm *vm, struct model_vcpu *vcpu)
{
	if (!vcpu->traced || !vcpu->msr)
		return;
	model_page_write(vm, vcpu, 0);
	vcpu->msr = 0;
}

static bool offered(const struct model_vcpu *vcpu)
{
	return model.page && vcpu->live;
}

int model_page_set(struct model_vm *vm, struct model_vcpu *vcpu, u64 msr)
{
	if (msr & 62 || msr >> 46)
		return 1;
	model_page_drop(vm, vcpu);
	if (!(msr & 1))
		return 0;
	vcpu->msr = msr;
	if (model_page_write(vm, vcpu, 1))
		return 0;
	vcpu->msr = 0;
	return 1;
}

void model_page_sync(struct model_vm *vm, struct model_vcpu *vcpu)
{
	vcpu->request = false;
	if (!model.page_ever || !vcpu->traced || !vcpu->msr)
		return;
	if (!offered(vcpu) || !model_page_write(vm, vcpu, 1))
		model_page_drop(vm, vcpu);
}

/* Beside its slots, a vCPU keeps sums of its clocks. */
static void check_vcpu(const struct model_vcpu *vcpu)
{
	const struct exit_trace_vcpu *trace = vcpu->kvm->arch.exit_trace;
	struct counted total;
	struct snapshot now;
	u64 sum = 0;
	u32 i;

	model_must(!!trace == vcpu->traced, "vCPU that has counters");
	model_must(exit_trace_is_on(vcpu->kvm) == vcpu->live, "vCPU that is traced");
	model_must(!!(vcpu->kvm->requests & BIT_ULL(KVM_REQ_STEAL_UPDATE)) == vcpu->request,
		   "request to write a page");
	if (!trace)
		return;
	model_must(!!trace->histogram == vcpu->histogram && !!trace->sites == vcpu->sites,
		   "option");
	model_must(!memcmp(trace->slot, vcpu->now.slot, sizeof(trace->slot)), "count in a slot");
	model_take(&now, vcpu);
	total = model_total(&now);
	model_must(exit_trace_total(trace) == total.count, "total");
	for (i = 0; i < CLOCKS; i++) {
		model_must(exit_trace_cycles(trace, i) == total.cycles[i], "clock");
		sum += total.cycles[i];
	}
	model_must(exit_trace_cycles(trace, KVM_EXIT_TRACE_CLOCK_GUEST) == now.guest,
		   "time in the guest");
	model_must(exit_trace_cycles(trace, KVM_EXIT_TRACE_CLOCK_ELAPSED) == now.elapsed,
		   "time elapsed");
	if (!vcpu->poked)
		model_must(sum + now.guest == now.elapsed, "sum of clocks");
	model_must(trace->page.msr == vcpu->msr, "page");
	if (vcpu->histogram)
		for (i = 0; i < EXIT_TRACE_SLOTS; i++)
			model_must(!memcmp(&trace->histogram->bucket[i * EXIT_TRACE_ROW],
					   vcpu->bucket[i], sizeof(vcpu->bucket[i])), "histogram");
}

void model_check(void)
{
	const struct exit_trace_vm *trace;
	const struct model_vm *vm;
	u32 i;

	for (vm = model.vm; vm < model.vm + VMS; vm++) {
		if (!vm->kvm)
			continue;
		trace = vm->kvm->arch.exit_trace;
		model_must(!!trace == vm->attached, "VM that has counters");
		model_must(!trace || (trace->on == vm->on && trace->began == vm->began &&
				      trace->nr_vcpus == vm->nr_traced && trace->flags == vm->flags &&
				      trace->epoch == vm->epoch && trace->log_len == vm->log_len &&
				      trace->log_dropped == vm->log_dropped), "VM");
		for (i = 0; i < vm->nr; i++)
			check_vcpu(&vm->vcpu[i]);
		model_must(!memcmp(vm->memory, vm->kvm->memslots.slot.hva,
				   vm->kvm->memslots.slot.pages * PAGE_SIZE), "guest memory");
		model_must(vm->dirty == vm->kvm->memslots.slot.dirty, "dirty page");
	}
}
