#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The init of ports.t's guest. It marks the end of user space by exitstat, as a guest does in which no getty writes
# utmp. With the word `foreign' on the command line, a program marks that knows nothing of bootexits-init.

/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
if grep -qw foreign /proc/cmdline; then
	mark
else
	printf '<0>%s\n' "$(exitstat mark userspace)" > /dev/kmsg
fi
sleep 1000
