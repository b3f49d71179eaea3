// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's functions that host-kvm/kvm/ calls, for user space. */
#include <limits.h>
#include <stdarg.h>
#include <unistd.h>

#include "exit_trace.h"

struct kernel kernel = { .fail_alloc = -1, .fail_user = -1, .tsc = 1 };
unsigned int tsc_khz = 1000000;
bool enable_ept = true;
DEFINE_MUTEX(kvm_lock);
struct list_head vm_list = { &vm_list, &vm_list };

static __thread int locks, atomic, access_open;
static pthread_rwlock_t sections = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

static void must(bool right, const char *what)
{
	if (right)
		return;
	fprintf(stderr, "kernel: %s\n", what);
	abort();
}

static void might_sleep(void)
{
	must(!atomic, "sleeps in atomic context");
}

void kernel_idle(void)
{
	must(!locks && !atomic && !access_open, "a lock, or a section, is left open");
}

/* Count down to a failure.  Negative: nothing fails. */
static bool fails(int *countdown)
{
	return *countdown >= 0 && !(*countdown)--;
}

void *kernel_alloc(size_t size)
{
	might_sleep();
	return fails(&kernel.fail_alloc) ? NULL : calloc(1, size);
}

void cond_resched(void)
{
	might_sleep();
}

void mutex_init(struct mutex *mutex)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&mutex->posix, &attr);
}

void mutex_lock(struct mutex *mutex)
{
	might_sleep();
	must(!pthread_mutex_lock(&mutex->posix), "a lock is taken twice");
	locks++;
}

bool mutex_trylock(struct mutex *mutex)
{
	bool locked = !pthread_mutex_trylock(&mutex->posix);

	locks += locked;
	return locked;
}

void mutex_unlock(struct mutex *mutex)
{
	must(!pthread_mutex_unlock(&mutex->posix), "a lock is given that was not taken");
	locks--;
}

/* A section with preemption off is one of RCU's readers. */
void preempt_disable(void)
{
	if (!atomic++)
		pthread_rwlock_rdlock(&sections);
}

void preempt_enable(void)
{
	must(atomic > 0, "preemption is enabled twice");
	if (!--atomic)
		pthread_rwlock_unlock(&sections);
}

void pagefault_disable(void)
{
	preempt_disable();
}

void pagefault_enable(void)
{
	preempt_enable();
}

void synchronize_rcu(void)
{
	might_sleep();
	pthread_rwlock_wrlock(&sections);
	pthread_rwlock_unlock(&sections);
}

int srcu_read_lock(int *srcu)
{
	(void)srcu;
	return ++locks;
}

void srcu_read_unlock(int *srcu, int index)
{
	(void)srcu;
	must(index == locks, "SRCU's sections don't nest");
	locks--;
}

void kernel_pause(void)
{
	static __thread u32 random;

	if (!kernel.pauses)
		return;
	random = random * 1664525 + ((uintptr_t)&random | 1);
	if ((random >> 8) % kernel.pauses == 0)
		usleep(1);
}

bool boot_cpu_has(int feature)
{
	return feature == X86_FEATURE_SVM && kernel.svm;
}

u64 rdtsc(void)
{
	kernel_pause();
	return __atomic_fetch_add(&kernel.tsc, kernel.tsc_step, __ATOMIC_RELAXED);
}

u64 ktime_get_real_ns(void)
{
	return READ_ONCE(kernel.tsc) + 5;
}

u64 vmcs_readl(int field)
{
	return kernel.vmcs[field];
}

int kstrtobool(const char *text, bool *value)
{
	if (!strchr("yY1nN0", *text) || !*text)
		return -EINVAL;
	*value = strchr("yY1", *text);
	return 0;
}

int param_set_bool(const char *value, const struct kernel_param *param)
{
	return kstrtobool(value ? value : "1", param->arg);
}

int kstrtou8(const char *text, unsigned int base, u8 *value)
{
	unsigned long number;
	char *end;

	if (!isdigit((unsigned char)*text) && *text != '+')
		return -EINVAL;
	number = strtoul(text, &end, base);
	if (end == text || strcmp(end, *end == '\n' ? "\n" : "") || strpbrk(text, "- "))
		return -EINVAL;
	if (number > U8_MAX)
		return -ERANGE;
	*value = number;
	return 0;
}

char *strim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

unsigned long copy_to_user(void *to, const void *from, unsigned long size)
{
	might_sleep();
	if (size && fails(&kernel.fail_user))
		return size;
	memcpy(to, from, size);
	return 0;
}

unsigned long copy_from_user(void *to, const void *from, unsigned long size)
{
	return copy_to_user(to, from, size);
}

int kstrtobool_from_user(const char *text, size_t len, bool *value)
{
	char copy[4] = "";

	if (copy_from_user(copy, text, min(len, sizeof(copy) - 1)))
		return -EFAULT;
	return kstrtobool(copy, value);
}

