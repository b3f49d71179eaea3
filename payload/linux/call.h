/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How `exitstat mark` tells bootexits-init's watcher that there is a new mark: one
 * datagram to an abstract UNIX socket, unix(7).
 */
#ifndef CALL_H
#define CALL_H

#include <linux/un.h>

/* A zero byte before the name, and none behind it */
#define CALL_NAME		"\0bootexits"
#define CALL_ADDRESS_BYTES	(sizeof(__kernel_sa_family_t) + sizeof(CALL_NAME) - 1)

#endif
