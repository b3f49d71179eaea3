// SPDX-License-Identifier: GPL-2.0-only
/* The model of the debugfs files, and of a vCPU's statistics file. */
#include "tests/fuzz/core/model.h"

static void print_slot(FILE *to, const struct counted *slot)
{
	int i;

	fprintf(to, " %llu", slot->count);
	for (i = 0; i < CLOCKS; i++)
		fprintf(to, " %llu", slot->cycles[i]);
}

static void print_counters(FILE *to, const struct model_vm *vm)
{
	struct snapshot now;
	struct counted total;
	u32 i, j;

	fputs("# vcpu slot exits kvm user idle preempted\n"
	      "# vcpu sum exits kvm user idle preempted guest elapsed\n"
	      "# vcpu induced exits\n", to);
	for (i = 0; i < vm->nr_traced; i++) {
		model_copy(&now, &vm->vcpu[i]);
		total = model_total(&now);
		for (j = 0; j < SLOTS; j++) {
			if (!now.slot[j].count)
				continue;
			fprintf(to, "%u %u", 2 * i + 1, j);
			print_slot(to, &now.slot[j]);
			fputc('\n', to);
		}
		fprintf(to, "%u sum", 2 * i + 1);
		print_slot(to, &total);
		fprintf(to, " %llu %llu\n", now.guest, now.elapsed);
	}
}

static void print_mark(FILE *to, const struct model_vm *vm, u32 entry)
{
	const struct model_mark *mark = &vm->log[entry];
	const struct snapshot *part;
	u32 i, j;

	fprintf(to, "mark %u %u %u %llu %llu\n", entry, mark->phase, mark->vcpu, mark->tsc,
		mark->total);
	for (i = 0; i < vm->nr_traced; i++) {
		part = &vm->vcpu[i].log[entry];
		fprintf(to, "%u %u time %llu %llu\n", entry, 2 * i + 1, part->guest, part->elapsed);
		for (j = 0; j < SLOTS; j++) {
			if (!part->slot[j].count)
				continue;
			fprintf(to, "%u %u %u", entry, 2 * i + 1, j);
			print_slot(to, &part->slot[j]);
			fputc('\n', to);
		}
	}
}

static void print_log(FILE *to, const struct model_vm *vm)
{
	u32 i;

	fputs("# mark entry phase vcpu guest_tsc total\n"
	      "# entry vcpu time guest elapsed\n"
	      "# entry vcpu slot exits kvm user idle preempted\n"
	      "# entry vcpu induced exits\n", to);
	for (i = 0; i < vm->log_len; i++)
		print_mark(to, vm, i);
	fprintf(to, "dropped %u\n", vm->log_dropped);
}

static void print_histogram(FILE *to, const struct model_vm *vm)
{
	u32 i, j, bucket;

	fputs("# vcpu slot log2(cycles) exits\n", to);
	for (i = 0; i < vm->nr_traced; i++)
		for (j = 0; vm->vcpu[i].histogram && j < SLOTS; j++)
			for (bucket = 0; bucket < 32; bucket++)
				if (vm->vcpu[i].bucket[j][bucket])
					fprintf(to, "%u %u %u %u\n", 2 * i + 1, j, bucket,
						vm->vcpu[i].bucket[j][bucket]);
}

static void print_row(FILE *to, const char *name, const struct counted *row)
{
	int i;

	fprintf(to, "%-26s %12llu", name ? name : "unknown", row->count);
	for (i = 0; i < CLOCKS; i++)
		fprintf(to, " %16llu", row->cycles[i]);
}

static void print_reasons(FILE *to, const struct model_vm *vm)
{
	bool has[SLOTS];
	struct snapshot all;
	struct counted total;
	u32 i;

	fprintf(to, "%-26s %12s %16s %16s %16s %16s %16s %16s\n", "reason", "exits", "kvm", "user",
		"idle", "preempted", "guest", "elapsed");
	model_latch(&all, vm, KVM_EXIT_TRACE_ALL_VCPUS, has);
	total = model_total(&all);
	for (i = 0; i < SLOTS; i++) {
		if (!has[i])
			continue;
		print_row(to, exit_trace_slot_name(kernel.svm, i), &all.slot[i]);
		fputc('\n', to);
	}
	print_row(to, "total", &total);
	fprintf(to, " %16llu %16llu\n", all.guest, all.elapsed);
}

static void check_file(const struct model_vm *vm, const char *name,
		       void (*print)(FILE *to, const struct model_vm *vm))
{
	char *text = kernel_show(vm->kvm, name), *expected;
	size_t len;
	FILE *file;

	if (!text && vm->attached && print == print_reasons && model_fails(&model.fail_alloc))
		return;
	model_must(!!text == vm->attached, "file");
	if (!text)
		return;
	file = open_memstream(&expected, &len);
	print(file, vm);
	fclose(file);
	if (strcmp(text, expected))
		fprintf(stderr, "--- %s\n%s--- the model's\n%s", name, text, expected);
	model_must(!strcmp(text, expected), name);
	free(text);
	free(expected);
}

/* model_site_check() checks the table itself.  Here the file only has to have all of it. */
static void check_sites(const struct model_vm *vm)
{
	u64 exits = 0, expected = 0, count;
	char *text, *line;
	u32 i, j;

	text = kernel_show(vm->kvm, "sites");
	for (line = text; line && *line; line = strchr(line, '\n') + 1)
		if (sscanf(line, "%*u %*u %*u 0x%*x %llu 0x%*x", &count) == 1 ||
		    sscanf(line, "lost %*u %*u %llu", &count) == 1)
			exits += count;
	free(text);
	for (i = 0; i < vm->nr_traced; i++)
		for (j = 0; j < SLOTS; j++)
			expected += vm->vcpu[i].exits[j];
	model_must(exits == expected, "sum of the file of sites");
}

