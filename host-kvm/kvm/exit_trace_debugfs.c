// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host's view of a VM's counters: files in exit_trace/ below the VM's own
 * directory in KVM's debugfs.  They are of the same snapshots that the guest reads.
 *
 * The VM outlives them: kvm_destroy_vm() removes the directory first, which
 * waits for readers.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <asm/vmx.h>

#include "x86.h"
#include "exit_trace_vm.h"

struct exit_trace_name {
	u64 code;
	const char *name;
};

static const struct exit_trace_name exit_trace_vmx_names[] = { VMX_EXIT_REASONS };
static const struct exit_trace_name exit_trace_svm_names[] = { SVM_EXIT_REASONS };
static const char *const exit_trace_slot_names[] = { KVM_EXIT_TRACE_SLOT_NAMES };
static const char *const exit_trace_phase_names[] = { KVM_EXIT_TRACE_PHASE_NAMES };

/* The reason that a slot counts, as the uapi headers call it, or "unknown" */
static const char *exit_trace_slot_name(const struct exit_trace_vm *vm, u32 slot)
{
	bool svm = vm->vendor == KVM_EXIT_TRACE_VENDOR_SVM;
	const struct exit_trace_name *names = svm ? exit_trace_svm_names :
						    exit_trace_vmx_names;
	size_t i, nr = svm ? ARRAY_SIZE(exit_trace_svm_names) :
			     ARRAY_SIZE(exit_trace_vmx_names);

	for (i = 0; i < nr; i++)
		if (slot == (svm ? exit_trace_svm_slot(names[i].code) :
				   exit_trace_vmx_slot(names[i].code)))
			return names[i].name;
	if (slot < ARRAY_SIZE(exit_trace_slot_names) && exit_trace_slot_names[slot])
		return exit_trace_slot_names[slot];
	return "unknown";
}

static void exit_trace_show_slot(struct seq_file *seq, const struct exit_trace_slot *slot)
{
	seq_printf(seq, " %llu %llu %llu %llu %llu\n", slot->count,
		   slot->cycles[KVM_EXIT_TRACE_CLOCK_KVM],
		   slot->cycles[KVM_EXIT_TRACE_CLOCK_USER],
		   slot->cycles[KVM_EXIT_TRACE_CLOCK_IDLE],
		   slot->cycles[KVM_EXIT_TRACE_CLOCK_PREEMPTED]);
}

static void exit_trace_show_row(struct seq_file *seq, const char *name,
				const struct exit_trace_slot *slot)
{
	seq_printf(seq, "%-26s %12llu %16llu %16llu %16llu %16llu\n", name, slot->count,
		   slot->cycles[KVM_EXIT_TRACE_CLOCK_KVM],
		   slot->cycles[KVM_EXIT_TRACE_CLOCK_USER],
		   slot->cycles[KVM_EXIT_TRACE_CLOCK_IDLE],
		   slot->cycles[KVM_EXIT_TRACE_CLOCK_PREEMPTED]);
}

