// SPDX-License-Identifier: GPL-2.0-only
/*
 * Target "core": the bytes are operations, one after the other, of two VMs with up to four vCPUs,
 * of their VMM, and of the host's administrator.  Each operation also moves the model (model.h),
 * and then both have to agree.  The first byte describes the CPU: bit 0 is SVM, bits 7:2 are its
 * TSC.
 */
#include "tests/fuzz/core/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct kernel_param kernel_param_exit_trace, kernel_param_exit_trace_histogram,
	kernel_param_exit_trace_sites, kernel_param_exit_trace_page, kernel_param_exit_trace_cpl0;

/* The rest of the input.  After its end there are zeros. */
static const u8 *input, *input_end;
static u64 operations;
static u32 depth;
static struct guest_exit leaving;

static u64 take(int bytes)
{
	u64 value = 0;

	while (bytes--)
		value = value << 8 | (input < input_end ? *input++ : 0);
	return value;
}

/* A number of any size, mostly a small one.  The first byte says how many bytes follow. */
static u64 number(void)
{
	static const u8 bytes[] = { 1, 1, 1, 2, 2, 4, 8, 8 };
	u8 how = take(1);

	return (how & 8 ? ~0ull : 0) ^ take(bytes[how & 7]) << (how >> 4 & 7) * 8;
}

static struct model_vm *some_vm(u8 at)
{
	return &model.vm[at & 1];
}

/* NULL: the vCPU is not there, or is in the guest */
static struct model_vcpu *some_vcpu(u8 at)
{
	struct model_vcpu *vcpu = &some_vm(at)->vcpu[at >> 1 & 3];

	return !some_vm(at)->dying && (at >> 1 & 3) < some_vm(at)->nr && !vcpu->running ?
	       vcpu : NULL;
}

static bool any_running(const struct model_vm *vm)
{
	bool running = false;
	u32 i;

	for (i = 0; i < vm->nr; i++)
		running |= vm->vcpu[i].running;
	return running;
}

static void create_vm(struct model_vm *vm)
{
	u32 i;

	for (i = 0; i < VCPUS; i++)
		memset(&vm->vcpu[i], 0, offsetof(struct model_vcpu, site));
	memset(vm, 0, offsetof(struct model_vm, vcpu));
	memset(vm->memory, 0xaa, sizeof(vm->memory));
	vm->dirty = 0;
	vm->kvm = kernel_create_vm();
}

static void destroy_vm(struct model_vm *vm)
{
	if (!any_running(vm)) {
		kernel_destroy_vm(vm->kvm);
		create_vm(vm);
	}
}

static struct model_vm *created;
static void while_created(void);

/* @meanwhile: see kernel_create_vcpu() */
static void create_vcpu(struct model_vm *vm, void (*meanwhile)(void))
{
	struct model_vcpu *vcpu = &vm->vcpu[vm->nr];

	if (vm->dying || vm->nr == VCPUS)
		return;
	if (!meanwhile) {
		vm->nr++;
		model_created(vm);
		vcpu->kvm = kernel_create_vcpu(vm->kvm, NULL);
		return;
	}
	created = vm;
	kernel_create_vcpu(vm->kvm, meanwhile);
	model_created(vm);
}

/* The VM's last reference is gone, but it is still in the list. */
static void die(struct model_vm *vm)
{
	if (!any_running(vm)) {
		vm->dying = true;
		vm->kvm->users = 0;
	}
}

static u32 some_reason(void)
{
	static const u32 edges[] = {
		0xa6, 0xa7, 0xa8, 0x3ff, 0x400, 0x403, 0x407, 0x408, 0xfffffffe, 0xffffffff,
		127, 128, 0x8000007f, 0x80000021, 0xffff, 0x10000, 0x7b, 0x7c, 0x72, 0x81, 10, 18,
		30, 31, 32, 48, 49, 0x80000000, 74, 81, 82, 175,
	};
	u8 how = take(1);

	return how & 1 ? edges[(how >> 1) % ARRAY_SIZE(edges)] : how & 2 ? take(4) : how >> 2;
}

