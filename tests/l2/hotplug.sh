#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The first process of hotplug.t's guest. A CPU comes, does something, goes, and comes again. The guest asks the VMM for
# this by letters on the debug console. It prints nothing before all steps are done.

/bin/busybox --install -s /bin
export PATH=/bin:/
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mkdir /out
: "${console_port:?is not on the kernel command line}"
cpu=/sys/devices/system/cpu/cpu1

ask() {	# LETTER
	printf %s "$1" | dd of=/dev/port bs=1 seek="$console_port" 2> /dev/null
}

step() {	# NAME
	exitstat --json > "/out/$1"
}

plug() {	# NAME: get the second CPU, and keep exitstat's output from before and after its 1,000 CPUIDs
	ask p
	until [ -e $cpu/online ]; do
		sleep 0.05
	done
	echo 1 > $cpu/online
	step "$1-idle"
	taskset 2 known 1000 0
	step "$1-busy"
}

step alone
plug first
ask u
while [ -e $cpu ]; do
	sleep 0.05
done
step gone
plug second
ask s
sleep 2		# stopped, and looked at

for file in /out/*; do	# the kernel's log keeps no more than a kilobyte of a line
	name=$(basename "$file")
	tr -d ' \n' < "$file" | fold -w 500 | sed "s/^/<0>@ $name /"
	echo
done > /all
while IFS= read -r line; do
	printf '%s\n' "$line" > /dev/kmsg
done < /all
printf '\020' | dd of=/dev/port bs=1 seek=244 2> /dev/null
