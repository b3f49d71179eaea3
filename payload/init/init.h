/* SPDX-License-Identifier: GPL-2.0-only */
/* bootexits-init: the parts of the first process. */
#ifndef INIT_H
#define INIT_H

#include "payload/lib/types.h"

#define OURS		"/bootexits"
#define OURSELVES	OURS "/init"

/* What the kernel's command line says */
struct cmdline {
	const char *init;	/* the user's own init */
	bool sync;		/* bootexits.sync: pause the VM at the last mark */
	bool observer;		/* bootexits.observer: another vCPU prints and ends */
	bool host_only;		/* bootexits.host-only: no leaf answers, but the host sees marks */
	bool stay;		/* bootexits.stay: don't end the VM */
	u64 bootloader_self;	/* bootexits.self.bootloader=N, .payload=N: how many exits the */
	u64 payload_self;	/* payload had caused by measuring, at its two marks, or 0 */
};

/* Reads the file `cmdline` of the procfs proc.  If it can't be read, the defaults hold. */
void cmdline_read(struct cmdline *cmdline, int proc);

/*
 * The watcher.  Marks the ends of the phases `initramfs` and `userspace`, prints the
 * phase log and ends the VM.  proc is a procfs, and root is the device of the initial root
 * file system.
 */
void watch(const struct cmdline *cmdline, int proc, u64 root) __attribute__((noreturn));

/* Is there a debug console? */
bool console_present(void);

/* From now on, prints to /dev/console. */
void console_use_tty(void);

void console_say(const char *text);

#endif
