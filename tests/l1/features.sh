#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The capability module in L1, on its CPU. The serial log gets four parts, each after its "# run" line: report,
# debugfs's text; log, the kernel's log; dump, what bootexits-features --dump prints; tool, what it reports. The host
# log gets facts, a line each. Variable: cycles, how often the module is loaded and unloaded.

. /l1.sh
# shellcheck disable=SC1091
. /files/growth.sh
module=/files/virt_features.ko
report=/sys/kernel/debug/virt_features

cycle() {	# COUNT
	i=0
	while [ $i -lt "$1" ]; do
		insmod $module
		cat $report > /dev/null
		rmmod virt_features
		i=$((i + 1))
	done
}

status=0
/files/bootexits-features > /tmp/said 2>&1 || status=$?
emit "without msr status=$status said=$(tail -n 1 /tmp/said)"

dmesg -c > /dev/null
status=0
insmod $module 2> /tmp/said || status=$?
emit "insmod status=$status said=$(cat /tmp/said)"
emit "cpuinfo $(grep -m 1 '^vmx flags' /proc/cpuinfo || :)"
dmesg | sed -n 's/^\[[^]]*\] virt_features: //p' | grep -v 'taint' > /tmp/log
mark_run log
cat /tmp/log > /dev/ttyS1
[ $status -eq 0 ] || {
	[ ! -e $report ] || emit "left $report"
	exit 0
}

mark_run report
cat $report > /dev/ttyS1
insmod /files/msr.ko
mark_run dump
/files/bootexits-features --dump > /dev/ttyS1
mark_run tool
/files/bootexits-features > /dev/ttyS1
rmmod msr
rmmod virt_features

# Memory that the first loads take for good does not belong to the module.
cycle 20
slabs > /tmp/before
cycle "${cycles:=100}"
slabs > /tmp/after
emit "cycles $cycles growth $(grown /tmp/before /tmp/after)"
