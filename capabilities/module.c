// SPDX-License-Identifier: GPL-2.0-only
/*
 * virt_features: reports the virtualization features of each online CPU.  It writes the report to
 * the kernel's log when it is loaded.  /sys/kernel/debug/virt_features has it as long as it is.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include <asm/msr.h>
#include <asm/processor.h>

#include "capabilities/virt_caps.h"

static struct virt_cpu *cpus;
static unsigned int nr_cpus;
static struct dentry *file;

static enum virt_state read_msr(void *context, __u32 index, __u64 *value)
{
	u64 here = 0;
	int err = rdmsrl_safe(index, &here);

	*value = err ? 0 : here;
	return err ? VIRT_UNREADABLE : VIRT_OK;
}

static void read_cpuid(void *context, __u32 leaf, __u32 output[4])
{
	memset(output, 0, 4 * sizeof(*output));
	if (cpuid_eax(leaf & 0x80000000) >= leaf)
		cpuid_count(leaf, 0, &output[0], &output[1], &output[2], &output[3]);
}

/* Runs on the CPU that is read. */
static void read_here(void *cpu)
{
	static const struct virt_source source = { .msr = read_msr, .cpuid = read_cpuid };

	virt_read(cpu, &source);
}

static int read_all(void)
{
	unsigned int cpu;
	int err = 0;

	cpus_read_lock();
	cpus = kvcalloc(num_online_cpus(), sizeof(*cpus), GFP_KERNEL);
	if (!cpus)
		err = -ENOMEM;
	for_each_online_cpu(cpu) {
		if (err)
			break;
		cpus[nr_cpus].number = cpu;
		err = smp_call_function_single(cpu, read_here, &cpus[nr_cpus++], true);
	}
	cpus_read_unlock();
	return err;
}

static bool any_virtualization(void)
{
	unsigned int i;

	for (i = 0; i < nr_cpus; i++)
		if (cpus[i].vmx || cpus[i].svm)
			return true;
	return false;
}

static void log_line(void *context, const char *line)
{
	pr_info("%s\n", line);
}

static void seq_line(void *context, const char *line)
{
	seq_printf(context, "%s\n", line);
}

static int virt_features_show(struct seq_file *seq, void *unused)
{
	virt_report(cpus, nr_cpus, seq_line, seq);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(virt_features);

/* Without VMX and SVM it fails with -ENODEV, like any driver without its hardware. */
static int __init virt_features_init(void)
{
	int err = read_all();

	if (!err && !any_virtualization()) {
		pr_err("no CPU here has VMX or SVM: nothing to report\n");
		err = -ENODEV;
	}
	if (err) {
		kvfree(cpus);
		return err;
	}
	virt_report(cpus, nr_cpus, log_line, NULL);
	file = debugfs_create_file("virt_features", 0400, NULL, NULL, &virt_features_fops);
	return 0;
}

static void __exit virt_features_exit(void)
{
	debugfs_remove(file);
	kvfree(cpus);
}

module_init(virt_features_init);
module_exit(virt_features_exit);

MODULE_DESCRIPTION("Reports the virtualization features of each CPU");
MODULE_LICENSE("GPL");