ssize_t simple_read_from_buffer(void *to, size_t len, loff_t *pos, const void *from,
				size_t available)
{
	must(!*pos, "not from its beginning");
	len = min(len, available);
	if (copy_to_user(to, from, len))
		return -EFAULT;
	*pos += len;
	return len;
}

/* Is it within a VM's memory that may be written? */
static bool in_guest_memory(const void *at, size_t size)
{
	const struct kvm_memory_slot *slot;
	const u8 *byte = at;
	struct kvm *kvm;

	list_for_each_entry(kvm, &vm_list, vm_list) {
		slot = &kvm->memslots.slot;
		if (!slot->readonly && !slot->own && byte >= slot->hva &&
		    byte + size <= slot->hva + slot->pages * PAGE_SIZE)
			return true;
	}
	return false;
}

bool user_access_begin(const void *to, size_t size)
{
	must(!access_open++, "user access is open");
	must(in_guest_memory(to, size), "no guest memory");
	if (!fails(&kernel.fail_user))
		return true;
	access_open--;
	return false;
}

void user_access_end(void)
{
	must(access_open--, "user access is not open");
}

bool kernel_put_user(void *to, size_t size)
{
	must(access_open, "user access is not open");
	must(in_guest_memory(to, size), "no guest memory");
	return !fails(&kernel.fail_user);
}

static struct tracepoint expire_entry = { .name = "hrtimer_expire_entry" };
static __thread struct kvm_vcpu *running;

struct kvm_vcpu *kvm_get_running_vcpu(void)
{
	return running;
}

void kernel_tracepoints(void (*function)(struct tracepoint *point, void *data), void *data)
{
	struct tracepoint other = { .name = "hrtimer_expire_exit" };

	function(&expire_entry, data);
	function(&other, data);
}

int tracepoint_probe_register(struct tracepoint *point, void *probe, void *data)
{
	must(point == &expire_entry && !point->probe, "it has a probe");
	might_sleep();
	if (fails(&kernel.fail_alloc))
		return -ENOMEM;
	WRITE_ONCE(point->probe, probe);
	return 0;
}

int tracepoint_probe_unregister(struct tracepoint *point, void *probe, void *data)
{
	must(point == &expire_entry && point->probe == probe, "it has no such probe");
	might_sleep();
	WRITE_ONCE(point->probe, NULL);
	return 0;
}

bool kernel_expire(struct kvm_vcpu *vcpu, struct hrtimer *timer)
{
	void (*probe)(void *data, struct hrtimer *timer, ktime_t *now) = READ_ONCE(expire_entry.probe);
	ktime_t now = 0;

	running = vcpu;
	if (probe)
		probe(NULL, timer, &now);
	running = NULL;
	return probe;
}