static void some_exit(struct guest_exit *exit)
{
	u8 how = take(1);

	memset(exit, 0, sizeof(*exit));
	exit->reason = some_reason();
	exit->rip = 0x1000 + (how & 3);
	exit->info = how & 4 ? number() : (u64)how << 16;
	exit->rax = how & 8 ? number() : how;
	exit->rcx = how & 8 ? number() : how;
	exit->gpa = how & 16 ? number() : 0;
}

/* The vCPU that enters its guest, and what happens meanwhile */
static struct entered {
	struct model_vm *vm;
	struct model_vcpu *vcpu;
	void (*guest)(void);
} entered;

/* Does what the hooks in the vendor's vcpu_run() do. */
static void vcpu_run(struct kvm_vcpu *kvm)
{
	struct entered now = entered;
	struct vmcb vmcb;

	model_enter(now.vcpu);
	exit_trace_guest(kvm, ({
		if (kernel.svm)
			exit_trace_svm_exit(kvm, &vmcb);
		else
			exit_trace_vmx_exit(kvm, leaving.reason);
	}), ({
		now.guest();
		kvm->arch.regs[VCPU_REGS_RAX] = leaving.rax;
		kvm->arch.regs[VCPU_REGS_RCX] = leaving.rcx;
		vmcb.control.exit_code = leaving.reason;
		vmcb.control.exit_info_1 = leaving.info;
		vmcb.control.exit_info_2 = leaving.gpa;
		vmcb.save.rip = leaving.rip;
		vmcb.save.rax = leaving.rax;
		kernel.vmcs[GUEST_RIP] = leaving.rip;
		kernel.vmcs[EXIT_QUALIFICATION] = leaving.info;
		kernel.vmcs[GUEST_PHYSICAL_ADDRESS] = leaving.gpa;
		model_exit(now.vm, now.vcpu, &leaving);
	}));
}

static void run(struct model_vm *vm, struct model_vcpu *vcpu, void (*guest)(void))
{
	vcpu->running = true;
	vcpu->kvm->pid = vcpu;
	entered = (struct entered) { vm, vcpu, guest };
	model_mirror(vm, vcpu);
	static_call(kvm_x86_vcpu_run)(vcpu->kvm, 0);
	vcpu->running = false;
}

static void guest_ticks(void)
{
	kernel.tsc += leaving.rip & 3;
}

/* Many exits, with consecutive reasons and codes */
static void storm(struct model_vm *vm, struct model_vcpu *vcpu)
{
	u32 n = take(2) & 0x3ff, step = take(1), code_step = take(1);

	some_exit(&leaving);
	while (n--) {
		run(vm, vcpu, guest_ticks);
		leaving.reason = kernel.svm || step < 128 ? (leaving.reason + step) % 0xb0 :
				 leaving.reason;
		leaving.info += (u64)code_step << 16;
		leaving.rcx += code_step;
		leaving.rip = 0x1000 + (n * n & 3);
		kernel.tsc += 7;
		operations++;
	}
}

static void operation(void);

/* While it is in the guest, others do the next operations, until one says that it exits. */
static bool left;
static void guest_goes_on(void)
{
	depth++;
	for (left = false; !left && input < input_end;)
		operation();
	left = false;
	depth--;
	some_exit(&leaving);
}

static void change_memory(struct model_vm *vm)
{
	u8 how = take(1);
	u64 base = how & 4 ? number() >> 14 : 0x100;

	if (base > 1ull << 40)
		base = 1ull << 40;
	kernel_set_memory(vm->kvm, base, how & 2 ? 2 : how & 1, how & 8, how & 16);
	memset(vm->memory, 0xaa, sizeof(vm->memory));
	vm->dirty = 0;
}

static void write_msr(struct model_vm *vm, struct model_vcpu *vcpu)
{
	u64 base = vm->kvm->memslots.slot.base * PAGE_SIZE, value, read;
	u8 how = take(1);
	int expected;

	value = how & 1 ? number() : (base + (how >> 1 & 0x7f) * 64 * 2) | 1;
	if (!exit_trace_has_page(vcpu->kvm)) {
		model_must(!(model.page && vcpu->live), "MSR");
		return;
	}
	model_must(model.page && vcpu->live, "MSR");
	expected = model_page_set(vm, vcpu, value);
	model_must(exit_trace_page_set(vcpu->kvm, value) == expected, "#GP");
	exit_trace_page_get(vcpu->kvm, &read);
	model_must(read == vcpu->msr, "MSR's value");
}

