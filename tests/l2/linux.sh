#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The guest of linux.t prints these facts before its login prompt, each line with an @ in front: its CPUs, its memory,
# and its kernel's warnings.

# Lines go through the kernel's log, which polls the serial port. tests/l2/init.sh says why.
say() {	# WORD: print each line of standard input after WORD
	while IFS= read -r line; do
		printf '<0>@ %s %s\n' "$1" "$line" > /dev/kmsg
	done
}

nproc | say cpus
say present < /sys/devices/system/cpu/present
sed -n 's/^MemTotal: *//p' /proc/meminfo | say total
uname -r | say release
dmesg -r | sed -n 's/^<[0-4]>//p' | say warning
dmesg | grep -E 'BIOS-e820: ' | say map
dmesg | grep -E '^Memory: ' | say memory
if ! grep -q bootexits /proc/cmdline; then
	printf '\020' | dd of=/dev/port bs=1 seek=244 2> /dev/null
fi
