// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host's view of a VM's counters: files in exit_trace/ below the VM's own
 * directory in KVM's debugfs.  They show copies like those that a guest's latch
 * takes.
 *
 * A VM outlives its files: kvm_destroy_vm() removes the directory first, and
 * waits for readers there.
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

const char *exit_trace_slot_name(bool svm, u32 slot)
{
	const struct exit_trace_name *names = svm ? exit_trace_svm_names :
						    exit_trace_vmx_names;
	size_t i, nr = svm ? ARRAY_SIZE(exit_trace_svm_names) :
			     ARRAY_SIZE(exit_trace_vmx_names);

	if (slot < ARRAY_SIZE(exit_trace_slot_names) && exit_trace_slot_names[slot])
		return exit_trace_slot_names[slot];
	for (i = 0; i < nr; i++)
		if (slot == (svm ? exit_trace_svm_slot(names[i].code) :
				   exit_trace_vmx_slot(names[i].code)))
			return names[i].name;
	return NULL;
}

static void exit_trace_show_cycles(struct seq_file *seq, const char *format, const u64 *cycles,
				   int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		seq_printf(seq, format, cycles[i]);
	seq_putc(seq, '\n');
}

static void exit_trace_show_row(struct seq_file *seq, const char *name, u64 count,
				const u64 *cycles, int nr)
{
	seq_printf(seq, "%-26s %12llu", name ?: "unknown", count);
	exit_trace_show_cycles(seq, " %16llu", cycles, nr);
}

