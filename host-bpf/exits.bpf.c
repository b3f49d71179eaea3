// SPDX-License-Identifier: GPL-2.0-only
/*
 * Count VM exits per vCPU and reason on a stock KVM, with five clocks, and copy the
 * counters at each mark.  docs/bpf.md says what each hook sees.  Only a vCPU's own
 * thread writes the vCPU's counters.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "host-bpf/counters.bpf.h"
#include "host-bpf/boundaries.bpf.h"

#define KVM_PIO_OUT	1	/* arch/x86/kvm/x86.c */
#define PF_EXITING	4	/* include/linux/sched.h */

struct exit_trace_vm;
struct file;

char LICENSE[] SEC("license") = "GPL";

/* kernel/bpf/task_iter.c: one file of a process */
struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u64 fd;
	struct file *file;	/* NULL: there are no more */
};

/* Is the current process the one that was named, or of the group that was started for this program? */
static __always_inline bool is_ours(void)
{
	__u64 task = bpf_get_current_task();

	if (setup.process)
		return bpf_get_current_pid_tgid() >> 32 == setup.process;
	return READ(__u32, READ(__u64, READ(__u64, task, signal), group), number) == setup.group;
}

/* Is this our VM?  The first VM of the group becomes it.  The loader finds that of a process. */
static __always_inline bool adopt(struct kvm_vcpu *vcpu)
{
	__u64 kvm = FIELD(__u64, vcpu, kvm);

	if (vm == kvm)
		return true;
	if (other == kvm || (setup.process && !vm))
		return false;
	if (!is_ours()) {
		other = kvm;
		return false;
	}
	if (!__sync_val_compare_and_swap(&vm, 0, kvm))
		return true;
	__sync_fetch_and_add(&other_vms, 1);
	other = kvm;
	return false;
}

static __always_inline void begin(struct exits_vcpu *trace, struct kvm_vcpu *vcpu)
{
	__u32 index = FIELD(__u32, vcpu, index);

	trace->unseen = FIELD(__u64, vcpu, exits);
	trace->id = FIELD(__u32, vcpu, id);
	trace->slot = EXITS_BEFORE;
	trace->away = KVM_EXIT_TRACE_CLOCK_USER;
	trace->thread = bpf_get_current_pid_tgid();
	trace->address = (__u64)vcpu;
	barrier();
	trace->vcpu = (__u64)vcpu;
	if (nr_vcpus <= index)
		nr_vcpus = index + 1;	/* QEMU creates them one after the other */
}

/* Counting of a vCPU ends.  KVM's count is @stat. */
static __always_inline void finish(struct exits_vcpu *trace, __u64 stat)
{
	if (!trace->thread)
		trace->unseen = stat;
	settle(trace, stat);
	trace->stat = stat;
}

/*
 * A vCPU that is not counted enters the guest.  Counting begins here if it was in KVM_RUN when
 * the programs were attached.  It ends here if the loader has said so.  All of the vCPU's exits
 * are then in KVM's count.  Returns whether it is counted from now on.
 */
static __always_inline bool turn(struct exits_vcpu *trace, struct kvm_vcpu *vcpu)
{
	if (!trace->ending) {
		begin(trace, vcpu);
		trace->running = 1;
		return true;
	}
	if (!trace->done) {
		finish(trace, FIELD(__u64, vcpu, exits));
		if (trace->origin)
			charge(trace, KVM_EXIT_TRACE_CLOCK_KVM, bpf_ktime_get_ns());
		barrier();
		trace->done = 1;
	}
	return false;
}

static __always_inline bool in_run(struct exits_vcpu *trace, struct kvm_vcpu *vcpu)
{
	return setup.told ? FIELD(__u8, vcpu, wants_to_run) : trace->running;
}

/* KVM loads a vCPU: KVM_RUN begins, or the thread is scheduled in. */
SEC("fentry/kvm_arch_vcpu_load")
int BPF_PROG(load, struct kvm_vcpu *vcpu)
{
	struct exits_vcpu *trace;

	if (setup.told && !FIELD(__u8, vcpu, wants_to_run))
		return 0;
	if (!adopt(vcpu))
		return 0;
	trace = find(vcpu);
	if (!trace) {
		__sync_fetch_and_add(&uncounted, 1);
		return 0;
	}
	if (!in_run(trace, vcpu) || trace->done)
		return 0;
	if (!trace->vcpu && !trace->ending)
		begin(trace, vcpu);
	trace->thread = bpf_get_current_pid_tgid();
	if (trace->origin)
		charge(trace, trace->away, bpf_ktime_get_ns());
	trace->away = KVM_EXIT_TRACE_CLOCK_USER;
	return 0;
}

