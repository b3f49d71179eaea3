#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/guest/init.t
#
# bootexits-init marks the phases of a Linux boot and prints them. The user's init finds everything as it would
# without bootexits-init.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. scripts/common.sh

init=$O/payload/init/init
mkdir -p "$work/guest"/{bin,dev,proc,run,newroot,my}
cp /bin/busybox "$O/exitstat" "$work/guest/bin/"
ln -s busybox "$work/guest/bin/sh"
ln -s busybox "$work/guest/bin/sleep"
cp tests/l2/init.sh "$work/guest/my/init"
chmod +x "$work/guest/my/init"
# busybox switch_root wants this file, and nothing may run it.
printf "#!/bin/sh\necho the wrong init\n" > "$work/guest/init"
chmod +x "$work/guest/init"
{ cat "$init.cpio"; pack_cpio "$work/guest"; } > "$work/guest.cpio"
# The same, after a program has taken the newer system calls away
mkdir -p "$work/old/bootexits"
check "an old Linux compiles" gcc -O1 -static -o "$work/old/bootexits/init" tests/l2/old.c
cp "$init" "$work/old/bootexits/real"
{ cat "$work/guest.cpio"; pack_cpio "$work/old"; } > "$work/old.cpio"

check "the program is small: $(stat -c %s "$init") bytes" test "$(stat -c %s "$init")" -le 20480
check "its archive has a folder and the program, both without a time" test \
	"$(cpio --quiet -tvn < "$init.cpio" 2> /dev/null | awk '{ print $1, $3, $4, $8, $9 }' | tr '\n' ' ')" = \
	'drwxr-xr-x 0 0 1970 bootexits -rwxr-xr-x 0 0 1970 bootexits/init '

port=$(sed -n "s/^#define KVM_EXIT_TRACE_PORT_CONSOLE[[:space:]]*//p" include/kvm_exit_trace.h)
lab init -e console_port="$port" "$root/tests/l1/init.sh" "$O/lab/$KVER/vmlinuz" "$work/guest.cpio" "$work/old.cpio"

said() {	# TAG: print what the user's init printed after it, in the guest $run
	awk -v run="$run" '{ sub(/[ \r]+$/, "") } /^# run / { here = $3 == run } here' "$logs/serial.log" |
		sed -n "s/.*@ $1 //p"
}

# A guest that gets to its login, with all system calls of Linux, and with those of 2.6.31 only
for run in login old; do
	check "$run: the user's init is process 1, by its own path, with its own arguments" test \
		"$(said first)" = 'pid=1 path=/my/init args=one two rdinit=/not/this'
	check "its command line is the one that the kernel would give it" test \
		"$(said command)" = '/bin/sh /my/init one two rdinit=/not/this'
	check "its environment is, too: $(said environment)" test "$(said environment)" = 'HOME=/ TERM=linux'
	check "nothing is mounted but what it mounts: $(said mounts)" test "$(said mounts)" = '/ /proc'
	check "no file is there but our program: $(said ours)" test "$(said ours)" = "init$([[ $run != old ]] || echo ' real')"
	check "the root has the expected files only: $(said root)" \
		test "$(said root)" = 'bin bootexits dev init my newroot proc root run'
	check "no file is open but the console and the script: $(said files)" test \
		"$(said files)" = '/dev/console /my/init'

	check "before its first instruction the kernel's end is marked" test "$(said 'marks initramfs')" = kernel
	check "mounts elsewhere do not count as a new root" test "$(said 'marks mounted')" = kernel
	check "the switch of the root is marked before the next program runs" test \
		"$(said 'marks switched')" = 'kernel initramfs'
	check "utmp without a login is no mark" test "$(said 'marks utmp')" = 'kernel initramfs'
	check "systemd would spare the watcher" test \
		"$(said watcher)" = '@bootexits/init one two rdinit=/not/this'

	check "the login prompt ends the VM with verdict pass" test "$(verdict $run)" = 0
	check "the log is on the debug console, in order" test \
		"$(records $run-records phase | sed 's/.* id=\([0-9]*\) name=\([a-z]*\) .*/\1 \2/' | tr '\n' ' ')" \
		= '64 kernel 80 initramfs 96 userspace '
	records $run-records > "$work/$run.log"
	check "bootexits check finds no fault in it" "$O/bootexits" check "$work/$run.log"

	total=$(value $run-records phase total)
	exits=$(sed -n "/^run name=$run\$/,/^run /s/^host sync=0 exits=\([0-9]*\) .*/\1/p" "$logs/host.log")
	after=$(value $run-records sync after)
	check "the last mark was $total, KVM's own count in the pause ${exits:-none}, ours behind it $after" \
		test "$((total + 1))" -le "${exits:-0}" -a "${exits:-0}" -lt "$after"
done

check "if there is no init, one line says so" grep -q \
	"bootexits-init: can't run /no/init: error 2; an initrd without it is not supported" "$logs/serial.log"
check "and the kernel panics, without a verdict" test "$(verdict missing)" = 3

check "no tracer: verdict skip" test "$(verdict absent)" = 4
check "it prints hello, skip, verdict and end, and nothing else" test \
	"$(records absent-records | awk '{ printf "%s ", $3 }')" = 'hello skip verdict end '

done_testing