static void cpuid(struct model_vm *vm, struct model_vcpu *vcpu)
{
	static const u32 first = KVM_EXIT_TRACE_LEAF_SIGNATURE, fixed = KVM_EXIT_TRACE_LEAF_TOTAL;
	struct cpuid_regs regs, answer;
	u32 idx = vcpu - vm->vcpu;
	u8 how = take(1);

	regs.eax = how < 64 ? first + how % 0x13 : how < 96 ? fixed + how % 4 : number();
	regs.ecx = how & 1 ? number() : take(1) << 16 | take(2);
	if (how & 2 && regs.eax != KVM_EXIT_TRACE_LEAF_MARK)
		regs.ecx |= 0xffff0000;
	regs.ebx = regs.edx = how;
	answer = regs;
	if (how & 4) {
		vcpu->kvm->arch.regs[VCPU_REGS_RAX] = regs.eax | 1ull << 40;
		vcpu->kvm->arch.regs[VCPU_REGS_RCX] = regs.ecx | 1ull << 40;
		if (!model_cpuid(vm, idx, &regs)) {
			model_must(!exit_trace_emulate_cpuid(vcpu->kvm), "leaf");
			return;
		}
		model_must(exit_trace_emulate_cpuid(vcpu->kvm), "leaf");
		answer.eax = kvm_rax_read(vcpu->kvm);
		answer.ebx = vcpu->kvm->arch.regs[VCPU_REGS_RBX];
		answer.ecx = kvm_rcx_read(vcpu->kvm);
		answer.edx = vcpu->kvm->arch.regs[VCPU_REGS_RDX];
	} else {
		bool ours = model_cpuid(vm, idx, &regs);

		model_must(exit_trace_cpuid(vcpu->kvm, &answer.eax, &answer.ebx, &answer.ecx,
					    &answer.edx) == ours, "leaf");
	}
	model_must(!memcmp(&regs, &answer, sizeof(regs)), "answer to CPUID");
}

static void port(struct model_vm *vm, struct model_vcpu *vcpu)
{
	u8 value[4] = { take(1), 0, 0, 0 }, how = take(1);
	u16 nr = KVM_EXIT_TRACE_PORT + (how == 199);
	int len = how < 200 ? 1 : how & 1 ? 2 : 4;
	bool marks;

	marks = exit_trace_port(vcpu->kvm, nr, len, value);
	model_must(marks == (model_answers(vcpu) && len == 1 && how != 199), "port");
	if (marks)
		model_mark(vm, vcpu - vm->vcpu, value[0]);
}

/* The phase that a text names, or an error.  The names are those of docs/abi.md, section 4. */
static int phase_of(const char *text, size_t len)
{
	static const char *const names[] = {
		"firmware", "bootloader", "payload", "kernel", "initramfs", "userspace", "paused",
	};
	char copy[32] = "";
	u8 number;
	u32 i;

	memcpy(copy, text, len);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(strim(copy), names[i]))
			return 16 * (i + 1);
	return kstrtou8(strim(copy), 0, &number) ? -EINVAL : number;
}

static void host_mark(struct model_vm *vm)
{
	static const char *const names[] = { "kernel", " 0x30\n", "userspace", "200", "300", "\n" };
	u8 how = take(1), i;
	char text[32] = "";
	size_t len = how & 31;
	ssize_t r, expected = len;
	int phase;

	if (how & 32)
		len = expected = strlen(strcpy(text, names[(how >> 6) + (how & 2)]));
	else
		for (i = 0; i < len; i++)
			text[i] = take(1);
	phase = phase_of(text, len);
	r = kernel_write(vm->kvm, "mark", text, len);
	if (!vm->attached)
		expected = -ENOENT;
	else if (!vm->on)
		expected = -ENXIO;
	else if (len >= 16)
		expected = -EINVAL;
	else if (len && model_fails(&model.fail_user))
		expected = -EFAULT;
	else if (phase < 0)
		expected = phase;
	else if (!vm->nr_traced || !model_mark(vm, KVM_EXIT_TRACE_MARK_HOST, phase))
		expected = -ENOSPC;
	model_must(r == expected, "mark from the host");
}

