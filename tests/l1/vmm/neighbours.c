// SPDX-License-Identifier: GPL-2.0-only
/*
 * VMs beside each other. Each has its own counts, whatever happens to the others.
 */
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/l1/vmm/vmm.h"

#define FIRST	3000
#define SECOND	7000

struct neighbour {
	struct vm vm;
	struct vcpu vcpu;
	uint64_t cpuids;
};

static void create(struct neighbour *n, uint64_t cpuids)
{
	vm_new(&n->vm);
	vcpu_new(&n->vm, &n->vcpu, 0);
	n->cpuids = cpuids;
}

static void destroy(struct neighbour *n)
{
	vcpu_free(&n->vcpu);
	vm_free(&n->vm);
}

/* The work of each VM */
static void *work(void *argument)
{
	struct neighbour *n = argument;

	vcpu_exits(&n->vcpu, n->cpuids);
	guest_leaf(&n->vcpu, KVM_EXIT_TRACE_LEAF_MARK, n->cpuids & 0xff);
	return NULL;
}

/* The number of reasons, without interrupts, whose counts differ between two vCPUs */
static unsigned int differ(struct vcpu *a, struct vcpu *b)
{
	struct stats of_a, of_b;
	unsigned int n = 0;
	uint32_t i;

	stats_open(&of_a, a->fd);
	stats_open(&of_b, b->fd);
	for (i = 0; i < of_a.header.num_desc; i++) {
		const struct kvm_stats_desc *desc = stats_desc(&of_a, i);

		if (!strncmp(desc->name, "exits_", 6) && !strstr(desc->name, "interrupt"))
			n += stats_value(&of_a, desc) != stats_value(&of_b, desc);
	}
	stats_close(&of_a);
	stats_close(&of_b);
	return n;
}

/* The VM has the same counts as a VM alone, and its guest reads exactly these. */
static void judge(const char *name, struct neighbour *n)
{
	struct neighbour alone;
	char text[120];

	create(&alone, n->cpuids);
	work(&alone);
	snprintf(text, sizeof(text), "%s: reasons with other counts than alone", name);
	expect(text, differ(&n->vcpu, &alone.vcpu), 0);
	destroy(&alone);

	expect_own(name, &n->vcpu, 0);
	expect_total(name, &n->vcpu, 1);
	snprintf(text, sizeof(text), "%s: vCPUs", name);
	expect(text, guest_leaf(&n->vcpu, KVM_EXIT_TRACE_LEAF_SIZE, 0).eax, 1);
	snprintf(text, sizeof(text), "%s: marks", name);
	expect(text, guest_leaf(&n->vcpu, KVM_EXIT_TRACE_LEAF_LOG, 0).eax, 1);
	snprintf(text, sizeof(text), "%s: and that is its own", name);
	expect(text, guest_leaf(&n->vcpu, KVM_EXIT_TRACE_LEAF_LOG_ENTRY, 0).eax, n->cpuids & 0xff);
}

static void together(void)
{
	struct neighbour first, second;
	pthread_t thread;

	create(&first, FIRST);
	create(&second, SECOND);
	if (pthread_create(&thread, NULL, work, &second))
		errx(1, "pthread_create");
	work(&first);
	pthread_join(thread, NULL);
	judge("the first of two", &first);
	judge("the second", &second);
	destroy(&first);
	destroy(&second);
}

/* Start a process with a VM whose four vCPUs exit for ever. It sets @running when they do. */
static pid_t storm(volatile bool *running)
{
	struct kvm_regs regs = {};
	struct vcpu vcpus[4];
	struct vm vm;
	pid_t pid;
	int i;

	fflush(stdout);
	pid = fork();
	if (pid)
		return pid;
	vm_new(&vm);
	for (i = 0; i < 4; i++) {
		vcpu_new(&vm, &vcpus[i], i);
		vcpu_start(&vcpus[i], guest_forever, &regs);
	}
	for (i = 0; i < 4; i++)
		vcpu_rounds(&vcpus[i], 10);
	*running = true;
	pause();
	_exit(1);
}

/* A neighbour is killed when half of the work is done. */
static void killed(void)
{
	volatile bool *running = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct neighbour n;
	pid_t pid = storm(running);
	int status = 0;

	if (pid < 0 || running == MAP_FAILED)
		err(1, "fork");
	create(&n, FIRST);
	while (!*running)
		usleep(1000);
	vcpu_exits(&n.vcpu, FIRST);
	kill(pid, SIGKILL);
	work(&n);
	waitpid(pid, &status, 0);
	expect("the neighbour was killed", WIFSIGNALED(status), true);
	/* The VM did its work twice, but marked once. */
	expect("beside one that is killed: CPUIDs", vcpu_stat(&n.vcpu, "exits_cpuid"), 2 * FIRST + 1);
	expect_own("beside one that is killed", &n.vcpu, 0);
	expect_total("beside one that is killed", &n.vcpu, 1);
	destroy(&n);
}

int neighbours(int argc, char **argv)
{
	together();
	killed();
	return 0;
}
