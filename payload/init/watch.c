// SPDX-License-Identifier: GPL-2.0-only
/*
 * The watcher.  It sleeps until the kernel says that a file system was mounted or that
 * utmp was written.  It never polls by time.  If a process's first argument begins with
 * '@', it survives systemd's switch of the root: see systemd's document
 * ROOT_STORAGE_DAEMONS.
 */
#include <asm/poll.h>
#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/inotify.h>
#include <linux/prctl.h>
#include <linux/reboot.h>
#include <linux/sched.h>

#include "payload/lib/call.h"
#include "payload/init/init.h"
#include "payload/lib/leaves.h"
#include "payload/lib/phase_log.h"
#include "payload/init/ports.h"
#include "payload/lib/qemu.h"
#include "payload/init/syscall.h"

/*
 * Our root is the initial one, and its ".." is what was mounted on top of it.  If we
 * were moved to another root, ".." is that root itself.
 */
#define ROOT		"/.."
#define RUN		ROOT "/run"
#define UTMP		RUN "/utmp"

/* A getty announces a login shortly before it prints its prompt.  This waits for the prompt. */
#define LINGER_MS	1000

/* glibc's struct utmp on x86-64, utmp(5).  ut_type is its first member. */
#define UTMP_BYTES	384
#define LOGIN_PROCESS	6

/* socket(2); the C library defines them */
#define AF_UNIX		1
#define SOCK_DGRAM	2

enum source {
	MOUNTS,
	FILES,
	CALLS,
	NR_SOURCES,
};

/* The program that asked for a mark; sendto(2) */
struct caller {
	struct sockaddr_un address;
	int length;
};

static struct pollfd sources[NR_SOURCES];
static bool ports;	/* there are I/O ports */
static int run_watch = -1;

/* As a real-time process it marks at once, and does not wait for the scheduler. */
static void become_watcher(void)
{
	int priority = 1;

	sys_setsid();
	for (int fd = 0; fd <= 2; fd++)
		sys_close(fd);
	sys_prctl(PR_SET_NAME, "bootexits");
	sys_sched_setscheduler(0, SCHED_FIFO, &priority);
}

static int calls_open(void)
{
	static const struct sockaddr_un address = { AF_UNIX, CALL_NAME };
	int fd = sys_socket(AF_UNIX, SOCK_DGRAM | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0)
		sys_bind(fd, &address, CALL_ADDRESS_BYTES);
	return fd;
}

static void sources_open(int proc)
{
	sources[MOUNTS].fd = sys_openat(proc, "self/mountinfo", O_RDONLY | O_CLOEXEC);
	sources[MOUNTS].events = POLLPRI;
	sys_close(proc);
	sources[FILES].fd = sys_inotify_init1(O_CLOEXEC | O_NONBLOCK);
	sources[FILES].events = POLLIN;
	sources[CALLS].fd = calls_open();
	sources[CALLS].events = POLLIN;
}

/* Asks the kernel for utmp's next change.  If there is no utmp yet, asks for its folder's. */
static void files_watch(void)
{
	int fd = sources[FILES].fd;

	if (sys_inotify_add_watch(fd, UTMP, IN_MODIFY) >= 0) {
		sys_inotify_rm_watch(fd, run_watch);
		run_watch = -1;
	} else {
		run_watch = sys_inotify_add_watch(fd, RUN, IN_CREATE | IN_MOVED_TO);
	}
}

/* Returns whether a program asks for the mark of `userspace`.  Fills in its address, if any. */
static bool take_calls(struct caller *caller)
{
	bool asked = false;
	u8 phase;

	while (!asked) {
		caller->length = sizeof(caller->address);
		phase = 0;
		if (sys_recvfrom(sources[CALLS].fd, &phase, sizeof(phase), &caller->address,
				 &caller->length) < 0)
			break;
		asked = phase == KVM_EXIT_TRACE_PHASE_USERSPACE;
	}
	return asked;
}

/* Sleeps until there is something new.  Reads away the events of files. */
static void wait(void)
{
	static char events[1024];

	sys_poll(sources, NR_SOURCES, -1);
	if (sources[FILES].revents)
		while (sys_read(sources[FILES].fd, events, sizeof(events)) > 0)
			;
}

static bool root_is_covered(u64 device)
{
	struct stat st;

	return !sys_stat(ROOT, &st) && st.st_dev != device;
}

static bool login_is_up(void)
{
	static char entry[UTMP_BYTES];
	int fd = sys_openat(AT_FDCWD, UTMP, O_RDONLY | O_CLOEXEC);
	bool found = false;

	if (fd < 0)
		return false;
	while (!found && sys_read(fd, entry, UTMP_BYTES) == UTMP_BYTES)
		found = *(short *)entry == LOGIN_PROCESS;
	sys_close(fd);
	return found;
}

/* Has a program marked this phase already?  Without a tracer we can't know. */
static bool is_marked(u32 phase)
{
	return tracer.present && log_find(phase, 0) != MARK_DROPPED;
}