/* Each VM that has a vCPU has this file. */
static void check_enabled(struct model_vm *vm)
{
	char text[8];
	ssize_t r = kernel_read(vm->kvm, "enabled", text, sizeof(text));

	if (!vm->nr || vm->dying)
		model_must(r == -ENOENT, "switch");
	else
		model_must(r == 2 && !memcmp(text, vm->on ? "1\n" : "0\n", 2), "state of the switch");
}

void model_files(struct model_vm *vm)
{
	int fail_user = kernel.fail_user;

	kernel.fail_user = -1;
	check_enabled(vm);
	kernel.fail_user = fail_user;
	check_file(vm, "reasons", print_reasons);
	check_file(vm, "counters", print_counters);
	check_file(vm, "log", print_log);
	check_file(vm, "histogram", print_histogram);
	check_sites(vm);
}

/* KVM's own values, those of all reasons together, and of each named one.  Returns their number. */
static u32 stats_values(u64 *to, const struct model_vcpu *vcpu)
{
	struct snapshot now = { };
	struct counted total;
	u32 i, nr = 0;

	if (vcpu->traced)
		model_copy(&now, vcpu);
	total = model_total(&now);
	memcpy(to, &vcpu->kvm->stat, sizeof(vcpu->kvm->stat));
	to += sizeof(vcpu->kvm->stat) / sizeof(u64);
	memcpy(to, &total, sizeof(total));
	to[5] = now.guest;
	to[6] = now.elapsed;
	for (i = 0; i < SLOTS; i++)
		if (!exit_trace_slot_name(kernel.svm, i))
			model_add(&now.slot[KVM_EXIT_TRACE_SLOT_OTHER], &now.slot[i]);
	for (i = 0; i < SLOTS; i++)
		if (exit_trace_slot_name(kernel.svm, i))
			memcpy(to + 7 + 5 * nr++, &now.slot[i], sizeof(now.slot[i]));
	return sizeof(vcpu->kvm->stat) / sizeof(u64) + 7 + 5 * nr;
}

/* Like the kernel's kvm_binary_stats_test: check names, types, and where their values are. */
static void check_descriptors(const char *file, u32 nr)
{
	const struct kvm_stats_header *header = (void *)file;
	const struct _kvm_stats_desc *desc = (void *)(file + header->desc_offset);
	u32 i, j;

	for (i = 0; i < nr; i++) {
		model_must(desc[i].desc.offset == 8 * i && desc[i].desc.size == 1, "value's place");
		model_must(strnlen(desc[i].name, KVM_STATS_NAME_SIZE) < KVM_STATS_NAME_SIZE,
			   "length of a name");
		for (j = 0; j < i; j++)
			model_must(strcmp(desc[i].name, desc[j].name), "name twice");
	}
}

/* Like kvm_vcpu_stats_read(): it is KVM's own file if the VM was never traced. */
static ssize_t stats_read(struct kvm_vcpu *vcpu, char *to, size_t size, loff_t *offset)
{
	if (exit_trace_has_stats(vcpu))
		return exit_trace_stats_read(vcpu, to, size, offset);
	return kvm_stats_read(vcpu->stats_id, &kvm_vcpu_stats_header, kvm_vcpu_stats_desc,
			      &vcpu->stat, sizeof(vcpu->stat), to, size, offset);
}

/*
 * A reader that kept the header and descriptors of KVM's own file finds its data where they were.
 */
static void check_beginning(struct kvm_vcpu *vcpu, const char *file)
{
	static char own[1 << 12];
	loff_t pos = 0;
	ssize_t len;

	len = kvm_stats_read(vcpu->stats_id, &kvm_vcpu_stats_header, kvm_vcpu_stats_desc,
			     &vcpu->stat, sizeof(vcpu->stat), own, sizeof(own), &pos);
	model_must(!memcmp(own + sizeof(struct kvm_stats_header), file + sizeof(struct kvm_stats_header),
			   len - sizeof(struct kvm_stats_header)), "statistics of KVM");
}

void model_stats(const struct model_vm *vm, struct model_vcpu *vcpu, u64 offset, u32 size)
{
	static char file[1 << 16], part[1 << 16];
	static u64 values[1024];
	int fail_alloc = kernel.fail_alloc, fail_user = kernel.fail_user;
	struct kvm_stats_header *header = (void *)file;
	u32 nr = vm->attached ? stats_values(values, vcpu) : ARRAY_SIZE(kvm_vcpu_stats_desc);
	loff_t pos = 0;
	ssize_t len, r;

	kernel.fail_alloc = kernel.fail_user = -1;
	if (!vm->attached)
		memcpy(values, &vcpu->kvm->stat, sizeof(vcpu->kvm->stat));
	len = stats_read(vcpu->kvm, file, sizeof(file), &pos);
	model_must(len == pos && header->num_desc == nr &&
		   header->data_offset + 8 * nr == len, "length of the statistics");
	model_must(!memcmp(file + header->data_offset, values, 8 * nr), "statistics");
	check_descriptors(file, nr);
	check_beginning(vcpu->kvm, file);

	kernel.fail_alloc = fail_alloc;
	kernel.fail_user = fail_user;
	pos = offset;
	r = stats_read(vcpu->kvm, part, size, &pos);
	if (r < 0) {
		model_must((r == -ENOMEM && fail_alloc >= 0) || (r == -EFAULT && fail_user >= 0),
			   "error");
		return;
	}
	model_must(r == (offset >= (u64)len ? 0 : len - offset < size ? len - (ssize_t)offset : size) &&
		   (u64)pos == offset + r, "length of what is read");
	model_must(!memcmp(part, file + (r ? offset : 0), r), "part of the statistics");
}