/* For people: all vCPUs together, a row for each reason that has exits */
static int exit_trace_reasons_show(struct seq_file *seq, void *unused)
{
	struct exit_trace_vm *vm = seq->private;
	struct exit_trace_counts *counts;
	int i;

	counts = kvzalloc(sizeof(*counts), GFP_KERNEL_ACCOUNT);
	if (!counts)
		return -ENOMEM;
	mutex_lock(&vm->lock);
	exit_trace_copy_all(counts, vm);
	mutex_unlock(&vm->lock);

	seq_printf(seq, "%-26s %12s %16s %16s %16s %16s\n", "reason", "exits", "kvm",
		   "user", "idle", "preempted");
	for (i = 0; i < KVM_EXIT_TRACE_NR_SLOTS; i++)
		if (counts->slot[i].count)
			exit_trace_show_row(seq, exit_trace_slot_name(vm, i),
					    &counts->slot[i]);
	exit_trace_show_row(seq, "total", &counts->sum);
	kvfree(counts);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(exit_trace_reasons);

/* For programs: each vCPU's slots that have exits */
static int exit_trace_counters_show(struct seq_file *seq, void *unused)
{
	struct exit_trace_vm *vm = seq->private;
	struct exit_trace_vcpu *trace;
	int i;

	seq_puts(seq, "# vcpu slot exits kvm user idle preempted\n");
	mutex_lock(&vm->lock);
	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		exit_trace_copy(&vm->scratch, trace);
		for (i = 0; i < KVM_EXIT_TRACE_NR_SLOTS; i++) {
			if (!vm->scratch.slot[i].count)
				continue;
			seq_printf(seq, "%d %d", trace->vcpu->vcpu_id, i);
			exit_trace_show_slot(seq, &vm->scratch.slot[i]);
		}
	}
	mutex_unlock(&vm->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(exit_trace_counters);

static void exit_trace_show_mark(struct seq_file *seq, struct exit_trace_vm *vm, u32 entry)
{
	const struct exit_trace_mark *mark = &vm->log[entry];
	const struct exit_trace_vcpu *trace;
	u32 i;

	seq_printf(seq, "mark %u %u %u %llu %llu\n", entry, mark->phase,
		   mark->vcpu_idx, mark->guest_tsc, mark->total);
	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		const struct exit_trace_log *log = &trace->log;

		for (i = exit_trace_log_begin(log, entry); i < log->end[entry]; i++) {
			seq_printf(seq, "%u %d %u", entry, trace->vcpu->vcpu_id,
				   log->slot[i].nr);
			exit_trace_show_slot(seq, &log->slot[i].counts);
		}
	}
}

/* For programs: the phase log */
static int exit_trace_log_show(struct seq_file *seq, void *unused)
{
	struct exit_trace_vm *vm = seq->private;
	u32 entry;

	seq_puts(seq, "# mark entry phase vcpu guest_tsc total\n"
		      "# entry vcpu slot exits kvm user idle preempted\n");
	mutex_lock(&vm->lock);
	for (entry = 0; entry < vm->log_len; entry++)
		exit_trace_show_mark(seq, vm, entry);
	seq_printf(seq, "dropped %u\n", vm->log_dropped);
	mutex_unlock(&vm->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(exit_trace_log);

/* A phase by its name or its number; negative: there is none such */
static int exit_trace_phase(const char *text)
{
	u8 phase;
	int i;

	for (i = 0; i < ARRAY_SIZE(exit_trace_phase_names); i++)
		if (exit_trace_phase_names[i] && !strcmp(text, exit_trace_phase_names[i]))
			return i;
	return kstrtou8(text, 0, &phase) ? -EINVAL : phase;
}

/* The mark is vCPU 0's, by whose TSC it is dated. */
static ssize_t exit_trace_mark_write(struct file *file, const char __user *from,
				     size_t len, loff_t *pos)
{
	struct exit_trace_vm *vm = file->private_data;
	bool marked;
	char text[16];
	int phase;

	if (!exit_trace_enabled())
		return -ENXIO;
	if (len >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, len))
		return -EFAULT;
	text[len] = '\0';
	phase = exit_trace_phase(strim(text));
	if (phase < 0)
		return phase;

	mutex_lock(&vm->lock);
	marked = vm->vcpus && exit_trace_mark(vm->vcpus->vcpu, vm, phase);
	mutex_unlock(&vm->lock);
	return marked ? len : -ENOSPC;
}

static const struct file_operations exit_trace_mark_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = exit_trace_mark_write,
	.llseek = noop_llseek,
};

void exit_trace_debugfs_init(struct kvm *kvm)
{
	struct exit_trace_vm *vm = kvm->arch.exit_trace;
	struct dentry *dir;

	if (IS_ERR_OR_NULL(kvm->debugfs_dentry))
		return;
	dir = debugfs_create_dir("exit_trace", kvm->debugfs_dentry);
	debugfs_create_file("reasons", 0444, dir, vm, &exit_trace_reasons_fops);
	debugfs_create_file("counters", 0444, dir, vm, &exit_trace_counters_fops);
	debugfs_create_file("log", 0444, dir, vm, &exit_trace_log_fops);
	debugfs_create_file("mark", 0200, dir, vm, &exit_trace_mark_fops);
}