/* KVM leaves a vCPU: it returns to the VMM, or the thread is scheduled out. */
SEC("fexit/kvm_arch_vcpu_put")
int BPF_PROG(put, struct kvm_vcpu *vcpu)
{
	struct exits_vcpu *trace = find(vcpu);
	struct task_struct *task;

	if (!trace || !trace->origin || trace->done || !in_run(trace, vcpu))
		return 0;
	charge(trace, KVM_EXIT_TRACE_CLOCK_KVM, bpf_ktime_get_ns());
	task = bpf_get_current_task_btf();
	if (FIELD(__u64, vcpu, blocking))
		trace->away = KVM_EXIT_TRACE_CLOCK_IDLE;
	else if (FIELD(__u8, vcpu, preempted) || FIELD(__u32, task, state))
		trace->away = KVM_EXIT_TRACE_CLOCK_PREEMPTED;
	return 0;
}

/* These two are for a KVM without a field that says whether KVM_RUN is being called. */
SEC("fentry/kvm_arch_vcpu_ioctl_run")
int BPF_PROG(run_begins, struct kvm_vcpu *vcpu)
{
	struct exits_vcpu *trace = adopt(vcpu) ? find(vcpu) : NULL;

	if (trace)
		trace->running = 1;
	return 0;
}

SEC("fexit/kvm_arch_vcpu_ioctl_run")
int BPF_PROG(run_ends, struct kvm_vcpu *vcpu)
{
	struct exits_vcpu *trace = find(vcpu);

	if (trace)
		trace->running = 0;
	return 0;
}

SEC("tp_btf/kvm_entry")
int BPF_PROG(enter, struct kvm_vcpu *vcpu)
{
	struct exits_vcpu *trace = find(vcpu);
	__u64 stat, now;

	if (!trace || (!trace->vcpu && !turn(trace, vcpu)))
		return 0;
	stat = FIELD(__u64, vcpu, exits);
	if (stat - trace->unseen != trace->exits)
		settle(trace, stat);
	if (sought)
		seek(trace, vcpu, !trace->origin);
	now = bpf_ktime_get_ns();
	if (!trace->origin) {
		trace->origin = now;
		trace->since = now;
	}
	charge(trace, KVM_EXIT_TRACE_CLOCK_KVM, now);
	trace->in_guest = 1;
	return 0;
}

static __always_inline __u32 slot_of(__u32 code)
{
	if (code < EXITS_CODES)
		return setup.slots[code];
	return code == (__u32)-1 ? setup.invalid : setup.other;
}

/*
 * Returns the reason, as the vendor's manual numbers it.  With SVM, the VMCB is the vCPU's own,
 * unless the guest runs a guest itself.
 */
static __always_inline __u32 code_of(struct exits_vcpu *trace, struct kvm_vcpu *vcpu)
{
	__u64 vmcb = trace->vmcb;

	if (setup.vmx)
		return READ(__u32, vcpu, exit_reason) & 0xffff;	/* the basic reason: SDM vol. 3, appendix C */
	if (!vmcb || FIELD(__u64, vcpu, guest_mode))
		vmcb = READ(__u64, vcpu, vmcb);
	if (!trace->vmcb && !FIELD(__u64, vcpu, guest_mode))
		trace->vmcb = vmcb;
	return READ(__u32, vmcb, exit_code);
}

/* The CPU has left the guest. */
static __always_inline int on_exit(struct kvm_vcpu *vcpu)
{
	struct exits_vcpu *trace = find(vcpu);
	__u64 now;

	if (!trace || !trace->in_guest)
		return 0;
	now = bpf_ktime_get_ns();
	trace->guest += now - trace->since;
	trace->since = now;
	trace->in_guest = 0;
	trace->slot = slot_of(code_of(trace, vcpu));
	count(trace, trace->slot, 1);
	return 0;
}

SEC("tp_btf/kvm_exit")
int BPF_PROG(leave, struct kvm_vcpu *vcpu)
{
	return on_exit(vcpu);
}

/* SVM uses this instead of kvm_exit, which comes late there, with interrupts on. */
SEC("fentry/kvm_load_host_xsave_state")
int BPF_PROG(leave_svm, struct kvm_vcpu *vcpu)
{
	return on_exit(vcpu);
}

