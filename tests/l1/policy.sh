#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Which VMs are traced, and which code gets answers. A VMM of our own tests this, and so does a real L2 that is switched
# on before it runs, and off and on while it runs.

. /l1.sh
# shellcheck disable=SC1091
. /files/vmm.sh

enabled() {	# print the path of the only VM's switch
	echo /sys/kernel/debug/kvm/*/exit_trace/enabled
}

switch_first() {	# when the waiting QEMU has made the VM, switch it on, and let it run
	until [ -e "$(enabled)" ] && [ -e /tmp/qmp.in ]; do
		sleep 0.1
	done
	sleep 0.5
	echo 1 > "$(enabled)"
	echo '{"execute":"cont"}' > /tmp/qmp.in
}

hist_dump() {	# at the pause
	case $name in
	again)	echo 0 > "$(enabled)"
		echo 1 > "$(enabled)" ;;
	gone)	echo 0 > "$(enabled)" ;;
	esac
}

load_kvm patched force_emulation_prefix=1
for command in policy policy-parameter policy-level policy-storm policy-created; do
	vmm $command $command
done
for parameter in '' _histogram _sites _page _cpl0; do
	echo 0 > /sys/module/kvm/parameters/exit_trace$parameter
done
if [ -e /files/bootexits.elf ]; then
	for guest in before again gone; do
		switch_first &
		run $guest -S -kernel /files/bootexits.elf -append sync
		wait $! || :
	done
fi
unload_kvm
