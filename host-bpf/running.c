// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <error.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "host-bpf/running.h"
#include "lib/status.h"

#define TRIES		200	/* to end the counting of all vCPUs */
#define PACE_US		1000	/* between two of them */
#define END_TRIES	100	/* to see the VM go after its process */

static volatile struct exits_bpf__bss *shared(struct exits_bpf *bpf)
{
	return bpf->bss;
}

/* Lets the kernel go through the process's files.  Returns how many are vCPUs of its first VM. */
static __u32 look(struct exits_bpf *bpf, int pidfd)
{
	union bpf_iter_link_info info = { .task.pid_fd = pidfd };
	DECLARE_LIBBPF_OPTS(bpf_iter_attach_opts, options, .link_info = &info,
			    .link_info_len = sizeof(info));
	struct bpf_link *link = bpf_program__attach_iter(bpf->progs.find_vcpus, &options);
	int fd = link ? bpf_iter_create(bpf_link__fd(link)) : -1;
	char byte;

	if (fd < 0)
		error(STATUS_UNREADABLE, errno, "can't look at the files of the process");
	shared(bpf)->files = 0;
	while (read(fd, &byte, 1) > 0)
		;
	close(fd);
	bpf_link__destroy(link);
	return shared(bpf)->files;
}

/*
 * Nothing is counted before all programs are attached and the VM's address is told.  If the VM
 * ends before that, another one could get its address.  So its files must still be there after it.
 */
static void find(struct exits_bpf *bpf, pid_t pid, int pidfd)
{
	if (!look(bpf, pidfd))
		error(STATUS_UNREADABLE, 0, "process %d has no VM with a vCPU", pid);
	if (!shared(bpf)->ran)
		shared(bpf)->sought = EXITS_ALL;
	shared(bpf)->vm = shared(bpf)->found;
	if (!look(bpf, pidfd))
		error(STATUS_UNREADABLE, 0, "the VM of process %d has just ended", pid);
}

__u64 running_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

void running_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGHUP);
}

/* Returns how many milliseconds are left, rounded up, or -1 for no limit. */
static int left(__u64 end)
{
	__u64 time = running_now();

	if (!end)
		return -1;
	return time < end ? (end - time + 999999) / 1000000 : 0;
}

static bool gone(struct exits_bpf *bpf)
{
	return shared(bpf)->vm == EXITS_DEAD;
}

/* The VM goes with the last descriptor of it, which another process may have, too. */
static void wait_for_end(struct exits_bpf *bpf)
{
	int i;

	for (i = 0; i < END_TRIES && !gone(bpf); i++)
		usleep(PACE_US);
}

static void say_end(struct exits_bpf *bpf, bool exited, struct attached *attached)
{
	int status = shared(bpf)->end_status;

	attached->end = exited || gone(bpf) ? "ended" : "detached";
	if (WTERMSIG(status)) {
		attached->end = "killed";
		attached->signal = WTERMSIG(status);
	}
}

void running_count(struct exits_bpf *bpf, struct ring_buffer *ring, pid_t pid, int pidfd,
		   unsigned int seconds, struct attached *attached)
{
	struct pollfd fds[] = {
		{ .events = POLLIN },
		{ .fd = ring_buffer__epoll_fd(ring), .events = POLLIN },
		{ .fd = pidfd, .events = POLLIN },
	};
	sigset_t signals;
	__u64 end;

	running_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	fds[0].fd = signalfd(-1, &signals, SFD_CLOEXEC);
	find(bpf, pid, pidfd);
	attached->since = running_now();
	error(0, 0, "the VM of process %d is counted from now on", pid);
	end = seconds ? attached->since + seconds * 1000000000ULL : 0;
	while (!fds[0].revents && !fds[2].revents && !gone(bpf) && left(end)) {
		if (poll(fds, 3, left(end)) < 0 && errno != EINTR)
			error(STATUS_UNREADABLE, errno, "poll");
		ring_buffer__consume(ring);
	}
	if (fds[2].revents)
		wait_for_end(bpf);
	say_end(bpf, fds[2].revents, attached);
}

static bool read_row(struct exits_bpf *bpf, __u32 index, struct exits_vcpu *row)
{
	return !bpf_map_lookup_elem(bpf_map__fd(bpf->maps.vcpus), &index, row);
}

/*
 * Are the counters and KVM's count of one moment?  They are if the vCPU's own thread has ended the
 * counting.  They also are if the total was the same before and after KVM's count was read, and
 * both agree.
 */
static bool settled(const struct exits_vcpu *before, struct exits_vcpu *row)
{
	__u64 sum = 0;
	__u32 slot;

	if (row->gone || row->done)
		return true;
	row->stat = row->peek;
	if (!row->thread)
		row->unseen = row->peek;
	for (slot = 0; slot < EXITS_BEFORE; slot++)
		sum += row->slots[slot].count;
	return before->exits == row->exits && sum == row->exits && row->stat == row->unseen + row->exits;
}

/* Exits that KVM emulated, and after which the vCPU did not enter, are settled here. */
static void settle(struct exits_vcpu *row, bool vmx)
{
	__u64 more = row->stat - row->unseen - row->exits;

	if ((__s64)more <= 0)
		return;
	row->slots[vmx ? KVM_EXIT_TRACE_SLOT_EMULATION : KVM_EXIT_TRACE_SLOT_OTHER].count += more;
	row->exits += more;
}

void running_stop(struct exits_bpf *bpf, struct exits_vcpu *rows)
{
	__u32 nr = shared(bpf)->nr_vcpus, missing = nr, try, i;
	static struct exits_vcpu before[EXITS_VCPUS];
	static bool kept[EXITS_VCPUS];

	for (try = 0; try < TRIES && missing; try++) {
		for (i = 0; i < nr; i++)
			read_row(bpf, i, &before[i]);
		bpf_prog_test_run_opts(bpf_program__fd(bpf->progs.stop), NULL);
		for (i = 0; i < nr; i++) {
			if (kept[i] || !read_row(bpf, i, &rows[i]) || !settled(&before[i], &rows[i]))
				continue;
			kept[i] = true;
			missing--;
		}
		if (missing)
			usleep(PACE_US);
	}
	for (i = 0; i < nr; i++)
		if (!kept[i])
			settle(&rows[i], bpf->rodata->setup.vmx);
}
