// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counters, reason by reason, in a vCPU's binary statistics file, together
 * with KVM's own: KVM_GET_STATS_FD, Documentation/virt/kvm/api.rst.
 *
 * If the VM has never been traced, the file is KVM's own.  Otherwise it begins
 * like KVM's own, and only the header differs.  The header points to a second
 * copy of the descriptors and of the data after that, each followed by ours.
 * So a reader that kept an old header finds what it found before.
 */
#include <linux/ctype.h>

#include "x86.h"
#include "exit_trace_vm.h"

/* A reason has the first five of these.  All reasons together have all of them. */
static const char *const exit_trace_stat_names[] = {
	"exits", "kvm_cycles", "user_cycles", "idle_cycles", "preempted_cycles",
	"guest_cycles", "elapsed_cycles",
};

/* Bytes of a descriptor with its name */
#define EXIT_TRACE_STATS_DESC	(offsetof(struct kvm_stats_desc, name) + KVM_STATS_NAME_SIZE)

#define EXIT_TRACE_STATS_REASON	(1 + KVM_EXIT_TRACE_NR_CLOCKS)
#define EXIT_TRACE_STATS_ALL	ARRAY_SIZE(exit_trace_stat_names)

/* The slots that have a name, for VMX and SVM.  One is SLOT_OTHER: it gets the nameless ones. */
static struct exit_trace_stats_slots {
	u32 nr;
	u8 slot[EXIT_TRACE_SLOTS];
} exit_trace_stats_slots[2];

static struct exit_trace_stats_slots *exit_trace_stats_of_vendor(void)
{
	return &exit_trace_stats_slots[boot_cpu_has(X86_FEATURE_SVM)];
}

void exit_trace_stats_init(void)
{
	struct exit_trace_stats_slots *slots = exit_trace_stats_of_vendor();
	u32 i;

	if (slots->nr)
		return;
	for (i = 0; i < EXIT_TRACE_SLOTS; i++)
		if (exit_trace_slot_name(boot_cpu_has(X86_FEATURE_SVM), i))
			slots->slot[slots->nr++] = i;
}

static u32 exit_trace_stats_values(void)
{
	return EXIT_TRACE_STATS_ALL + exit_trace_stats_of_vendor()->nr * EXIT_TRACE_STATS_REASON;
}

/* Fill in the descriptor of value number @value. */
static void exit_trace_stats_desc(struct kvm_stats_desc *desc, u32 value)
{
	bool svm = boot_cpu_has(X86_FEATURE_SVM), all = value < EXIT_TRACE_STATS_ALL;
	u32 of_reasons = all ? 0 : value - EXIT_TRACE_STATS_ALL;
	u32 what = all ? value : of_reasons % EXIT_TRACE_STATS_REASON;
	u32 slot = exit_trace_stats_of_vendor()->slot[of_reasons / EXIT_TRACE_STATS_REASON];
	char *c;

	memset(desc, 0, EXIT_TRACE_STATS_DESC);
	desc->flags = KVM_STATS_TYPE_CUMULATIVE | KVM_STATS_BASE_POW10 |
		      (what ? KVM_STATS_UNIT_CYCLES : KVM_STATS_UNIT_NONE);
	desc->size = 1;
	desc->offset = sizeof(struct kvm_vcpu_stat) + value * sizeof(u64);
	if (all)	/* KVM has a statistic `exits' of its own. */
		snprintf(desc->name, KVM_STATS_NAME_SIZE, "exit_trace_%s",
			 exit_trace_stat_names[what]);
	else
		snprintf(desc->name, KVM_STATS_NAME_SIZE, "%s_%s", exit_trace_stat_names[what],
			 exit_trace_slot_name(svm, slot));
	for (c = desc->name; *c; c++)
		*c = tolower(*c);
}

static void exit_trace_stats_data(u64 *to, struct kvm_vcpu *vcpu)
{
	const struct exit_trace_stats_slots *slots = exit_trace_stats_of_vendor();
	struct exit_trace_vm *vm = vcpu->kvm->arch.exit_trace;
	struct exit_trace_counts *counts = &vm->scratch;
	u32 i, named = 0;

	if (!vcpu->arch.exit_trace)
		return;

	mutex_lock(&vm->lock);
	exit_trace_copy(counts, vcpu->arch.exit_trace);
	for (i = 0; i < EXIT_TRACE_SLOTS; i++) {
		if (named < slots->nr && slots->slot[named] == i)
			named++;
		else
			exit_trace_add(&counts->slot[KVM_EXIT_TRACE_SLOT_OTHER], &counts->slot[i]);
	}

	memcpy(to, &counts->sum, sizeof(counts->sum));
	to += EXIT_TRACE_STATS_ALL;
	for (i = 0; i < slots->nr; i++, to += EXIT_TRACE_STATS_REASON)
		memcpy(to, &counts->slot[slots->slot[i]], sizeof(counts->slot[0]));
	mutex_unlock(&vm->lock);
}

