#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The first process of features.t's guest. Its console gets debugfs's report, and the tool's dump.

/bin/busybox --install -s /bin
export PATH=/bin
mount -t devtmpfs dev /dev
mount -t sysfs sys /sys
mount -t debugfs debug /sys/kernel/debug
insmod /virt_features.ko
insmod /msr.ko
stty -F /dev/ttyS0 raw -echo
{
	echo '# run report'
	cat /sys/kernel/debug/virt_features
	echo '# run dump'
	bootexits-features --dump
	echo '# run verdict'
} > /dev/ttyS0
# QEMU's isa-debug-exit: pass
printf '\020' | dd of=/dev/port bs=1 seek=$((0xf4)) conv=notrunc 2> /dev/null