/* The VM's last vCPU is gone.  If its process ends, how?  The loader wakes up. */
static __always_inline void tell_end(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u8 nothing = 0;

	if (FIELD(__u32, task, task_flags) & PF_EXITING)
		end_status = FIELD(__u32, task, task_status);
	vm = EXITS_DEAD;	/* another VM may get the same address */
	bpf_ringbuf_output(&ring, &nothing, sizeof(nothing), BPF_RB_FORCE_WAKEUP);
}

/* Compares with KVM's count for the last time */
SEC("fentry/kvm_arch_vcpu_destroy")
int BPF_PROG(destroy, struct kvm_vcpu *vcpu)
{
	struct exits_vcpu *trace = find(vcpu);

	if (!trace)
		return 0;
	if (!trace->done)
		finish(trace, FIELD(__u64, vcpu, exits));
	trace->gone = 1;
	nr_gone++;
	if (nr_gone == nr_vcpus)
		tell_end();
	return 0;
}

/* A raw tracepoint, because 6.1's verifier gives no access to a pointer to void by BTF. */
SEC("raw_tp/kvm_pio")
int BPF_PROG(pio, unsigned int rw, unsigned int port, unsigned int size, unsigned int times,
	     const void *data)
{
	__u8 phase = 0;

	if (rw != KVM_PIO_OUT || port != KVM_EXIT_TRACE_PORT || size != 1)
		return 0;
	bpf_probe_read_kernel(&phase, sizeof(phase), data);
	mark_current(phase);
	return 0;
}

SEC("tp_btf/kvm_cpuid")
int BPF_PROG(cpuid, unsigned int leaf, unsigned int index)
{
	if (leaf == KVM_EXIT_TRACE_LEAF_MARK && index <= 0xff)
		mark_current(index);
	return 0;
}

/* A KVM with the tracer makes each mark in this function, so each of its marks is one of ours. */
SEC("fentry/exit_trace_mark")
int BPF_PROG(mark_traced, struct exit_trace_vm *traced, struct kvm_vcpu *vcpu, __u32 index, __u8 phase)
{
	if (find(vcpu))
		guest_marks(index, phase);
	return 0;
}

/* The host marks a phase: the guest has printed a text.  No vCPU is the marker. */
SEC("syscall")
int mark_text(struct exits_text *text)
{
	if (!nr_vcpus)
		return 0;	/* no VM has printed this */
	make_mark(KVM_EXIT_TRACE_MARK_HOST, EXITS_PHASE_TEXT + text->number);
	return 0;
}

/*
 * The loader looks for the VM among the files of a process.  Only this finds a vCPU that does
 * not run meanwhile.
 */
SEC("iter/task_file")
int find_vcpus(struct bpf_iter__task_file *context)
{
	struct file *file = context->file;
	struct exits_vcpu *trace;
	__u64 vcpu, kvm;
	__u32 index;

	if (!file || FIELD(__u64, file, file_operations) != setup.vcpu_files)
		return 0;
	vcpu = FIELD(__u64, file, file_data);
	kvm = READ(__u64, vcpu, kvm);
	index = READ(__u32, vcpu, index);
	if (!found)
		found = kvm;
	trace = bpf_map_lookup_elem(&vcpus, &index);
	if (found != kvm || !trace) {
		__sync_fetch_and_add(trace ? &other_vms : &uncounted, 1);
		return 0;
	}
	trace->address = vcpu;
	if (stat_of(trace))
		ran = 1;
	if (nr_vcpus <= index)
		nr_vcpus = index + 1;
	files++;
	return 0;
}

static long stop_one(__u32 index, void *unused)
{
	struct exits_vcpu *trace = bpf_map_lookup_elem(&vcpus, &index);

	if (!trace)
		return 1;
	trace->ending = 1;
	barrier();
	trace->vcpu = 0;
	if (trace->address && !trace->gone)
		trace->peek = stat_of(trace);
	return 0;
}

/*
 * The loader runs this until counting has ended.  A vCPU that runs ends it itself, at its next
 * entry.  For one that does not run, the loader compares the counters with KVM's count.
 */
SEC("syscall")
int stop(void *unused)
{
	__u32 nothing = 0;

	bpf_loop(nr_vcpus, stop_one, &nothing, 0);
	return 0;
}