static void set_option(bool *option, bool on)
{
	bool more = model.histogram || model.sites;
	u32 i;

	*option = on;
	if (!more)
		model_more();
	model.page_ever |= model.page;
	for (i = 0; i < VMS && !model.page && model.page_ever; i++)
		model_page_end(&model.vm[i]);
}

/* Write to one VM's switch. */
static void switch_vm(struct model_vm *vm)
{
	static const char *const texts[] = { "1", "0", "y\n", "x" };
	const char *text = texts[take(1) & 3];
	ssize_t r, expected = strlen(text);
	bool on = *text == '1' || *text == 'y';

	if (!on && depth)
		return;
	if (!vm->nr || vm->dying)
		expected = -ENOENT;
	else if (model_fails(&model.fail_user))
		expected = -EFAULT;
	else if (*text == 'x')
		expected = -EINVAL;
	else if (model_set_vm(vm, on))
		expected = -ENOMEM;
	r = kernel_write(vm->kvm, "enabled", text, strlen(text));
	model_must(r == expected, "outcome of switching a VM");
}

/* Change exit_trace_cpl0, or a vCPU's CPL, or that of its nested guest. */
static void change_cpl(struct model_vm *vm)
{
	const struct kernel_param *param = &kernel_param_exit_trace_cpl0;
	u8 how = take(1);
	u32 idx = how >> 1 & 3;

	if (how & 1) {
		set_option(&model.cpl0, how & 2);
		model_must(!param->ops->set(how & 2 ? "1" : "0", param), "CPL 0");
	} else if (idx < vm->nr) {
		vm->vcpu[idx].kvm->arch.cpl = how >> 3 & 3;
		vm->vcpu[idx].kvm->arch.nested = how >> 5 & 1;
	}
}

static void set_parameter(u8 which)
{
	static const struct {
		const struct kernel_param *param;
		bool *on;
	} params[] = {
		{ &kernel_param_exit_trace, &model.on },
		{ &kernel_param_exit_trace_histogram, &model.histogram },
		{ &kernel_param_exit_trace_sites, &model.sites },
		{ &kernel_param_exit_trace_page, &model.page },
	};
	static const char *const texts[] = { "1", "0", NULL, "N", "x", "Y", "", "0" };
	const struct kernel_param *param = params[which & 3].param;
	const char *text = texts[which >> 2 & 7];
	bool *was = params[which & 3].on, on = !text || *text == '1' || *text == 'Y';
	int r, expected = 0;

	if (text && (*text == 'x' || !*text)) {
		expected = -EINVAL;
	} else if (was == &model.on) {
		if (!on && depth)	/* it would wait for vCPUs in the guest */
			return;
		if (on)
			expected = model_enable();
		else
			model_disable();
	} else {
		set_option(was, on);
	}
	r = param->ops->set(text, param);
	model_must(r == expected, "outcome of switching");
}

/* A program that guesses the new vCPU's descriptor runs it, and all VMs may be switched. */
static void while_created(void)
{
	struct model_vcpu *vcpu = &created->vcpu[created->nr];
	struct model_vm *vm = created;
	u8 how = take(1);

	vcpu->kvm = vm->kvm->vcpus[vm->nr++];
	some_exit(&leaving);
	if (how & 64)
		run(vm, vcpu, guest_ticks);
	set_parameter(how);
	if (how & 128)
		run(vm, vcpu, guest_ticks);
}

static void time_goes_on(void)
{
	kernel.tsc += number() & 0xffffffffff;
}

/* Time passes, and the administrator switches a parameter or a VM. */
static void time_and_switch(void)
{
	u8 which = take(1);

	time_goes_on();
	if (which & 32)
		switch_vm(some_vm(which));
	else
		set_parameter(which);
	time_goes_on();
}

static void tsc_goes_back(void)
{
	u8 how = take(1);
	u64 tsc = number() | 1;

	if (tsc < kernel.tsc)
		kernel_tsc_back(tsc, how & 1);
}

