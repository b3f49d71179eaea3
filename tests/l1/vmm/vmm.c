// SPDX-License-Identifier: GPL-2.0-only
/*
 * VMs and vCPUs, for tests.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/l1/vmm/vmm.h"

#define VECTOR_GP	13
#define RFLAGS_FIXED	2
#define RFLAGS_IOPL	0x1000	/* the lowest bit of IOPL */
#define CR0_PE		1
#define SELECTOR_CODE	8
#define SELECTOR_DATA	16
#define PDE_PRESENT_WRITE_LARGE 0x83
#define MAX_ENTRIES	256

int request(int fd, unsigned long number, void *argument)
{
	int r = ioctl(fd, number, argument);

	if (r < 0)
		err(1, "ioctl 0x%lx", number);
	return r;
}

int kvm_fd(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(1, "/dev/kvm");
	return fd;
}

void *memory_new(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		err(1, "%zu bytes", size);
	return memory;
}

uint32_t guest_address(const char *code)
{
	return GUEST_CODE + (code - guest_begin);
}

void vm_new(struct vm *vm)
{
	vm->fd = request(kvm_fd(), KVM_CREATE_VM, NULL);
	vm->memory = memory_new(GUEST_MEMORY);
	memcpy(vm->memory + GUEST_CODE, guest_begin, guest_end - guest_begin);
	((uint32_t *)vm->memory)[VECTOR_GP] = guest_address(guest_gp);
	vm_slot(vm, 0, 0, 0, GUEST_MEMORY, vm->memory);
	request(vm->fd, KVM_CREATE_IRQCHIP, NULL);
	/* vCPU 0 must not be the boot CPU, so that it waits after an INIT. */
	request(vm->fd, KVM_SET_BOOT_CPU_ID, (void *)1);
}

void vm_free(struct vm *vm)
{
	close(vm->fd);
	munmap(vm->memory, GUEST_MEMORY);
}

void vm_slot(struct vm *vm, uint32_t slot, uint32_t flags, uint64_t gpa, size_t size, void *memory)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = gpa,
		.memory_size = size,
		.userspace_addr = (uintptr_t)memory,
	};

	request(vm->fd, KVM_SET_USER_MEMORY_REGION, &region);
}

static int run_size(void)
{
	return request(kvm_fd(), KVM_GET_VCPU_MMAP_SIZE, NULL);
}