/**
 * struct exit_trace_stats - state of a read of the file
 * @to: user memory for the bytes that come next
 * @skip: bytes of the file that are still to be skipped
 * @left: bytes that the reader still wants
 */
struct exit_trace_stats {
	char __user *to;
	size_t skip;
	size_t left;
};

static bool exit_trace_stats_wants(const struct exit_trace_stats *stats, size_t size)
{
	return stats->left && stats->skip < size;
}

/* Copy the file's next part to the reader.  False: user memory is not there. */
static bool exit_trace_stats_put(struct exit_trace_stats *stats, const void *part, size_t size)
{
	size_t skip = min(stats->skip, size), len = min(stats->left, size - skip);

	stats->skip -= skip;
	if (copy_to_user(stats->to, part + skip, len))
		return false;
	stats->to += len;
	stats->left -= len;
	return true;
}

/* Make the descriptors one by one: a reader asks for them only once. */
static bool exit_trace_stats_put_descs(struct exit_trace_stats *stats)
{
	char room[EXIT_TRACE_STATS_DESC] __aligned(8);
	struct kvm_stats_desc *desc = (void *)room;
	u32 i, values = exit_trace_stats_values();

	if (!exit_trace_stats_wants(stats, values * EXIT_TRACE_STATS_DESC))
		return exit_trace_stats_put(stats, desc, values * EXIT_TRACE_STATS_DESC);
	for (i = 0; i < values; i++) {
		if (exit_trace_stats_wants(stats, EXIT_TRACE_STATS_DESC))
			exit_trace_stats_desc(desc, i);
		if (!exit_trace_stats_put(stats, desc, EXIT_TRACE_STATS_DESC))
			return false;
	}
	return true;
}

static int exit_trace_stats_put_data(struct exit_trace_stats *stats, struct kvm_vcpu *vcpu)
{
	size_t size = exit_trace_stats_values() * sizeof(u64);
	u64 *data = NULL;
	bool put;

	if (!exit_trace_stats_wants(stats, size))
		return 0;
	data = kvzalloc(size, GFP_KERNEL_ACCOUNT);
	if (!data)
		return -ENOMEM;
	exit_trace_stats_data(data, vcpu);
	put = exit_trace_stats_put(stats, data, size);
	kvfree(data);
	return put ? 0 : -EFAULT;
}

static_assert(sizeof(kvm_vcpu_stats_desc[0]) == EXIT_TRACE_STATS_DESC);
static_assert(sizeof(struct exit_trace_sum) == EXIT_TRACE_STATS_ALL * sizeof(u64));
static_assert(sizeof(struct exit_trace_slot) == EXIT_TRACE_STATS_REASON * sizeof(u64));

/**
 * exit_trace_stats_read - read a vCPU's statistics file
 * @vcpu: the vCPU, whose VM is or was traced
 * @buffer: user memory
 * @size: its size in bytes
 * @offset: offset in the file in bytes, which is moved on
 *
 * Return: bytes read, or -EFAULT or -ENOMEM
 */
ssize_t exit_trace_stats_read(struct kvm_vcpu *vcpu, char __user *buffer, size_t size,
			      loff_t *offset)
{
	struct exit_trace_stats stats = { .to = buffer, .skip = *offset };
	struct kvm_stats_header header = kvm_vcpu_stats_header;
	u32 values = exit_trace_stats_values(), own = header.num_desc * EXIT_TRACE_STATS_DESC;
	size_t end;
	int r;

	header.desc_offset = header.data_offset + sizeof(vcpu->stat);
	header.num_desc += values;
	header.data_offset = header.desc_offset + own + values * EXIT_TRACE_STATS_DESC;
	end = header.data_offset + sizeof(vcpu->stat) + values * sizeof(u64);
	if (*offset >= end)
		return 0;
	size = min(size, (size_t)(end - *offset));
	stats.left = size;

	if (!exit_trace_stats_put(&stats, &header, sizeof(header)) ||
	    !exit_trace_stats_put(&stats, vcpu->stats_id, KVM_STATS_NAME_SIZE) ||
	    !exit_trace_stats_put(&stats, kvm_vcpu_stats_desc, own) ||
	    !exit_trace_stats_put(&stats, &vcpu->stat, sizeof(vcpu->stat)) ||
	    !exit_trace_stats_put(&stats, kvm_vcpu_stats_desc, own) ||
	    !exit_trace_stats_put_descs(&stats) ||
	    !exit_trace_stats_put(&stats, &vcpu->stat, sizeof(vcpu->stat)))
		return -EFAULT;
	r = exit_trace_stats_put_data(&stats, vcpu);
	if (r)
		return r;
	*offset += size;
	return size;
}
