# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the tests that boot a guest image without KVM, after tap.sh.
# shellcheck disable=SC2154 # tap.sh sets work and others

# boots NAME TEXT SECONDS KERNEL INITRD CMDLINE [ARG...]: a QEMU with those ARGs prints on its serial port, into
# $work/serial, and this matches TEXT within SECONDS of CPU time; a dot in TEXT also matches a newline
boots() {
	local name=$1 text=$2 limit=$3 pid

	rm -f "$work/serial"
	timeout 3600 prlimit --cpu="$limit" qemu-system-x86_64 -accel tcg -m 512 -nodefaults -display none -no-reboot \
		-chardev "file,id=serial,path=$work/serial" -serial chardev:serial \
		-kernel "$4" -initrd "$5" -append "$6" "${@:7}" > "$work/said" 2>&1 &
	pid=$!
	while kill -0 $pid 2> /dev/null && ! grep -qaszE "$text" "$work/serial"; do
		sleep 0.3
	done
	kill $pid 2> /dev/null
	wait $pid
	grep -qaszE "$text" "$work/serial"
	ok $? "$name"
}

diagnose() {	# print the last messages
	tail -n 20 "$work/said" "$work/serial" 2> /dev/null | tr -cd '[:print:]\n'
}

# fails STATUS SAYS NAME COMMAND...: it ends with STATUS, and its last line has SAYS
fails() {
	local status=0

	"${@:4}" > "$work/said" 2>&1 || status=$?
	[[ $status -eq $1 ]] && tail -n 1 "$work/said" | grep -q -e "$2"
	ok $? "$3: status $1 (is $status), '$2'"
}
