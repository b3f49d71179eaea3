/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What host-kvm/kvm/ takes from the kernel, for user space.  The Makefile puts this
 * header in place of each of the kernel's.  Faults abort at once, even if the kernel
 * would only warn, or would notice them late: a lock that is taken twice, sleep where
 * it is forbidden, a write to memory that is not a guest's.
 */
#ifndef BOOTEXITS_KERNEL_H
#define BOOTEXITS_KERNEL_H

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <linux/kvm.h>
#include <uapi/asm/svm.h>
#include <uapi/asm/vmx.h>

#define CONFIG_KVM_EXIT_TRACE 1

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s64 s64;
typedef u64 gpa_t;
typedef u64 gfn_t;
typedef unsigned int gfp_t;

#include <asm/kvm_exit_trace_live.h>

/* Compiler, bits, numbers */
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#define noinline __attribute__((noinline))
#define __no_sanitize_undefined	/* UBSAN is wanted here */
#define notrace
#define IS_ENABLED(option) KERNEL_##option
#define KERNEL_CONFIG_DEBUG_MUTEXES 0
#define KERNEL_CONFIG_TRACEPOINTS 1
#define __user
#define __aligned(n) __attribute__((aligned(n)))
#define fallthrough __attribute__((fallthrough))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define barrier() kernel_pause()
#define OPTIMIZER_HIDE_VAR(var) __asm__("" : "=r"(var) : "0"(var))
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define BUILD_BUG_ON(condition) static_assert(!(condition), #condition)
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ({ typeof(a) __a = (a); typeof(b) __b = (b); __a > __b ? __a : __b; })
#define BIT(n) (1UL << (n))
#define BIT_ULL(n) (1ULL << (n))
#define GENMASK_ULL(high, low) ((~0ULL << (low)) & (~0ULL >> (63 - (high))))
#define U8_MAX 0xff
#define U16_MAX 0xffff
#define U32_MAX 0xffffffff
#define SZ_8K 0x2000
#define SZ_16K 0x4000
#define SZ_2M 0x200000
#define PAGE_SIZE 4096UL
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define lower_32_bits(n) ((u32)(n))
#define upper_32_bits(n) ((u32)((u64)(n) >> 32))
#define __fls(n) (63UL - __builtin_clzl(n))
#define IS_ERR_OR_NULL(ptr) (!(ptr))
#define EXPORT_SYMBOL_GPL(symbol) struct kernel_unused
#define MODULE_PARM_DESC(name, text) struct kernel_unused
#define THIS_MODULE NULL

static inline u32 hash_64(u64 value, unsigned int bits)
{
	return value * 0x61c8864680b583ebull >> (64 - bits);
}

/* It is for speculation only: the index has been checked before. */
#define array_index_nospec(index, size) \
	((typeof(index))kernel_index(index, size))
static inline u64 kernel_index(u64 index, u64 size)
{
	return index < size ? index : (abort(), 0);
}

#define DECLARE_BITMAP(name, bits) unsigned long name[((bits) + 63) / 64]
static inline bool __test_and_set_bit(unsigned int n, unsigned long *map)
{
	bool was = map[n / 64] >> n % 64 & 1;

	map[n / 64] |= BIT(n % 64);
	return was;
}

/*
 * Memory that threads share.  A thread may pause where it reads such memory, and where order
 * matters.
 */
void kernel_pause(void);
#define READ_ONCE(x) (kernel_pause(), __atomic_load_n(&(x), __ATOMIC_RELAXED))
#define data_race(x) READ_ONCE(x)
#define WRITE_ONCE(x, value) __atomic_store_n(&(x), value, __ATOMIC_RELAXED)
#define smp_load_acquire(ptr) __atomic_load_n(ptr, __ATOMIC_ACQUIRE)
#define smp_store_release(ptr, value) __atomic_store_n(ptr, value, __ATOMIC_RELEASE)
#ifdef __SANITIZE_THREAD__
#define smp_rmb() barrier()	/* as on x86; ThreadSanitizer does not support fences */
#define smp_mb() barrier()
#else
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#endif
#define smp_wmb() barrier()
#define rcu_access_pointer(ptr) READ_ONCE(ptr)

struct static_key_false {
	int on;		/* how many have enabled it */
};

#define DECLARE_STATIC_KEY_FALSE(name) extern struct static_key_false name
#define DEFINE_STATIC_KEY_FALSE(name) struct static_key_false name
/* Code is patched on all CPUs before the CPU that asked for it goes on. */
#define static_branch_unlikely(key) smp_load_acquire(&(key)->on)
#define static_branch_enable(key) smp_store_release(&(key)->on, true)
#define static_branch_disable(key) smp_store_release(&(key)->on, false)
#define static_branch_inc(key) __atomic_fetch_add(&(key)->on, 1, __ATOMIC_RELEASE)
#define static_branch_dec(key) __atomic_fetch_sub(&(key)->on, 1, __ATOMIC_RELEASE)
#define static_key_enabled(key) (READ_ONCE((key)->on) > 0)

/* KVM's calls to the vendor's module, and the functions in their place */
#define STATIC_CALL(name) static_call_##name
#define DECLARE_STATIC_CALL(name, function) extern typeof(&(function)) STATIC_CALL(name)
#define DEFINE_STATIC_CALL_NULL(name, function) typeof(&(function)) STATIC_CALL(name)
#define static_call(name) READ_ONCE(STATIC_CALL(name))
#define static_call_update(name, function) smp_store_release(&STATIC_CALL(name), function)

struct mutex {
	pthread_mutex_t posix;
};

#define DEFINE_MUTEX(name) struct mutex name = { PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP }
void cond_resched(void);
void mutex_init(struct mutex *mutex);
void mutex_lock(struct mutex *mutex);
bool mutex_trylock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

/* In these sections a thread may not sleep, nor end an operation. */
void preempt_disable(void);
void preempt_enable(void);
void pagefault_disable(void);
void pagefault_enable(void);
void synchronize_rcu(void);
int srcu_read_lock(int *srcu);
void srcu_read_unlock(int *srcu, int index);

/* Memory; an allocation fails when the test says so */
#define GFP_KERNEL_ACCOUNT 0
#define __GFP_ZERO 0
void *kernel_alloc(size_t size);
#define alloc_pages_exact(size, flags) kernel_alloc(size)
#define free_pages_exact(ptr, size) free(ptr)
#define kzalloc(size, flags) kernel_alloc(size)
#define kvzalloc(size, flags) kernel_alloc(size)
#define kvcalloc(n, size, flags) kernel_alloc((size_t)(n) * (size))
#define kfree(ptr) free(ptr)
#define kvfree(ptr) free(ptr)

/* Text */
int kstrtobool(const char *text, bool *value);
int kstrtou8(const char *text, unsigned int base, u8 *value);
char *strim(char *text);

/* CPU */
enum { X86_FEATURE_SVM = 1 };
#define PFERR_RSVD_MASK BIT_ULL(3)
bool boot_cpu_has(int feature);
#define cpu_feature_enabled(feature) boot_cpu_has(feature)
u64 rdtsc(void);
u64 ktime_get_real_ns(void);
extern unsigned int tsc_khz;

struct cpuid_regs {
	u32 eax, ebx, ecx, edx;
};

enum { VCPU_REGS_RAX, VCPU_REGS_RCX, VCPU_REGS_RDX, VCPU_REGS_RBX, NR_VCPU_REGS = 17 };

struct vmcb {
	struct {
		u32 exit_code;
		u64 exit_info_1, exit_info_2;
	} control;
	struct {
		u64 rip, rax;
	} save;
};

enum { GUEST_RIP, EXIT_QUALIFICATION, GUEST_PHYSICAL_ADDRESS };
u64 vmcs_readl(int field);
#define vmcs_read64(field) vmcs_readl(field)
extern bool enable_ept;

/* Timers, and the one tracepoint that there is: of those that expire */
typedef s64 ktime_t;

struct hrtimer {
	int unused;
};

struct kvm_lapic {
	struct {
		struct hrtimer timer;
	} lapic_timer;
};

struct tracepoint {
	const char *name;
	void *probe;
};

#define for_each_kernel_tracepoint kernel_tracepoints
void kernel_tracepoints(void (*function)(struct tracepoint *point, void *data), void *data);
int tracepoint_probe_register(struct tracepoint *point, void *probe, void *data);
int tracepoint_probe_unregister(struct tracepoint *point, void *probe, void *data);
#define tracepoint_synchronize_unregister() synchronize_rcu()

/* Lists */
struct list_head {
	struct list_head *next, *prev;
};

#define list_for_each_entry(pos, head, member)				\
	for (pos = container_of((head)->next, typeof(*pos), member);	\
	     &pos->member != (head);					\
	     pos = container_of(pos->member.next, typeof(*pos), member))

/* KVM */
#define KERNEL_VCPUS 4
#define KVM_STATS_NAME_SIZE 48
#define KVM_REQ_STEAL_UPDATE 8
#define KVM_REQ_OUTSIDE_GUEST_MODE 9
#define gpa_to_gfn(gpa) ((gpa) >> 12)
#define kvm_is_error_hva(hva) ((hva) >= KVM_HVA_ERR_BAD)
#define KVM_HVA_ERR_BAD (~0UL << 47)

typedef struct {
	int counter;
} atomic_t;
#define atomic_read(value) READ_ONCE((value)->counter)

struct kvm_vcpu;
struct kvm_vcpu *kvm_get_running_vcpu(void);
enum { KVM_HANDLING_IRQ = 1 };
#define lapic_in_kernel(vcpu) ((vcpu)->arch.apic)
enum exit_fastpath_completion { EXIT_FASTPATH_NONE };

extern struct kvm_x86_ops {
	void (*vcpu_load)(struct kvm_vcpu *vcpu, int cpu);
	enum exit_fastpath_completion (*vcpu_run)(struct kvm_vcpu *vcpu, u64 run_flags);
	int (*get_cpl)(struct kvm_vcpu *vcpu);
} kvm_x86_ops;
DECLARE_STATIC_CALL(kvm_x86_get_cpl, *kvm_x86_ops.get_cpl);
DECLARE_STATIC_CALL(kvm_x86_vcpu_load, *kvm_x86_ops.vcpu_load);
DECLARE_STATIC_CALL(kvm_x86_vcpu_run, *kvm_x86_ops.vcpu_run);

struct kvm_memory_slot {
	gfn_t base;
	u64 pages;
	bool readonly, own;	/* own: it is KVM's own, not the VMM's */
	u8 *hva;
	u64 dirty;
};

struct kvm_memslots {
	u64 generation;
	struct kvm_memory_slot slot;
};

struct gfn_to_hva_cache {
	u64 generation;
	gpa_t gpa;
	unsigned long hva;
	unsigned long len;
	struct kvm_memory_slot *memslot;
};

struct kvm_dirty_ring {
	u32 dirty_index, reset_index, soft_limit;
};

struct kvm_vcpu_stat {
	u64 exits;
	struct {
		u64 blocking;
	} generic;
};

struct kvm_vcpu_arch {
	struct exit_trace_vcpu *exit_trace;
	struct exit_trace_live exit_trace_live;
	u64 last_host_tsc;
	int cpl;
	bool nested;
	unsigned long regs[NR_VCPU_REGS];
	u64 reserved_gpa_bits;
	u64 tsc_offset;
	u8 handling_intr_from_guest;
	struct kvm_lapic *apic;
};

struct kvm_vcpu {
	struct kvm *kvm;
	struct mutex mutex;
	struct {
		bool fail;	/* VMLAUNCH or VMRESUME failed */
	} vmx;
	int vcpu_id, vcpu_idx, cpu;
	void *pid;	/* the thread that has run it */
	u64 requests;
	struct kvm_dirty_ring dirty_ring;
	struct kvm_vcpu_stat stat;
	char stats_id[KVM_STATS_NAME_SIZE];
	struct kvm_vcpu_arch arch;
};

struct kvm_arch {
	struct exit_trace_vm *exit_trace;
};

struct kvm {
	struct list_head vm_list;
	int users;
	atomic_t online_vcpus;
	struct kvm_vcpu *vcpus[KERNEL_VCPUS];
	struct kvm_memslots memslots;
	int srcu;
	u32 dirty_ring_size;
	struct dentry *debugfs_dentry;
	struct kvm_arch arch;
};

extern struct mutex kvm_lock;
extern struct list_head vm_list;

/* Visits the vCPUs that are online when it looks. */
#define kvm_for_each_vcpu(i, vcpu, kvm)					\
	for (i = 0; i < (unsigned long)atomic_read(&(kvm)->online_vcpus) &&	\
	     (vcpu = (kvm)->vcpus[i]); i++)

#define kvm_is_visible_memslot(slot) ((slot) && !(slot)->own)
#define kvm_memslots(kvm) (&(kvm)->memslots)
#define to_vmx(vcpu) (&(vcpu)->vmx)
#define is_guest_mode(vcpu) ((vcpu)->arch.nested)
#define kvm_rax_read(vcpu) ((vcpu)->arch.regs[VCPU_REGS_RAX])
#define kvm_rcx_read(vcpu) ((vcpu)->arch.regs[VCPU_REGS_RCX])
#define kvm_rax_write(vcpu, value) ((vcpu)->arch.regs[VCPU_REGS_RAX] = (value))
#define kvm_rbx_write(vcpu, value) ((vcpu)->arch.regs[VCPU_REGS_RBX] = (value))
#define kvm_rcx_write(vcpu, value) ((vcpu)->arch.regs[VCPU_REGS_RCX] = (value))
#define kvm_rdx_write(vcpu, value) ((vcpu)->arch.regs[VCPU_REGS_RDX] = (value))
#define kvm_read_l1_tsc(vcpu, tsc) ((vcpu)->arch.tsc_offset + (tsc))
/* synchronize_rcu() waits for vCPUs in the guest, too. */
#define kvm_make_all_cpus_request(kvm, request) ((void)(kvm))
#define smp_send_reschedule(cpu) ((void)(cpu))
#define trace_kvm_cpuid(...) ((void)0)

bool kvm_get_kvm_safe(struct kvm *kvm);
void kvm_put_kvm(struct kvm *kvm);
void kvm_make_request(int request, struct kvm_vcpu *vcpu);
int kvm_gfn_to_hva_cache_init(struct kvm *kvm, struct gfn_to_hva_cache *cache, gpa_t gpa,
			      unsigned long len);
void mark_page_dirty_in_slot(struct kvm *kvm, struct kvm_memory_slot *slot, gfn_t gfn);

/* Statistics: KVM's own values, and the kernel's binary_stats.c */
struct _kvm_stats_desc {
	struct kvm_stats_desc desc;
	char name[KVM_STATS_NAME_SIZE];
};

extern const struct kvm_stats_header kvm_vcpu_stats_header;
extern const struct _kvm_stats_desc kvm_vcpu_stats_desc[2];
ssize_t kvm_stats_read(char *id, const struct kvm_stats_header *header,
		       const struct _kvm_stats_desc *desc, void *stats, size_t size_stats,
		       char *user_buffer, size_t size, loff_t *offset);

/* User memory: of a guest, or of a process that reads a file */
unsigned long copy_to_user(void *to, const void *from, unsigned long size);
unsigned long copy_from_user(void *to, const void *from, unsigned long size);
int kstrtobool_from_user(const char *text, size_t len, bool *value);
ssize_t simple_read_from_buffer(void *to, size_t len, loff_t *pos, const void *from,
				size_t available);
bool user_access_begin(const void *to, size_t size);
void user_access_end(void);
bool kernel_put_user(void *to, size_t size);
#define unsafe_put_user(value, ptr, label)				\
do {									\
	if (!kernel_put_user(ptr, sizeof(*(ptr))))			\
		goto label;						\
	__atomic_store_n(ptr, value, __ATOMIC_RELEASE);			\
} while (0)

/* Files */
struct seq_file {
	char *text;
	size_t len, size;
	void *private;
};

struct inode {
	void *i_private;
};

struct file {
	void *private_data;
};

struct file_operations {
	void *owner;
	int (*show)(struct seq_file *seq, void *unused);
	int (*open)(struct inode *inode, struct file *file);
	int (*release)(struct inode *inode, struct file *file);
	ssize_t (*read)(struct file *file, char *to, size_t len, loff_t *pos);
	ssize_t (*write)(struct file *file, const char *from, size_t len, loff_t *pos);
	loff_t (*llseek)(struct file *file, loff_t offset, int whence);
};

struct dentry {
	unsigned int nr;
	struct {
		const char *name;
		void *data;
		const struct file_operations *ops;
	} file[8];
};

#define DEFINE_SHOW_ATTRIBUTE(name) \
	static const struct file_operations name##_fops = { .show = name##_show }
#define simple_open NULL
#define noop_llseek NULL
__attribute__((format(printf, 2, 3)))
void seq_printf(struct seq_file *seq, const char *format, ...);
#define seq_puts(seq, text) seq_printf(seq, "%s", text)
#define seq_putc(seq, c) seq_printf(seq, "%c", c)
struct dentry *debugfs_create_dir(const char *name, struct dentry *parent);
struct dentry *debugfs_lookup(const char *name, struct dentry *parent);
#define dput(dir) ((void)(dir))
void debugfs_create_file(const char *name, int mode, struct dentry *dir, void *data,
			 const struct file_operations *ops);

/* Parameters: module_param_cb(NAME) makes kernel_param_NAME. */
struct kernel_param {
	const struct kernel_param_ops *ops;
	void *arg;
};

struct kernel_param_ops {
	unsigned int flags;
	int (*set)(const char *value, const struct kernel_param *param);
	int (*get)(char *buffer, const struct kernel_param *param);
};

#define KERNEL_PARAM_OPS_FL_NOARG 1
#define param_get_bool NULL
#define module_param_cb(name, operations, pointer, mode) \
	const struct kernel_param kernel_param_##name = { operations, pointer }
int param_set_bool(const char *value, const struct kernel_param *param);

/**
 * struct kernel - the machine, as a test sets it
 * @tsc: what rdtsc() returns
 * @tsc_step: ticks that each rdtsc() adds to it
 * @svm: the CPU has SVM, and not VMX
 * @fail_alloc: how many allocations work before one fails; negative: all do
 * @fail_user: the same for accesses to user memory
 * @vmcs: what vmcs_readl() returns
 * @run: the vendor's vcpu_run()
 * @pauses: a thread pauses one in this many times where it may, as if its CPU was taken away;
 *	0: never
 */
struct kernel {
	u64 tsc, tsc_step;
	bool svm;
	int fail_alloc, fail_user;
	u64 vmcs[3];
	void (*run)(struct kvm_vcpu *vcpu);
	u32 pauses;
};

extern struct kernel kernel;

/**
 * kernel_expire() - a timer's interrupt comes in on the CPU of @vcpu, which may be NULL
 *
 * Return: whether there is a probe.
 */
bool kernel_expire(struct kvm_vcpu *vcpu, struct hrtimer *timer);

/** kernel_idle() - abort if the thread holds a lock, or may not sleep */
void kernel_idle(void);

/**
 * kernel_create_vm() - make a VM with 2 pages of memory, in the list; kernel_destroy_vm() ends it
 */
struct kvm *kernel_create_vm(void);
void kernel_destroy_vm(struct kvm *kvm);

/**
 * kernel_create_vcpu() - make a VM's next vCPU, like KVM_CREATE_VCPU; NULL: there are enough
 * @meanwhile: called when it is online, before kvm_arch_vcpu_postcreate(); may be NULL
 */
struct kvm_vcpu *kernel_create_vcpu(struct kvm *kvm, void (*meanwhile)(void));

/** kernel_set_memory() - give a VM new memory, full of 0xaa, at @base, and free the old one */
void kernel_set_memory(struct kvm *kvm, gfn_t base, u64 pages, bool readonly, bool own);

/**
 * kernel_away() - a vCPU leaves KVM for some time: @scheduled out, @blocking in HLT, or to its VMM
 */
void kernel_away(struct kvm_vcpu *vcpu, bool scheduled, bool blocking, void (*meanwhile)(void));

/** kernel_ioctl() - the VMM calls an ioctl other than KVM_RUN while the vCPU is away */
void kernel_ioctl(struct kvm_vcpu *vcpu, void (*meanwhile)(void));

/**
 * kernel_tsc_back() - set the TSC to @tsc, which is less
 * @seen: KVM notices it, as after a suspend (kvm_arch_hardware_enable()), and not as after a WRMSR
 */
void kernel_tsc_back(u64 tsc, bool seen);

/** kernel_show() - return a debugfs file's text, to be freed; NULL: no memory, or no such file */
char *kernel_show(struct kvm *kvm, const char *name);

/**
 * kernel_write(), kernel_read() - write or read a debugfs file; return what its operation returns
 */
ssize_t kernel_write(struct kvm *kvm, const char *name, const char *text, size_t len);
ssize_t kernel_read(struct kvm *kvm, const char *name, char *to, size_t len);

#endif /* BOOTEXITS_KERNEL_H */