/*
 * Nothing may come between the mark and the pause, and nothing right after the pause.  If
 * there is an observer, nobody counts our own exits, so we cause none that we can avoid.  The
 * observer looks for the device itself, and one more mark tells it of the pause.
 */
static void mark_userspace(const struct cmdline *cmdline, struct log_pause *sync)
{
	bool pauses = cmdline->sync && ports &&
		      (cmdline->observer || qemu_is_pvpanic(port_read(QEMU_PVPANIC_PORT)));

	sync->entry = mark(KVM_EXIT_TRACE_PHASE_USERSPACE);
	if (!pauses)
		return;
	port_write(QEMU_PVPANIC_PORT, QEMU_PVPANIC_PANICKED);
	if (cmdline->observer || cmdline->host_only)
		mark(KVM_EXIT_TRACE_PHASE_PAUSED);
	else
		sync->after = total_read();
	sync->done = sync->entry != MARK_DROPPED;
}

static void answer(const struct caller *caller, u32 entry)
{
	struct call_answer text = { tracer.present ? entry : MARK_DROPPED, 0 };

	if (text.entry != MARK_DROPPED)
		text.total = log_counter(entry, KVM_EXIT_TRACE_SLOT_SUM,
					 KVM_EXIT_TRACE_CLOCK_KVM).count;
	sys_sendto(sources[CALLS].fd, &text, sizeof(text), &caller->address, caller->length);
}

/* Returns when user space is up, and marks that. */
static void follow_boot(const struct cmdline *cmdline, u64 root,
			struct log_pause *sync)
{
	bool covered = false, asked = false;
	struct caller caller;

	for (;;) {
		files_watch();
		if (!covered && root_is_covered(root)) {
			mark(KVM_EXIT_TRACE_PHASE_INITRAMFS);
			covered = true;
		}
		asked = sources[CALLS].revents && take_calls(&caller);
		if (sources[CALLS].revents && !asked && is_marked(KVM_EXIT_TRACE_PHASE_USERSPACE))
			return;
		if (asked || login_is_up())
			break;
		wait();
	}
	if (asked || cmdline->observer || !is_marked(KVM_EXIT_TRACE_PHASE_USERSPACE))
		mark_userspace(cmdline, sync);
	if (asked)
		answer(&caller, sync->entry);
}

static void print_log(const struct cmdline *cmdline, const struct log_pause *sync)
{
	if (cmdline->payload_self) {
		log_set_own(KVM_EXIT_TRACE_PHASE_BOOTLOADER, cmdline->bootloader_self);
		log_set_own(KVM_EXIT_TRACE_PHASE_PAYLOAD, cmdline->payload_self);
	}
	log_print("init", sync);
}

/*
 * Prints the log and ends the VM.  Without a tracer, a machine with our console waits for a
 * verdict.  An observer prints by itself, so this is not called then.
 */
static void tell(const struct cmdline *cmdline, const struct log_pause *sync)
{
	bool console = !cmdline->host_only && console_present();

	if (console)
		print_log(cmdline, sync);
	if (cmdline->stay || (!console && !tracer.present && !cmdline->host_only))
		return;
	sys_poll(NULL, 0, LINGER_MS);
	port_write(QEMU_DEBUG_EXIT_PORT, verdict_exit());
}

/*
 * Without ports, none of QEMU's devices can be used.  The system's console gets a line that
 * says so, and the records.  Without a tracer, we don't know that anybody waits for the
 * machine's end.
 */
static void tell_without_ports(const struct cmdline *cmdline, const struct log_pause *sync)
{
	bool alone = tracer.present && !cmdline->observer;

	console_use_tty();
	console_say("bootexits-init: no I/O ports, neither by /dev/port nor by ioperm (lockdown?): ");
	console_say(alone ? "the records come here\n" :
		    cmdline->observer ? "the VM was not paused for the host's count\n" :
		    "this machine has no exit tracer\n");
	if (!alone)
		return;
	print_log(cmdline, sync);
	if (cmdline->stay)
		return;
	sys_poll(NULL, 0, LINGER_MS);
	sys_reboot(LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_POWER_OFF);
}

void watch(const struct cmdline *cmdline, int proc, u64 root)
{
	struct log_pause sync = { };

	become_watcher();
	self_exits = cmdline->payload_self;
	ports = ports_take();
	sources_open(proc);
	tracer.present = cmdline->observer;	/* an observer needs a tracer, so there is one */
	if (!tracer.present && !cmdline->host_only)
		tracer_detect();
	if (tracer.present || cmdline->host_only)
		follow_boot(cmdline, root, &sync);
	if (ports && !cmdline->observer)
		tell(cmdline, &sync);
	else if (!ports && (!cmdline->observer || cmdline->sync))
		tell_without_ports(cmdline, &sync);
	for (;;)
		sys_exit(0);
}
