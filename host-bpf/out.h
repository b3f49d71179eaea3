/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the payload's code writes its records: bootexits-bpf and bootexits-vmm share it. */
#ifndef OUT_H
#define OUT_H

/** out_fd - descriptor that serial_write() writes to; default the standard output */
extern int out_fd;

#endif