/* For people: all vCPUs together, a row for each reason that has exits */
static int exit_trace_reasons_show(struct seq_file *seq, void *unused)
{
	struct exit_trace_vm *vm = seq->private;
	bool svm = vm->vendor == KVM_EXIT_TRACE_VENDOR_SVM;
	struct exit_trace_latch *latch;
	u32 i;

	latch = kzalloc(sizeof(*latch), GFP_KERNEL_ACCOUNT);
	if (!latch)
		return -ENOMEM;
	mutex_lock(&vm->lock);
	exit_trace_latch(latch, vm, NULL);
	mutex_unlock(&vm->lock);

	seq_printf(seq, "%-26s %12s %16s %16s %16s %16s %16s %16s\n", "reason", "exits", "kvm",
		   "user", "idle", "preempted", "guest", "elapsed");
	for (i = 0; i < latch->len; i++)
		exit_trace_show_row(seq, exit_trace_slot_name(svm, latch->nr[i]),
				    latch->slot[i].count, latch->slot[i].cycles,
				    KVM_EXIT_TRACE_NR_CLOCKS);
	exit_trace_show_row(seq, "total", latch->sum.count, latch->sum.cycles,
			    ARRAY_SIZE(latch->sum.cycles));
	kfree(latch);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(exit_trace_reasons);

static void exit_trace_show_counts(struct seq_file *seq, u64 count, const u64 *cycles, int nr)
{
	seq_printf(seq, " %llu", count);
	exit_trace_show_cycles(seq, " %llu", cycles, nr);
}

static void exit_trace_show_slot(struct seq_file *seq, const struct exit_trace_slot *slot)
{
	exit_trace_show_counts(seq, slot->count, slot->cycles, ARRAY_SIZE(slot->cycles));
}

/* For programs: each vCPU's slots that have exits */
static int exit_trace_counters_show(struct seq_file *seq, void *unused)
{
	struct exit_trace_vm *vm = seq->private;
	struct exit_trace_vcpu *trace;
	int i;

	seq_puts(seq, "# vcpu slot exits kvm user idle preempted\n"
		      "# vcpu sum exits kvm user idle preempted guest elapsed\n"
		      "# vcpu induced exits\n");
	mutex_lock(&vm->lock);
	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		exit_trace_copy(&vm->scratch, trace);
		for (i = 0; i < EXIT_TRACE_SLOTS; i++) {
			if (!vm->scratch.slot[i].count)
				continue;
			seq_printf(seq, "%d %d", trace->vcpu->vcpu_id, i);
			exit_trace_show_slot(seq, &vm->scratch.slot[i]);
		}
		seq_printf(seq, "%d sum", trace->vcpu->vcpu_id);
		exit_trace_show_counts(seq, vm->scratch.sum.count, vm->scratch.sum.cycles,
				       ARRAY_SIZE(vm->scratch.sum.cycles));
		if (exit_trace_has_induced(vm, trace))
			seq_printf(seq, "%d induced %llu\n", trace->vcpu->vcpu_id,
				   READ_ONCE(trace->induced->count));
	}
	mutex_unlock(&vm->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(exit_trace_counters);

static void exit_trace_show_mark(struct seq_file *seq, struct exit_trace_vm *vm, u32 entry)
{
	const struct exit_trace_mark *mark = &vm->log[entry];
	const struct exit_trace_vcpu *trace;
	const struct exit_trace_slot *slot;
	u32 i;

	seq_printf(seq, "mark %u %u %u %llu %llu\n", entry, mark->phase,
		   mark->vcpu_idx, mark->guest_tsc, mark->total);
	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		const struct exit_trace_log *log = &trace->log;

		seq_printf(seq, "%u %d time %llu %llu\n", entry, trace->vcpu->vcpu_id,
			   log->guest[entry], log->elapsed[entry]);
		for (i = 0; i < EXIT_TRACE_SLOTS; i++) {
			slot = exit_trace_log_find(log, log->end[entry], i);
			if (!slot)
				continue;
			seq_printf(seq, "%u %d %u", entry, trace->vcpu->vcpu_id, i);
			exit_trace_show_slot(seq, slot);
		}
		if (exit_trace_has_induced(vm, trace))
			seq_printf(seq, "%u %d induced %llu\n", entry, trace->vcpu->vcpu_id,
				   trace->induced->log[entry]);
	}
}

/* For programs: the phase log */
static int exit_trace_log_show(struct seq_file *seq, void *unused)
{
	struct exit_trace_vm *vm = seq->private;
	u32 entry;

	seq_puts(seq, "# mark entry phase vcpu guest_tsc total\n"
		      "# entry vcpu time guest elapsed\n"
		      "# entry vcpu slot exits kvm user idle preempted\n"
		      "# entry vcpu induced exits\n");
	mutex_lock(&vm->lock);
	for (entry = 0; entry < vm->log_len; entry++)
		exit_trace_show_mark(seq, vm, entry);
	seq_printf(seq, "dropped %u\n", vm->log_dropped);
	mutex_unlock(&vm->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(exit_trace_log);

/* For programs: exits by their latency */
static int exit_trace_histogram_show(struct seq_file *seq, void *unused)
{
	struct exit_trace_vm *vm = seq->private;
	const struct exit_trace_vcpu *trace;
	u32 slot, bucket, count;

	seq_puts(seq, "# vcpu slot log2(cycles) exits\n");
	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		for (slot = 0; trace->histogram && slot < EXIT_TRACE_SLOTS; slot++) {
			for (bucket = 0; bucket < KVM_EXIT_TRACE_NR_BUCKETS; bucket++) {
				count = exit_trace_bucket(trace->histogram, slot, bucket);
				if (count)
					seq_printf(seq, "%d %u %u %u\n", trace->vcpu->vcpu_id,
						   slot, bucket, count);
			}
		}
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(exit_trace_histogram);

/* For programs: exits by what they were for */
static int exit_trace_sites_show(struct seq_file *seq, void *unused)
{
	struct exit_trace_vm *vm = seq->private;
	const struct exit_trace_vcpu *trace;
	const struct exit_trace_site *site;
	u64 count;
	u32 i;

	seq_puts(seq, "# entry vcpu slot code exits rip\n# lost vcpu slot exits\n");
	for (trace = READ_ONCE(vm->vcpus); trace; trace = READ_ONCE(trace->next)) {
		for (i = 0; trace->sites && i < EXIT_TRACE_SITES; i++) {
			site = &trace->sites->site[i];
			/* pairs with exit_trace_site_add() */
			count = smp_load_acquire(&site->count);
			if (count)
				seq_printf(seq, "%u %d %u 0x%llx %llu 0x%llx\n", site->entry,
					   trace->vcpu->vcpu_id, site->slot, site->code, count,
					   READ_ONCE(site->rip));
		}
		for (i = 0; trace->sites && i < EXIT_TRACE_SLOTS; i++) {
			count = READ_ONCE(trace->sites->lost[i]);
			if (count)
				seq_printf(seq, "lost %d %u %llu\n", trace->vcpu->vcpu_id, i,
					   count);
		}
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(exit_trace_sites);

/* Parse a phase's name or number.  Negative: it is neither. */
static int exit_trace_phase(const char *text)
{
	u8 phase;
	int i;

	for (i = 0; i < ARRAY_SIZE(exit_trace_phase_names); i++)
		if (exit_trace_phase_names[i] && !strcmp(text, exit_trace_phase_names[i]))
			return i;
	return kstrtou8(text, 0, &phase) ? -EINVAL : phase;
}

/* The host's mark belongs to no vCPU, and vCPU 0's TSC dates it. */
static ssize_t exit_trace_mark_write(struct file *file, const char __user *from,
				     size_t len, loff_t *pos)
{
	struct exit_trace_vm *vm = file->private_data;
	bool marked;
	char text[16];
	int phase;

	if (!READ_ONCE(vm->on))
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
	marked = vm->vcpus && exit_trace_mark(vm, vm->vcpus->vcpu, KVM_EXIT_TRACE_MARK_HOST,
					      phase);
	mutex_unlock(&vm->lock);
	return marked ? len : -ENOSPC;
}

static const struct file_operations exit_trace_mark_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = exit_trace_mark_write,
	.llseek = noop_llseek,
};

/*
 * While this file is open, it holds a reference to the VM, as KVM's own files
 * do.  Switching makes files in the same directory.  Without the reference,
 * that could happen while the directory is removed, and the removal waits for
 * it.
 */
static int exit_trace_enabled_open(struct inode *inode, struct file *file)
{
	file->private_data = inode->i_private;
	return kvm_get_kvm_safe(inode->i_private) ? 0 : -ENOENT;
}

static int exit_trace_enabled_release(struct inode *inode, struct file *file)
{
	kvm_put_kvm(inode->i_private);
	return 0;
}

static ssize_t exit_trace_enabled_read(struct file *file, char __user *to, size_t len,
				       loff_t *pos)
{
	const struct kvm *kvm = file->private_data;
	const struct exit_trace_vm *vm = READ_ONCE(kvm->arch.exit_trace);

	return simple_read_from_buffer(to, len, pos, vm && READ_ONCE(vm->on) ? "1\n" : "0\n", 2);
}

static ssize_t exit_trace_enabled_write(struct file *file, const char __user *from,
					size_t len, loff_t *pos)
{
	bool on;
	int r;

	r = kstrtobool_from_user(from, len, &on) ?: exit_trace_set_vm(file->private_data, on);
	return r ?: len;
}

static const struct file_operations exit_trace_enabled_fops = {
	.owner = THIS_MODULE,
	.open = exit_trace_enabled_open,
	.release = exit_trace_enabled_release,
	.read = exit_trace_enabled_read,
	.write = exit_trace_enabled_write,
	.llseek = noop_llseek,
};

/* The first caller makes it: the VM's first vCPU, or switching on that comes before. */
void exit_trace_debugfs_switch(struct kvm *kvm)
{
	struct dentry *dir;

	if (IS_ERR_OR_NULL(kvm->debugfs_dentry))
		return;
	dir = debugfs_lookup("exit_trace", kvm->debugfs_dentry);
	if (dir) {
		dput(dir);
		return;
	}
	dir = debugfs_create_dir("exit_trace", kvm->debugfs_dentry);
	debugfs_create_file("enabled", 0644, dir, kvm, &exit_trace_enabled_fops);
}

void exit_trace_debugfs_init(struct kvm *kvm)
{
	struct exit_trace_vm *vm = kvm->arch.exit_trace;
	struct dentry *dir;

	exit_trace_debugfs_switch(kvm);
	if (IS_ERR_OR_NULL(kvm->debugfs_dentry))
		return;
	dir = debugfs_lookup("exit_trace", kvm->debugfs_dentry);
	if (!dir)
		return;
	debugfs_create_file("reasons", 0444, dir, vm, &exit_trace_reasons_fops);
	debugfs_create_file("counters", 0444, dir, vm, &exit_trace_counters_fops);
	debugfs_create_file("log", 0444, dir, vm, &exit_trace_log_fops);
	debugfs_create_file("histogram", 0444, dir, vm, &exit_trace_histogram_fops);
	debugfs_create_file("sites", 0444, dir, vm, &exit_trace_sites_fops);
	debugfs_create_file("mark", 0200, dir, vm, &exit_trace_mark_fops);
	dput(dir);
}
