/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How programs talk to bootexits-init's watcher: by datagrams to an abstract UNIX socket,
 * unix(7).  If a datagram is the byte KVM_EXIT_TRACE_PHASE_USERSPACE, the watcher makes that
 * mark, pauses the VM right after it, and answers.  Any other datagram says that its sender
 * has marked.
 */
#ifndef CALL_H
#define CALL_H

#include <linux/un.h>

#include "payload/lib/types.h"

/* A zero byte before the name, and none after it */
#define CALL_NAME		"\0bootexits"
#define CALL_ADDRESS_BYTES	(sizeof(__kernel_sa_family_t) + sizeof(CALL_NAME) - 1)

struct call_answer {
	u32 entry;	/* of the phase log, or MARK_DROPPED */
	u64 total;	/* exits at the mark */
};

#endif