/* The state after a reset, except for segments, which begin at 0 and reach everywhere */
void vcpu_new(struct vm *vm, struct vcpu *vcpu, unsigned long id)
{
	struct kvm_mp_state runnable = { KVM_MP_STATE_RUNNABLE };
	struct kvm_segment *s;

	memset(vcpu, 0, sizeof(*vcpu));
	vcpu->fd = request(vm->fd, KVM_CREATE_VCPU, (void *)id);
	vcpu->run = mmap(NULL, run_size(), PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		err(1, "kvm_run");
	request(vcpu->fd, KVM_SET_MP_STATE, &runnable);
	request(vcpu->fd, KVM_GET_SREGS, &vcpu->sregs);
	vcpu->sregs.cs.base = 0;
	vcpu->sregs.cs.selector = 0;
	for (s = &vcpu->sregs.ds; s <= &vcpu->sregs.ss; s++) {
		s->limit = ~0U;
		s->g = 1;
	}
}

void vcpu_free(struct vcpu *vcpu)
{
	munmap(vcpu->run, run_size());
	close(vcpu->fd);
}

void vcpu_set(struct vcpu *vcpu, const char *code, struct kvm_regs *regs)
{
	regs->rip = guest_address(code);
	regs->rsp = GUEST_STACK;
	regs->rflags = RFLAGS_FIXED | vcpu->rflags;
	request(vcpu->fd, KVM_SET_SREGS, &vcpu->sregs);
	request(vcpu->fd, KVM_SET_REGS, regs);
}

/* It needs no descriptor table, because no segment is loaded, and no exception comes. */
void vcpu_level(struct vcpu *vcpu, unsigned int cpl)
{
	struct kvm_segment *s;

	vcpu->sregs.cr0 |= CR0_PE;
	vcpu->sregs.cs.selector = SELECTOR_CODE | cpl;
	for (s = &vcpu->sregs.ds; s <= &vcpu->sregs.ss; s++)
		s->selector = SELECTOR_DATA | cpl;
	for (s = &vcpu->sregs.cs; s <= &vcpu->sregs.ss; s++)
		s->dpl = cpl;
	vcpu->rflags = cpl * RFLAGS_IOPL;
}

void vcpu_hypervisor(struct vm *vm, struct vcpu *vcpu, uint64_t cr4, uint64_t efer)
{
	struct kvm_cpuid2 *cpuid = calloc(1, sizeof(*cpuid) + MAX_ENTRIES * sizeof(cpuid->entries[0]));
	struct kvm_sregs *sregs = &vcpu->sregs;
	struct kvm_segment *s;

	cpuid->nent = MAX_ENTRIES;
	request(kvm_fd(), KVM_GET_SUPPORTED_CPUID, cpuid);
	request(vcpu->fd, KVM_SET_CPUID2, cpuid);
	free(cpuid);
	*(uint32_t *)(vm->memory + HYPERVISOR_CR3) = PDE_PRESENT_WRITE_LARGE;
	sregs->cr0 = HYPERVISOR_CR0;
	sregs->cr3 = HYPERVISOR_CR3;
	sregs->cr4 = cr4;
	sregs->efer = efer;
	for (s = &sregs->cs; s <= &sregs->ss; s++) {
		s->selector = SELECTOR_CODE;
		s->limit = ~0U;
		s->db = 1;
		s->g = 1;
	}
}

uint32_t vcpu_run(struct vcpu *vcpu)
{
	if (!ioctl(vcpu->fd, KVM_RUN, NULL))
		return vcpu->run->exit_reason;
	if (errno != EINTR)
		err(1, "KVM_RUN");
	return KVM_EXIT_INTR;
}

static void must_be_out(struct vcpu *vcpu, uint32_t reason)
{
	if (reason != KVM_EXIT_IO || vcpu->run->io.port != GUEST_PORT)
		errx(1, "exit reason %u of the guest", reason);
}

void vcpu_call(struct vcpu *vcpu, const char *code, struct kvm_regs *regs)
{
	vcpu_set(vcpu, code, regs);
	must_be_out(vcpu, vcpu_run(vcpu));
	request(vcpu->fd, KVM_GET_REGS, regs);
}

void vcpu_exits(struct vcpu *vcpu, uint64_t count)
{
	struct kvm_regs regs = { .rsi = count };

	vcpu_call(vcpu, guest_exits, &regs);
}

static void *vcpu_thread(void *argument)
{
	struct vcpu *vcpu = argument;

	while (!vcpu->stop) {
		uint32_t reason = vcpu_run(vcpu);

		if (reason == KVM_EXIT_INTR)
			continue;
		must_be_out(vcpu, reason);
		vcpu->rounds++;
	}
	return NULL;
}

static void interrupted(int number)
{
}

void vcpu_start(struct vcpu *vcpu, const char *code, struct kvm_regs *regs)
{
	struct sigaction action = { .sa_handler = interrupted };

	sigaction(SIGUSR1, &action, NULL);	/* without SA_RESTART, so that KVM_RUN ends */
	vcpu_set(vcpu, code, regs);
	vcpu->run->immediate_exit = 0;
	vcpu->stop = false;
	if (pthread_create(&vcpu->thread, NULL, vcpu_thread, vcpu))
		errx(1, "pthread_create");
}

void vcpu_stop(struct vcpu *vcpu)
{
	vcpu->stop = true;
	vcpu->run->immediate_exit = 1;
	pthread_kill(vcpu->thread, SIGUSR1);
	pthread_join(vcpu->thread, NULL);
	vcpu->run->immediate_exit = 0;
}

void vcpu_rounds(struct vcpu *vcpu, uint64_t count)
{
	uint64_t end = vcpu->rounds + count;

	while (vcpu->rounds < end)
		sched_yield();
}