/* The vCPU that is away from KVM */
static struct model_vcpu *asked;
static bool tsc_odd;

static void time_passes(void)
{
	time_goes_on();
	if (tsc_odd)
		tsc_goes_back();
}

static void ask(void)
{
	u64 put, loaded;

	time_passes();
	put = asked->kvm->arch.last_host_tsc;
	loaded = kernel.tsc;
	kernel_ioctl(asked->kvm, time_passes);
	model_ioctl(asked, put, loaded);
	time_passes();
}

static void away(struct model_vcpu *vcpu, u8 how)
{
	bool scheduled = how & 1, blocking = how & 2;

	vcpu->running = true;
	asked = vcpu;
	tsc_odd = how & 16;
	kernel_away(vcpu->kvm, scheduled, blocking, how & 4 ? time_and_switch :
		    how & 8 && !scheduled ? ask : time_passes);
	vcpu->running = false;
	model_away(vcpu, !scheduled ? KVM_EXIT_TRACE_CLOCK_USER :
			 blocking ? KVM_EXIT_TRACE_CLOCK_IDLE : KVM_EXIT_TRACE_CLOCK_PREEMPTED,
		   vcpu->kvm->arch.last_host_tsc, kernel.tsc);
}

/* Add to counters, so that they may be about to wrap. */
static void poke(struct model_vcpu *vcpu)
{
	u32 slot = take(1) % (KVM_EXIT_TRACE_SLOT_OTHER + 1), clock = take(1) % CLOCKS, bucket = take(1) % 32;
	struct exit_trace_vcpu *trace = vcpu->kvm->arch.exit_trace;
	u64 more = number(), cycles = number();

	if (!trace)
		return;
	vcpu->poked = true;
	trace->slot[slot].count += more;
	trace->vcpu->arch.exit_trace_live.exits += more;
	trace->slot[slot].cycles[clock] += cycles;
	if (clock == KVM_EXIT_TRACE_CLOCK_KVM)
		trace->vcpu->arch.exit_trace_live.kvm += cycles;
	else if (clock != KVM_EXIT_TRACE_CLOCK_USER)
		trace->vcpu->arch.exit_trace_live.asleep[clock - KVM_EXIT_TRACE_CLOCK_IDLE] +=
			cycles;
	vcpu->now.slot[slot].count += more;
	vcpu->now.slot[slot].cycles[clock] += cycles;
	if (vcpu->histogram) {
		trace->histogram->bucket[slot * EXIT_TRACE_ROW + bucket] += more;
		vcpu->bucket[slot][bucket] += more;
	}
}

/* Set how full the dirty ring is, from -1 on; two is too full.  Or the VM has none. */
static void fill_ring(struct model_vm *vm, struct model_vcpu *vcpu)
{
	u8 how = take(1);

	vm->kvm->dirty_ring_size = how & 4;
	vcpu->kvm->dirty_ring = (struct kvm_dirty_ring) { (how & 3) - 1, -1, 2 };
	vcpu->ring = how & 3;
}

static void fail_next(void)
{
	u8 how = take(1);

	kernel.fail_alloc = how & 2 ? how >> 3 & 7 : -1;
	kernel.fail_user = how & 4 ? how >> 3 & 15 : -1;
}

static void of_vm(u8 op, struct model_vm *vm)
{
	switch (op) {
	case 0:
		create_vcpu(vm, NULL);
		break;
	case 1:
		set_parameter(take(1));
		break;
	case 2:
		kernel.tsc += number() & 0xffffffffff;
		break;
	case 3:
		change_memory(vm);
		break;
	case 4:
		host_mark(vm);
		break;
	case 5:
		model_files(vm);
		break;
	case 6:
		fail_next();
		return;		/* the failure is for the next operation */
	case 7:
		if (take(1) & 1)
			die(vm);
		else
			destroy_vm(vm);
		break;
	case 8:
		left = depth;
		break;
	case 9:
		switch_vm(vm);
		break;
	case 10:
		change_cpl(vm);
		break;
	case 11:
		tsc_goes_back();
		break;
	case 12:
		create_vcpu(vm, while_created);
		break;
	}
	kernel.fail_alloc = kernel.fail_user = -1;
}

