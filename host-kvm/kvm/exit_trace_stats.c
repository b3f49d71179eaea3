// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counters, reason by reason, in a vCPU's binary statistics file, behind
 * those that KVM has: KVM_GET_STATS_FD, Documentation/virt/kvm/api.rst.
 */
#include <linux/ctype.h>

#include "x86.h"
#include "exit_trace_vm.h"

/* What a reason has, and then what all have together */
static const char *const exit_trace_stat_names[] = {
	"exits", "kvm_cycles", "user_cycles", "idle_cycles", "preempted_cycles",
	"guest_cycles", "elapsed_cycles",
};

/* A descriptor with its name */
#define EXIT_TRACE_STATS_DESC	(offsetof(struct kvm_stats_desc, name) + KVM_STATS_NAME_SIZE)

#define EXIT_TRACE_STATS_REASON	(1 + KVM_EXIT_TRACE_NR_CLOCKS)
#define EXIT_TRACE_STATS_ALL	ARRAY_SIZE(exit_trace_stat_names)

/**
 * struct exit_trace_stats - the file's parts, as kvm_stats_read() takes them
 * @header: with room for more descriptors than KVM's own
 * @desc: KVM's, then ours
 * @size: bytes in @data
 * @data: KVM's, then ours
 */
struct exit_trace_stats {
	struct kvm_stats_header header;
	void *desc;
	size_t size;
	u64 *data;
};

/* The slots that have a name, and others, to which what has none is added */
static u32 exit_trace_stats_slots(u8 slots[EXIT_TRACE_SLOTS], bool svm)
{
	u32 i, nr = 0;

	for (i = 0; i < EXIT_TRACE_SLOTS; i++)
		if (exit_trace_slot_name(svm, i))
			slots[nr++] = i;
	return nr;
}

static void exit_trace_stats_desc(struct kvm_stats_desc *desc, u32 offset, const char *reason,
				  u32 what)
{
	char *c;

	desc->flags = KVM_STATS_TYPE_CUMULATIVE | KVM_STATS_BASE_POW10 |
		      (what ? KVM_STATS_UNIT_CYCLES : KVM_STATS_UNIT_NONE);
	desc->size = 1;
	desc->offset = offset;
	if (reason)
		snprintf(desc->name, KVM_STATS_NAME_SIZE, "%s_%s", exit_trace_stat_names[what],
			 reason);
	else	/* KVM has a statistic `exits', too. */
		snprintf(desc->name, KVM_STATS_NAME_SIZE, "exit_trace_%s",
			 exit_trace_stat_names[what]);
	for (c = desc->name; *c; c++)
		*c = tolower(*c);
}

static void exit_trace_stats_fill_desc(struct exit_trace_stats *stats, const u8 *slots,
				       u32 nr, bool svm)
{
	u32 own = kvm_vcpu_stats_header.num_desc * EXIT_TRACE_STATS_DESC;
	u32 offset = sizeof(struct kvm_vcpu_stat);
	void *desc = stats->desc + own;
	u32 i, what;

	memcpy(stats->desc, kvm_vcpu_stats_desc, own);
	for (what = 0; what < EXIT_TRACE_STATS_ALL; what++) {
		exit_trace_stats_desc(desc, offset, NULL, what);
		desc += EXIT_TRACE_STATS_DESC;
		offset += sizeof(u64);
	}
	for (i = 0; i < nr * EXIT_TRACE_STATS_REASON; i++) {
		exit_trace_stats_desc(desc, offset,
				      exit_trace_slot_name(svm, slots[i / EXIT_TRACE_STATS_REASON]),
				      i % EXIT_TRACE_STATS_REASON);
		desc += EXIT_TRACE_STATS_DESC;
		offset += sizeof(u64);
	}
}

static void exit_trace_stats_fill_data(struct exit_trace_stats *stats, struct kvm_vcpu *vcpu,
				       const u8 *slots, u32 nr)
{
	struct exit_trace_vm *vm = vcpu->kvm->arch.exit_trace;
	u64 *to = stats->data + sizeof(vcpu->stat) / sizeof(u64);
	struct exit_trace_counts *counts;
	u32 i, named = 0;

	memcpy(stats->data, &vcpu->stat, sizeof(vcpu->stat));
	if (!vm || !vcpu->arch.exit_trace)
		return;

	mutex_lock(&vm->lock);
	counts = &vm->scratch;
	exit_trace_copy(counts, vcpu->arch.exit_trace);
	for (i = 0; i < EXIT_TRACE_SLOTS; i++) {
		if (named < nr && slots[named] == i)
			named++;
		else
			exit_trace_add(&counts->slot[KVM_EXIT_TRACE_SLOT_OTHER], &counts->slot[i]);
	}

	memcpy(to, &counts->sum, sizeof(counts->sum));
	to += EXIT_TRACE_STATS_ALL;
	for (i = 0; i < nr; i++, to += EXIT_TRACE_STATS_REASON)
		memcpy(to, &counts->slot[slots[i]], sizeof(counts->slot[0]));
	mutex_unlock(&vm->lock);
}

static_assert(sizeof(kvm_vcpu_stats_desc[0]) == EXIT_TRACE_STATS_DESC);
static_assert(sizeof(struct exit_trace_sum) == EXIT_TRACE_STATS_ALL * sizeof(u64));
static_assert(sizeof(struct exit_trace_slot) == EXIT_TRACE_STATS_REASON * sizeof(u64));

/**
 * exit_trace_stats_read - read a vCPU's statistics file
 * @vcpu: the vCPU
 * @buffer: user memory
 * @size: its size in bytes
 * @offset: where in the file, moved on
 *
 * The descriptors are there whether tracing is on or not, for a reader keeps them.
 *
 * Return: bytes read, or a negative error
 */
ssize_t exit_trace_stats_read(struct kvm_vcpu *vcpu, char __user *buffer, size_t size,
			      loff_t *offset)
{
	bool svm = boot_cpu_has(X86_FEATURE_SVM);
	struct exit_trace_stats stats = { .header = kvm_vcpu_stats_header };
	u32 values, nr, nr_desc;
	u8 slots[EXIT_TRACE_SLOTS];
	ssize_t r;

	nr = exit_trace_stats_slots(slots, svm);
	values = EXIT_TRACE_STATS_ALL + nr * EXIT_TRACE_STATS_REASON;
	nr_desc = stats.header.num_desc + values;
	stats.size = sizeof(vcpu->stat) + values * sizeof(u64);
	stats.header.data_offset += values * EXIT_TRACE_STATS_DESC;
	stats.header.num_desc = nr_desc;

	stats.desc = kvcalloc(nr_desc, EXIT_TRACE_STATS_DESC, GFP_KERNEL_ACCOUNT);
	stats.data = kvzalloc(stats.size, GFP_KERNEL_ACCOUNT);
	r = -ENOMEM;
	if (stats.desc && stats.data) {
		if (*offset < stats.header.data_offset)
			exit_trace_stats_fill_desc(&stats, slots, nr, svm);
		exit_trace_stats_fill_data(&stats, vcpu, slots, nr);
		r = kvm_stats_read(vcpu->stats_id, &stats.header, stats.desc, stats.data,
				   stats.size, buffer, size, offset);
	}
	kvfree(stats.desc);
	kvfree(stats.data);
	return r;
}
