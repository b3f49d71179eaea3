// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: core-induced
 *
 * Tests which exits the tracer takes as caused by the observer's timer, and when it has its probe.
 * Ends with status 0 if all is as in docs/abi.md.  Otherwise it prints a line, and aborts.
 */
#include "exit_trace_vm.h"

extern const struct kernel_param kernel_param_exit_trace, kernel_param_exit_trace_induced;

static struct kvm *kvm;
static struct kvm_vcpu *boot, *observer, *third;
static struct hrtimer host;

static void must(bool right, const char *what)
{
	if (right)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static void set(const struct kernel_param *param, const char *value)
{
	must(!param->ops->set(value, param), "a parameter can't be set");
}

static struct kvm_vcpu *create(void)
{
	struct kvm_vcpu *vcpu = kernel_create_vcpu(kvm, NULL);

	vcpu->arch.apic = calloc(1, sizeof(*vcpu->arch.apic));
	return vcpu;
}

static struct hrtimer *timer(struct kvm_vcpu *vcpu)
{
	return &vcpu->arch.apic->lapic_timer.timer;
}

static void cpuid(struct kvm_vcpu *vcpu, u32 eax, u32 ecx)
{
	u32 ebx, edx;

	must(exit_trace_cpuid(vcpu, &eax, &ebx, &ecx, &edx), "no answer");
}

/* One exit, up to two timers that KVM lets in for it, and one that comes later */
static void leave(struct kvm_vcpu *vcpu, u32 code, struct hrtimer *first, struct hrtimer *second,
		  struct hrtimer *later)
{
	struct vmcb vmcb = { .control.exit_code = code };

	preempt_disable();
	exit_trace_guest(vcpu, exit_trace_svm_exit(vcpu, &vmcb), rdtsc());
	vcpu->arch.handling_intr_from_guest = KVM_HANDLING_IRQ;
	if (first)
		kernel_expire(vcpu, first);
	if (second)
		kernel_expire(vcpu, second);
	vcpu->arch.handling_intr_from_guest = 0;
	if (later)
		kernel_expire(vcpu, later);
	preempt_enable();
}

/* The lines of a debugfs file that have the word "induced" are as expected, apart from headings. */
static void shows(const char *file, const char *expected, const char *what)
{
	char *text = kernel_show(kvm, file), *line, lines[256] = "";

	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (*line != '#' && strstr(line, "induced"))
			strcat(strcat(lines, line), "\n");
	if (strcmp(lines, expected))
		fprintf(stderr, "%s:\n%sexpected:\n%s", file, lines, expected);
	must(!strcmp(lines, expected), what);
	free(text);
}

/* The vCPUs' ids are 1, 3 and 5 here. */
static void causes(void)
{
	leave(boot, SVM_EXIT_INTR, timer(observer), NULL, NULL);
	shows("counters", "1 induced 0\n3 induced 0\n5 induced 0\n", "nobody observes yet");
	cpuid(observer, KVM_EXIT_TRACE_LEAF_OWN, 0);
	leave(boot, SVM_EXIT_INTR, timer(observer), NULL, &host);
	shows("counters", "1 induced 1\n3 induced 0\n5 induced 0\n", "the observer's timer alone");
	leave(boot, SVM_EXIT_INTR, timer(observer), timer(observer), NULL);
	shows("counters", "1 induced 2\n3 induced 0\n5 induced 0\n", "one exit counts once");
	leave(boot, SVM_EXIT_INTR, timer(observer), &host, NULL);
	leave(boot, SVM_EXIT_INTR, timer(observer), timer(boot), NULL);
	leave(boot, SVM_EXIT_INTR, &host, timer(observer), NULL);
	leave(boot, SVM_EXIT_INTR, timer(third), NULL, NULL);
	leave(boot, SVM_EXIT_INTR, NULL, NULL, timer(observer));
	leave(boot, SVM_EXIT_CPUID, timer(observer), NULL, NULL);
	leave(observer, SVM_EXIT_INTR, timer(observer), NULL, NULL);
	kernel_expire(NULL, timer(observer));
	shows("counters", "1 induced 2\n3 induced 0\n5 induced 0\n", "it would have come anyway");
	cpuid(boot, KVM_EXIT_TRACE_LEAF_MARK, 0x80);
	leave(third, SVM_EXIT_INTR, timer(observer), NULL, NULL);
	cpuid(boot, KVM_EXIT_TRACE_LEAF_MARK, 0x81);
	shows("log", "0 1 induced 2\n0 3 induced 0\n0 5 induced 0\n"
	      "1 1 induced 2\n1 3 induced 0\n1 5 induced 1\n", "at each mark");
}

static void switching(void)
{
	kernel_write(kvm, "enabled", "0", 1);
	must(!kernel_expire(NULL, &host), "a probe, and nobody is traced");
	shows("counters", "1 induced 2\n3 induced 0\n5 induced 1\n", "what was counted stays");
	set(&kernel_param_exit_trace_induced, "0");
	kernel_write(kvm, "enabled", "1", 1);
	must(!kernel_expire(NULL, &host), "a probe, and nobody wants it");
	shows("counters", "", "numbers, and nobody wants them");
	kernel_write(kvm, "enabled", "0", 1);
	set(&kernel_param_exit_trace_induced, "1");
	kernel_write(kvm, "enabled", "1", 1);
	must(kernel_expire(NULL, &host), "no probe");
	shows("counters", "1 induced 0\n3 induced 0\n5 induced 0\n", "it begins again");
	leave(boot, SVM_EXIT_INTR, timer(observer), NULL, NULL);
	shows("counters", "1 induced 0\n3 induced 0\n5 induced 0\n", "and knows no observer");
}

int main(void)
{
	struct hrtimer *apics[3];
	int i;

	kernel = (struct kernel) { .svm = true, .tsc_step = 1, .fail_alloc = -1, .fail_user = -1 };
	kvm = kernel_create_vm();
	set(&kernel_param_exit_trace_induced, "1");
	must(!kernel_expire(NULL, &host), "a probe, and there is no VM");
	set(&kernel_param_exit_trace, "1");
	boot = create();
	observer = create();
	third = create();
	must(kernel_expire(NULL, &host), "no probe");
	causes();
	switching();
	for (i = 0; i < 3; i++)
		apics[i] = timer(kvm->vcpus[i]);
	kernel_destroy_vm(kvm);
	for (i = 0; i < 3; i++)
		free(container_of(apics[i], struct kvm_lapic, lapic_timer.timer));
	must(!kernel_expire(NULL, &host), "a probe that outlives its VM");
	return 0;
}