bool kvm_get_kvm_safe(struct kvm *kvm)
{
	int users = READ_ONCE(kvm->users);

	while (users && !__atomic_compare_exchange_n(&kvm->users, &users, users + 1, false,
						     __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		;
	return users;
}

void kvm_put_kvm(struct kvm *kvm)
{
	__atomic_fetch_sub(&kvm->users, 1, __ATOMIC_RELEASE);
}

void kvm_make_request(int request, struct kvm_vcpu *vcpu)
{
	__atomic_fetch_or(&vcpu->requests, BIT_ULL(request), __ATOMIC_RELEASE);
}

/* Like __kvm_gfn_to_hva_cache_init(), for one memslot */
int kvm_gfn_to_hva_cache_init(struct kvm *kvm, struct gfn_to_hva_cache *cache, gpa_t gpa,
			      unsigned long len)
{
	struct kvm_memory_slot *slot = &kvm->memslots.slot;
	gfn_t first = gpa_to_gfn(gpa), last = gpa_to_gfn(gpa + len - 1), gfn;

	cache->generation = kvm->memslots.generation;
	cache->hva = KVM_HVA_ERR_BAD;
	if (first > last)
		return -EINVAL;
	for (gfn = first; gfn <= last; gfn++) {
		cache->memslot = gfn - slot->base < slot->pages ? slot : NULL;
		if (!cache->memslot || slot->readonly)
			return -EFAULT;
	}
	cache->hva = (unsigned long)slot->hva + (first - slot->base) * PAGE_SIZE;
	if (first == last)
		cache->hva += gpa % PAGE_SIZE;
	else
		cache->memslot = NULL;
	cache->gpa = gpa;
	cache->len = len;
	return 0;
}

void mark_page_dirty_in_slot(struct kvm *kvm, struct kvm_memory_slot *slot, gfn_t gfn)
{
	must(slot == &kvm->memslots.slot && gfn - slot->base < slot->pages, "no such page");
	__atomic_fetch_or(&slot->dirty, BIT_ULL(gfn - slot->base), __ATOMIC_RELAXED);
}

void kernel_set_memory(struct kvm *kvm, gfn_t base, u64 pages, bool readonly, bool own)
{
	free(kvm->memslots.slot.hva);
	kvm->memslots.slot = (struct kvm_memory_slot) {
		.base = base, .pages = pages, .readonly = readonly, .own = own,
		.hva = malloc(pages * PAGE_SIZE),
	};
	memset(kvm->memslots.slot.hva, 0xaa, pages * PAGE_SIZE);
	kvm->memslots.generation++;
}

struct kvm *kernel_create_vm(void)
{
	struct kvm *kvm = calloc(1, sizeof(*kvm));

	kvm->users = 1;
	kvm->debugfs_dentry = calloc(1, sizeof(*kvm->debugfs_dentry));
	kernel_set_memory(kvm, 0x100, 2, false, false);

	kvm->vm_list.prev = vm_list.prev;
	kvm->vm_list.next = &vm_list;
	vm_list.prev->next = &kvm->vm_list;
	vm_list.prev = &kvm->vm_list;
	return kvm;
}

void kernel_destroy_vm(struct kvm *kvm)
{
	int i;

	kvm->vm_list.prev->next = kvm->vm_list.next;
	kvm->vm_list.next->prev = kvm->vm_list.prev;
	free(kvm->debugfs_dentry);
	for (i = 0; i < KERNEL_VCPUS; i++)
		free(kvm->vcpus[i]);
	exit_trace_destroy_vm(kvm);
	free(kvm->memslots.slot.hva);
	free(kvm);
}

struct kvm_vcpu *kernel_create_vcpu(struct kvm *kvm, void (*meanwhile)(void))
{
	int idx = kvm->online_vcpus.counter;
	struct kvm_vcpu *vcpu;

	if (idx == KERNEL_VCPUS)
		return NULL;
	vcpu = calloc(1, sizeof(*vcpu));
	vcpu->kvm = kvm;
	mutex_init(&vcpu->mutex);
	vcpu->vcpu_idx = idx;
	vcpu->vcpu_id = 2 * idx + 1;
	vcpu->arch.reserved_gpa_bits = ~0ull << 46;
	vcpu->arch.tsc_offset = 1000 * idx;
	strcpy(vcpu->stats_id, "kvm-1/vcpu-0");
	kvm->vcpus[idx] = vcpu;
	exit_trace_vcpu_init(vcpu);
	WRITE_ONCE(kvm->online_vcpus.counter, idx + 1);
	if (meanwhile)
		meanwhile();
	exit_trace_vcpu_created(vcpu);
	return vcpu;
}

static void vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	vcpu->cpu = cpu;
}

static enum exit_fastpath_completion vcpu_run(struct kvm_vcpu *vcpu, u64 run_flags)
{
	(void)run_flags;
	kernel.run(vcpu);
	return EXIT_FASTPATH_NONE;
}

static int get_cpl(struct kvm_vcpu *vcpu)
{
	return vcpu->arch.cpl;
}

struct kvm_x86_ops kvm_x86_ops = { vcpu_load, vcpu_run, get_cpl };
typeof(&get_cpl) STATIC_CALL(kvm_x86_get_cpl) = get_cpl;
typeof(&vcpu_load) STATIC_CALL(kvm_x86_vcpu_load) = vcpu_load;
typeof(&vcpu_run) STATIC_CALL(kvm_x86_vcpu_run) = vcpu_run;

void kernel_ioctl(struct kvm_vcpu *vcpu, void (*meanwhile)(void))
{
	exit_trace_ioctl_begin(vcpu);
	preempt_disable();
	static_call(kvm_x86_vcpu_load)(vcpu, 0);
	preempt_enable();
	meanwhile();
	preempt_disable();
	vcpu->arch.last_host_tsc = rdtsc();
	preempt_enable();
	exit_trace_ioctl_end(vcpu);
}

/* Like kvm_sched_out() and kvm_sched_in(), or vcpu_put() and vcpu_load() */
void kernel_away(struct kvm_vcpu *vcpu, bool scheduled, bool blocking, void (*meanwhile)(void))
{
	preempt_disable();
	vcpu->stat.generic.blocking = blocking;
	if (scheduled)
		exit_trace_sched_out(vcpu);
	vcpu->arch.last_host_tsc = rdtsc();
	preempt_enable();
	meanwhile();
	preempt_disable();
	static_call(kvm_x86_vcpu_load)(vcpu, 0);
	if (scheduled)
		exit_trace_sched_in(vcpu);
	vcpu->stat.generic.blocking = 0;
	preempt_enable();
}

void kernel_tsc_back(u64 tsc, bool seen)
{
	struct kvm *kvm;
	int i;

	kernel.tsc = tsc;
	list_for_each_entry(kvm, &vm_list, vm_list)
		for (i = 0; seen && i < KERNEL_VCPUS && kvm->vcpus[i]; i++)
			kvm->vcpus[i]->arch.last_host_tsc = tsc;
}

#define STATS_DESC(member) {						\
	.desc = {							\
		.flags = KVM_STATS_TYPE_CUMULATIVE | KVM_STATS_UNIT_NONE, \
		.size = 1,						\
		.offset = offsetof(struct kvm_vcpu_stat, member),	\
	},								\
	.name = #member,						\
}

