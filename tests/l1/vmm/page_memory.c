// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mirrored page, while Linux takes away, shares or moves the VMM's memory under it.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/l1/vmm/pages.h"

#define ROUNDS	20

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(1, "%s", path);
	close(fd);
}

static unsigned long read_number(const char *path, const char *key)
{
	char format[40];
	unsigned long number;
	FILE *file = fopen(path, "r");

	snprintf(format, sizeof(format), "%s%%lu", key);
	while (file && fscanf(file, format, &number) != 1)
		if (fscanf(file, "%*[^\n] ") == EOF)
			errx(1, "%s has no %s", path, key);
	if (!file)
		err(1, "%s", path);
	fclose(file);
	return number;
}

/* Stop what mirror_start() started, and let the last exit be an OUT again. */
static void stop(struct mirror *m)
{
	vcpu_stop(&m->vcpu);
	mirror_fill(m);
	vcpu_exits(&m->vcpu, 10);
}

/* madvise() while the guest runs: it goes on. */
static void advised(struct mirror *m, int advice, const char *name)
{
	int i;

	mirror_start(m);
	for (i = 0; i < ROUNDS; i++) {
		if (madvise(m->memory, MIRROR_SIZE, advice))
			err(1, "%s", name);
		vcpu_rounds(&m->vcpu, 1);
	}
	stop(m);
	expect_right(name, m, m->memory);
}

static void swapped(struct mirror *m)
{
	unsigned long before = read_number("/proc/vmstat", "pswpin ");

	advised(m, MADV_PAGEOUT, "MADV_PAGEOUT");
	if (read_number("/proc/meminfo", "SwapTotal: "))
		expect("it was swapped in", read_number("/proc/vmstat", "pswpin ") > before, true);
}

static void compacted(struct mirror *m)
{
	int i;

	mirror_start(m);
	for (i = 0; i < 10; i++) {
		write_file("/proc/sys/vm/compact_memory", "1");
		vcpu_rounds(&m->vcpu, 1);
	}
	stop(m);
	expect_right("memory is compacted", m, m->memory);
}

/* fork() makes the page copy-on-write. The child keeps the old contents. */
static void forked(struct mirror *m)
{
	int ready[2], go[2], status = 1;
	char byte;
	pid_t pid;

	if (pipe(ready) || pipe(go))
		err(1, "pipe");
	mirror_start(m);
	pid = fork();
	if (!pid) {
		memcpy(m->old, m->memory, MIRROR_SIZE);
		if (write(ready[1], "", 1) != 1 || read(go[0], &byte, 1) != 1)
			_exit(2);
		_exit(!!memcmp(m->old, m->memory, MIRROR_SIZE));
	}
	if (read(ready[0], &byte, 1) != 1)
		err(1, "read");
	vcpu_rounds(&m->vcpu, ROUNDS);
	stop(m);
	if (write(go[1], "", 1) != 1 || waitpid(pid, &status, 0) != pid)
		err(1, "child");
	expect("a child has what it was forked with", status, 0);
	expect_right("forked", m, m->memory);
}

/* KSM makes one page of the mirrored page and a copy. The next entry must not write that page. */
static void merged(struct mirror *m)
{
	unsigned char *copy = memory_new(MIRROR_SIZE);

	memcpy(copy, m->memory, MIRROR_SIZE);
	if (madvise(copy, MIRROR_SIZE, MADV_MERGEABLE) || madvise(m->memory, MIRROR_SIZE, MADV_MERGEABLE))
		err(1, "MADV_MERGEABLE");
	write_file("/sys/kernel/mm/ksm/pages_to_scan", "1000");
	write_file("/sys/kernel/mm/ksm/run", "1");
	while (read_number("/sys/kernel/mm/ksm/pages_shared", "") < 2)
		usleep(10000);	/* for the page, and for those of the pattern */
	write_file("/sys/kernel/mm/ksm/run", "0");
	mirror_freeze(m, copy);
	vcpu_exits(&m->vcpu, 1000);
	expect("a page merged by KSM stays as it was", memcmp(m->old, copy, MIRROR_SIZE), 0);
	expect_right("no more merged", m, m->memory);
	munmap(copy, MIRROR_SIZE);
}

/* Under userfaultfd, an entry waits until a thread brings the page. */
static void brought(struct mirror *m)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { (uintptr_t)m->memory, MIRROR_SIZE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	struct uffdio_copy copy = { .src = (uintptr_t)memory_new(PAGE), .len = PAGE };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	struct uffd_msg message;
	uint64_t rounds;
	int i;

	if (fd < 0)
		err(1, "userfaultfd");
	request(fd, UFFDIO_API, &api);
	request(fd, UFFDIO_REGISTER, &range);
	mirror_start(m);
	for (i = 0; i < ROUNDS; i++) {
		madvise(m->memory, MIRROR_SIZE, MADV_DONTNEED);
		if (read(fd, &message, sizeof(message)) != sizeof(message))
			err(1, "userfaultfd");
		rounds = m->vcpu.rounds;
		sched_yield();
		if (rounds != m->vcpu.rounds)
			errx(1, "the guest runs without its page");
		copy.dst = message.arg.pagefault.address & -(uint64_t)PAGE;
		request(fd, UFFDIO_COPY, &copy);
		vcpu_rounds(&m->vcpu, 1);
	}
	close(fd);
	stop(m);
	expect_right("a page that userfaultfd brings", m, m->memory);
}

int page_memory(int argc, char **argv)
{
	static struct mirror m;

	mirror_live(&m);
	advised(&m, MADV_DONTNEED, "MADV_DONTNEED");
	advised(&m, MADV_COLD, "MADV_COLD");
	swapped(&m);
	compacted(&m);
	forked(&m);
	merged(&m);
	brought(&m);
	mirror_free(&m);
	return 0;
}
