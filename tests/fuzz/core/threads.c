// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: core-threads [SECONDS]
 *
 * vCPUs exit without a pause, each in a thread of its own.  They latch and mark meanwhile.  Other
 * threads read files and statistics, and two switch the tracer.  All that is of one moment must
 * add up.
 */
#include <unistd.h>

#include "exit_trace_vm.h"

extern const struct kernel_param kernel_param_exit_trace, kernel_param_exit_trace_histogram,
	kernel_param_exit_trace_sites, kernel_param_exit_trace_page, kernel_param_exit_trace_cpl0,
	kernel_param_exit_trace_induced;

static struct kvm *vms[2];
static bool retired, over;
static u64 exits, reads, switches, torn, whole;

#define PATIENCE 40	/* seconds */

static void must(bool right, const char *what)
{
	if (right)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static struct cpuid_regs cpuid(struct kvm_vcpu *vcpu, u32 leaf, u32 index)
{
	struct cpuid_regs regs = { .eax = leaf, .ecx = index };

	if (!exit_trace_cpuid(vcpu, &regs.eax, &regs.ebx, &regs.ecx, &regs.edx))
		regs.edx = KVM_EXIT_TRACE_UNDEFINED;
	return regs;
}

static u64 low(struct cpuid_regs regs)
{
	return (u64)regs.ebx << 32 | regs.eax;
}

static u64 high(struct cpuid_regs regs)
{
	return (u64)regs.edx << 32 | regs.ecx;
}

/*
 * A latch of another, running vCPU is of one moment, unless it says that it is torn: see
 * vcpu_run().
 */
static void read_other(struct kvm_vcpu *vcpu)
{
	u32 idx = (vcpu->vcpu_idx + 1) % KERNEL_VCPUS, epoch;
	struct cpuid_regs latch;
	s64 ahead;

	epoch = cpuid(vcpu, KVM_EXIT_TRACE_LEAF_SIZE, 0).ecx;
	latch = cpuid(vcpu, KVM_EXIT_TRACE_LEAF_LATCH, idx);
	ahead = 2 * low(cpuid(vcpu, KVM_EXIT_TRACE_LEAF_READ_LATCH, 0)) - low(latch);
	if (!epoch || cpuid(vcpu, KVM_EXIT_TRACE_LEAF_SIZE, 0).ecx != epoch)
		return;
	must(latch.ecx & KVM_EXIT_TRACE_LATCH_TORN || (ahead >= -1 && ahead <= 1),
	     "a latch has exits of different moments");
	__atomic_fetch_add(&whole, !(latch.ecx & KVM_EXIT_TRACE_LATCH_TORN), __ATOMIC_RELAXED);
}

/* A latch's slots add up to its total, in exits and clocks, torn or not. */
static void read_latch(struct kvm_vcpu *vcpu)
{
	u64 sum[KVM_EXIT_TRACE_NR_CLOCKS + 1] = { };
	struct cpuid_regs regs, latch;
	u32 epoch, slot, clock;

	epoch = cpuid(vcpu, KVM_EXIT_TRACE_LEAF_SIZE, 0).ecx;
	latch = cpuid(vcpu, KVM_EXIT_TRACE_LEAF_LATCH, KVM_EXIT_TRACE_ALL_VCPUS);
	for (slot = 0; slot < KVM_EXIT_TRACE_NR_SLOTS; slot++) {
		for (clock = 0; clock < KVM_EXIT_TRACE_NR_CLOCKS; clock++) {
			regs = cpuid(vcpu, KVM_EXIT_TRACE_LEAF_READ_LATCH, clock << 8 | slot);
			sum[clock] += high(regs);
		}
		sum[KVM_EXIT_TRACE_NR_CLOCKS] += low(regs);
	}
	regs = cpuid(vcpu, KVM_EXIT_TRACE_LEAF_READ_LATCH, KVM_EXIT_TRACE_SLOT_SUM);
	if (!epoch || cpuid(vcpu, KVM_EXIT_TRACE_LEAF_SIZE, 0).ecx != epoch)
		return;		/* tracing is off, or was switched meanwhile */
	must(low(latch) == sum[KVM_EXIT_TRACE_NR_CLOCKS] && low(regs) == low(latch) &&
	     high(regs) == sum[0], "a latch does not add up");
	__atomic_fetch_add(&torn, latch.ecx & KVM_EXIT_TRACE_LATCH_TORN, __ATOMIC_RELAXED);
}

static __thread u32 n;

/* Every other exit is in slot 0. */
static void vcpu_run(struct kvm_vcpu *vcpu)
{
	static struct hrtimer timer;
	struct vmcb vmcb = {
		.control.exit_code = n & 1 ? 1 + n / 2 * 7 % 0x8f : 0,
		.control.exit_info_1 = (u64)n << 16,
	};

	exit_trace_guest(vcpu, exit_trace_svm_exit(vcpu, &vmcb), rdtsc());
	vcpu->arch.handling_intr_from_guest = KVM_HANDLING_IRQ;
	kernel_expire(vcpu, &timer);
	vcpu->arch.handling_intr_from_guest = 0;
}

static void nothing(void)
{
}

static __thread struct kvm_vcpu *self;

static void ask(void)
{
	kernel_ioctl(self, nothing);
}

static void *run_vcpu(void *argument)
{
	struct kvm_vcpu *vcpu = argument;

	self = vcpu;
	for (n = 0; !READ_ONCE(over); n++) {
		preempt_disable();
		static_call(kvm_x86_vcpu_run)(vcpu, 0);
		preempt_enable();
		if (__atomic_exchange_n(&vcpu->requests, 0, __ATOMIC_ACQ_REL))
			exit_trace_page_sync(vcpu);
		kernel_away(vcpu, n & 1, n & 2, n % 4 ? nothing : ask);
		if (n % 64 == 0 && exit_trace_has_page(vcpu))
			exit_trace_page_set(vcpu, 0x100000 + 64 * vcpu->vcpu_id + 1);
		if (n % 20 == 0)
			read_other(vcpu);
		if (n % 1000 == 0)
			read_latch(vcpu);
		if (n % 5000 == 0)
			cpuid(vcpu, KVM_EXIT_TRACE_LEAF_MARK, 0x80);
	}
	__atomic_fetch_add(&exits, n, __ATOMIC_RELAXED);
	return NULL;
}

static void *read_host(void *argument)
{
	static const char *const files[] = { "reasons", "counters", "log", "histogram", "sites" };
	char data[1 << 16];
	struct kvm *kvm = argument;
	loff_t pos;
	u32 n, i;

	for (n = 0; !READ_ONCE(over); n++) {
		free(kernel_show(kvm, files[n % ARRAY_SIZE(files)]));
		for (i = 0; i < KERNEL_VCPUS; i++) {
			pos = 0;
			must(exit_trace_stats_read(kvm->vcpus[i], data, sizeof(data), &pos) > 0,
			     "no statistics");
		}
		kernel_write(kvm, "mark", "200", 3);
		must(kernel_read(kvm, "enabled", data, sizeof(data)) == 2, "no switch");
	}
	__atomic_fetch_add(&reads, n, __ATOMIC_RELAXED);
	return NULL;
}

static void set(const struct kernel_param *param, const char *value)
{
	must(!param->ops->set(value, param), "a parameter can't be set");
}

static void *administrate(void *unused)
{
	const struct kernel_param *const options[] = {
		&kernel_param_exit_trace_histogram, &kernel_param_exit_trace_sites,
		&kernel_param_exit_trace_page, &kernel_param_exit_trace_cpl0,
		&kernel_param_exit_trace_induced,
	};
	u32 n;

	(void)unused;
	for (n = 0; !READ_ONCE(retired); n++) {
		usleep(1000);
		set(options[n % 5], n & 8 ? "0" : "1");
		must(kernel_write(vms[n & 1], "enabled", n & 2 ? "1" : "0", 1) == 1, "a VM can't be switched");
		if (n % 8)
			continue;
		set(&kernel_param_exit_trace, "0");
		set(&kernel_param_exit_trace, "1");
	}
	__atomic_fetch_add(&switches, n, __ATOMIC_RELAXED);
	return NULL;
}

/* For a vCPU that is off, or when all is quiet: switching has left nothing half done. */
static void check_sums(const struct exit_trace_vcpu *trace)
{
	const struct exit_trace_live *live = exit_trace_live(trace);
	u64 kvm = READ_ONCE(live->before.cycles[KVM_EXIT_TRACE_CLOCK_KVM]);
	struct exit_trace_slot sum = { };
	u32 i;

	for (i = 0; i < EXIT_TRACE_SLOTS; i++)
		exit_trace_add(&sum, &trace->slot[i]);
	must(sum.count == live->exits && sum.cycles[KVM_EXIT_TRACE_CLOCK_KVM] + kvm == live->kvm,
	     "a vCPU's counters don't add up to their sum");
}

/* Only when all is quiet */
static void check_clocks(const struct exit_trace_vcpu *trace)
{
	must(exit_trace_cycles(trace, KVM_EXIT_TRACE_CLOCK_ELAPSED) ==
	     exit_trace_cycles(trace, KVM_EXIT_TRACE_CLOCK_GUEST) +
	     exit_trace_cycles(trace, 0) + exit_trace_cycles(trace, 1) +
	     exit_trace_cycles(trace, 2) + exit_trace_cycles(trace, 3),
	     "a vCPU's clocks don't add up to the time elapsed");
}

static void check_vm(const struct kvm *kvm, void (*check)(const struct exit_trace_vcpu *))
{
	u32 i;

	for (i = 0; i < KERNEL_VCPUS; i++)
		check(kvm->vcpus[i]->arch.exit_trace);
}

static void check_still(const struct exit_trace_vcpu *trace)
{
	struct exit_trace_slot slot[EXIT_TRACE_SLOTS];

	memcpy(slot, trace->slot, sizeof(slot));
	usleep(100);
	must(!memcmp(slot, trace->slot, sizeof(slot)), "a vCPU counts on");
}

/* The administrators have gone.  The vCPUs still run and exit.  At the end the VM is on. */
static void switch_off(struct kvm *kvm)
{
	u32 i;

	for (i = 0; i < 200; i++) {
		must(kernel_write(kvm, "enabled", "1", 1) == 1, "a VM can't be switched on");
		must(kernel_write(kvm, "enabled", "0", 1) == 1, "a VM can't be switched off");
		check_vm(kvm, check_sums);
		check_vm(kvm, check_still);
	}
	must(kernel_write(kvm, "enabled", "1", 1) == 1, "a VM can't be switched on");
}

int main(int argc, char **argv)
{
	pthread_t threads[2 * KERNEL_VCPUS + 2], administrators[2];
	u32 i, j, nr = 0;

	kernel.svm = true;
	kernel.run = vcpu_run;
	kernel.tsc_step = 1;
	kernel.pauses = 100;
	for (i = 0; i < 2; i++) {
		vms[i] = kernel_create_vm();
		for (j = 0; j < KERNEL_VCPUS; j++)
			kernel_create_vcpu(vms[i], NULL);
	}
	set(&kernel_param_exit_trace, "1");
	for (i = 0; i < 2; i++) {
		for (j = 0; j < KERNEL_VCPUS; j++)
			pthread_create(&threads[nr++], NULL, run_vcpu, vms[i]->vcpus[j]);
		pthread_create(&threads[nr++], NULL, read_host, vms[i]);
		pthread_create(&administrators[i], NULL, administrate, NULL);
	}
	sleep(argc > 1 ? atoi(argv[1]) : 5);
	for (i = 0; i < PATIENCE && !READ_ONCE(whole); i++)	/* on a busy machine */
		sleep(1);
	WRITE_ONCE(retired, true);
	for (i = 0; i < 2; i++)
		pthread_join(administrators[i], NULL);
	for (i = 0; i < 2; i++)
		switch_off(vms[i]);
	sleep(1);
	WRITE_ONCE(over, true);
	while (nr--)
		pthread_join(threads[nr], NULL);
	printf("%llu exits, %llu reads, %llu times switched, %llu latches torn, %llu of one vCPU not\n",
	       exits, reads, switches, torn, whole);
	must(whole, "no latch was whole");
	for (i = 0; i < 2; i++) {
		check_vm(vms[i], check_sums);
		check_vm(vms[i], check_clocks);
		kernel_destroy_vm(vms[i]);
	}
	return 0;
}
