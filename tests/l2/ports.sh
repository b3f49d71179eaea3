#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The init of ports.t's guest: marks the end of user space by exitstat, as is done where no getty writes utmp,
# or, with the word `foreign', by a program that knows nothing of bootexits-init.

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