const struct _kvm_stats_desc kvm_vcpu_stats_desc[2] = { STATS_DESC(exits), STATS_DESC(generic.blocking) };

const struct kvm_stats_header kvm_vcpu_stats_header = {
	.name_size = KVM_STATS_NAME_SIZE,
	.num_desc = ARRAY_SIZE(kvm_vcpu_stats_desc),
	.id_offset = sizeof(struct kvm_stats_header),
	.desc_offset = sizeof(struct kvm_stats_header) + KVM_STATS_NAME_SIZE,
	.data_offset = sizeof(struct kvm_stats_header) + KVM_STATS_NAME_SIZE +
		       sizeof(kvm_vcpu_stats_desc),
};

void seq_printf(struct seq_file *seq, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	seq->len += vsnprintf(seq->text + seq->len, seq->size - seq->len, format, args);
	va_end(args);
	if (seq->len >= seq->size)	/* like seq_set_overflow() */
		seq->len = seq->size - 1;
}

struct dentry *debugfs_create_dir(const char *name, struct dentry *parent)
{
	must(!strcmp(name, "exit_trace") && !parent->nr, "the folder is there");
	return parent;
}

struct dentry *debugfs_lookup(const char *name, struct dentry *parent)
{
	must(!strcmp(name, "exit_trace"), "there is no such folder");
	return parent->nr ? parent : NULL;
}

void debugfs_create_file(const char *name, int mode, struct dentry *dir, void *data,
			 const struct file_operations *ops)
{
	must(mode == 0444 || mode == 0200 || mode == 0644, "a file that anybody may write");
	must(dir->nr < ARRAY_SIZE(dir->file), "more files than foreseen");
	dir->file[dir->nr].name = name;
	dir->file[dir->nr].data = data;
	dir->file[dir->nr++].ops = ops;
}

static int find_file(const struct dentry *dir, const char *name)
{
	unsigned int i;

	for (i = 0; i < dir->nr; i++)
		if (!strcmp(dir->file[i].name, name))
			return i;
	return -1;
}

/* Like seq_read(): if the text does not fit, show the file again with more room. */
char *kernel_show(struct kvm *kvm, const char *name)
{
	const struct dentry *dir = kvm->debugfs_dentry;
	struct seq_file seq = { .size = PAGE_SIZE };
	int i = find_file(dir, name);

	if (i < 0)
		return NULL;
	seq.private = dir->file[i].data;
	do {
		free(seq.text);
		seq.size *= 2;
		seq.len = 0;
		seq.text = calloc(1, seq.size);
		if (dir->file[i].ops->show(&seq, NULL)) {
			free(seq.text);
			return NULL;
		}
	} while (seq.len == seq.size - 1);
	return seq.text;
}

/* If a file takes a reference to the VM, it can't be opened after the VMM's is gone. */
static const struct file_operations *open_file(struct kvm *kvm, const char *name,
					       struct inode *inode, struct file *file)
{
	const struct dentry *dir = kvm->debugfs_dentry;
	int i = find_file(dir, name);

	if (i < 0)
		return NULL;
	inode->i_private = file->private_data = dir->file[i].data;
	if (dir->file[i].ops->open && dir->file[i].ops->open(inode, file))
		return NULL;
	return dir->file[i].ops;
}

ssize_t kernel_write(struct kvm *kvm, const char *name, const char *text, size_t len)
{
	struct inode inode;
	struct file file;
	const struct file_operations *ops = open_file(kvm, name, &inode, &file);
	loff_t pos = 0;
	ssize_t r;

	if (!ops)
		return -ENOENT;
	r = ops->write(&file, text, len, &pos);
	if (ops->release)
		ops->release(&inode, &file);
	return r;
}

ssize_t kernel_read(struct kvm *kvm, const char *name, char *to, size_t len)
{
	struct inode inode;
	struct file file;
	const struct file_operations *ops = open_file(kvm, name, &inode, &file);
	loff_t pos = 0;
	ssize_t r;

	if (!ops)
		return -ENOENT;
	r = ops->read(&file, to, len, &pos);
	if (ops->release)
		ops->release(&inode, &file);
	return r;
}