static void of_vcpu(u8 op, struct model_vm *vm, struct model_vcpu *vcpu)
{
	u64 offset;

	switch (op) {
	case 16:
		some_exit(&leaving);
		run(vm, vcpu, guest_ticks);
		break;
	case 17:
		run(vm, vcpu, guest_goes_on);
		break;
	case 18:
		away(vcpu, take(1));
		break;
	case 19:
	case 20:
	case 21:
		cpuid(vm, vcpu);
		break;
	case 22:
		port(vm, vcpu);
		break;
	case 23:
		write_msr(vm, vcpu);
		break;
	case 24:
		if (!vcpu->request)
			break;
		vcpu->kvm->requests = 0;
		model_page_sync(vm, vcpu);
		exit_trace_page_sync(vcpu->kvm);
		break;
	case 25:
		offset = number() >> 1;
		model_stats(vm, vcpu, offset, take(2));
		break;
	case 26:
		poke(vcpu);
		break;
	case 27:
		storm(vm, vcpu);
		break;
	case 28:
		vcpu->kvm->pid = vcpu;
		model_synthetic(vcpu, KVM_EXIT_TRACE_SLOT_EMULATION);
		exit_trace_synthetic(vcpu->kvm, KVM_EXIT_TRACE_SLOT_EMULATION);
		break;
	case 29:
		some_exit(&leaving);
		leaving.fail = vcpu->kvm->vmx.fail = !kernel.svm;
		run(vm, vcpu, guest_ticks);
		vcpu->kvm->vmx.fail = false;
		model_recount(vcpu, KVM_EXIT_TRACE_SLOT_VMFAIL);
		exit_trace_recount(vcpu->kvm, KVM_EXIT_TRACE_SLOT_VMFAIL);
		break;
	case 30:
		model_page_drop(vm, vcpu);
		exit_trace_page_drop(vcpu->kvm);
		break;
	case 31:
		fill_ring(vm, vcpu);
		break;
	}
	kernel.fail_alloc = kernel.fail_user = -1;
}

static void operation(void)
{
	u8 op = take(1), at = take(1);
	struct model_vcpu *vcpu = some_vcpu(at);

	operations++;
	model.fail_alloc = kernel.fail_alloc;
	model.fail_user = kernel.fail_user;
	op &= 31;
	if (op < 16)
		of_vm(op, some_vm(at));
	else if (vcpu)
		of_vcpu(op, some_vm(at), vcpu);
	kernel_idle();
	model_check();
}

static void report(void)
{
	fprintf(stderr, "%llu operations\n", operations);
}

/* Set all parameters as they are after kvm.ko is loaded. */
static void unload(void)
{
	static const u8 off[] = { 4, 5, 6, 7 };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(off); i++)
		set_parameter(off[i]);
	model.page_ever = false;
	static_branch_disable(&exit_trace_page_key);
	kernel_param_exit_trace_cpl0.ops->set("0", &kernel_param_exit_trace_cpl0);
	model.cpl0 = false;
	for (i = 0; i < VMS; i++)
		kernel_destroy_vm(model.vm[i].kvm);
	model_must(!exit_trace_key.on, "count of who is traced");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool registered;
	u8 cpu;
	u32 i, j;

	if (!registered)
		atexit(report);
	registered = true;
	input = data;
	input_end = data + size;
	cpu = take(1);
	kernel.svm = cpu & 1;
	kernel.run = vcpu_run;
	kernel.tsc = 1ull << (cpu >> 2);
	if (kernel.tsc >> 62)
		kernel.tsc = 1;
	for (i = 0; i < VMS; i++)
		create_vm(&model.vm[i]);
	while (input < input_end)
		operation();
	kernel.fail_alloc = kernel.fail_user = -1;
	for (i = 0; i < VMS; i++) {
		model.fail_alloc = -1;
		if (!model.vm[i].dying)
			model_files(&model.vm[i]);
		for (j = 0; j < model.vm[i].nr; j++)
			model_site_check(&model.vm[i].vcpu[j]);
	}
	unload();
	return 0;
}
