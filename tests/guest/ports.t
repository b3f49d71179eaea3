#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/guest/ports.t           O=DIRECTORY: where the parts were built (default build)
#
# Guest kernels without /dev/port. On Debian's cloud kernels, bootexits-init uses ioperm(2). Lockdown refuses both. If
# another program makes the last mark, there is a `sync` record only if the VM was paused.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. scripts/common.sh
. "$(dirname "$0")/../lib/boots.sh"

diagnose() {
	tail -n 20 "$work/debugcon" "$work/serial" 2> /dev/null | tr -cd '[:print:]\n'
}

# cloud_kernel SUITE VERSION: get its newest image without /dev/port, as $O/kernel/cloud-VERSION/vmlinuz
cloud_kernel() {
	local dir=$O/kernel/cloud-$2 name

	[[ ! -e $dir/vmlinuz ]] || return 0
	name=$(lab/images/archive.sh -s "$1" names "linux-image-$2." | grep -E -- '-cloud-amd64$' | sort -V | tail -n 1) &&
		mkdir -p "$dir" "$work/deb" &&
		lab/images/archive.sh -s "$1" fetch "$work/deb" \
			"$(lab/images/archive.sh -s "$1" versions "$name" | head -n 1 | tr ' ' =)" || return
	dpkg-deb --fsys-tarfile "$work/deb/${name}_"*.deb | tar -x -C "$dir" --strip-components=2 --wildcards \
		'./boot/config-*' './boot/vmlinuz-*' && ln -s "vmlinuz-${name#linux-image-}" "$dir/vmlinuz"
}

# alone NAME KERNEL [WORDS]: boot that kernel with our init, without payload and tracer; $status is QEMU's
alone() {
	rm -f "$work/debugcon" "$work/serial"
	limited 120 qemu-system-x86_64 -accel tcg -m 512 -nodefaults -display none -no-reboot \
		-kernel "$2" -initrd "$work/alone.cpio" \
		-append "console=ttyS0 quiet no_timer_check panic=-1 rdinit=/bootexits/init ${3-}" \
		-chardev "file,id=debugcon,path=$work/debugcon" -device isa-debugcon,iobase=0xbe8,chardev=debugcon \
		-device isa-debug-exit,iobase=0xf4,iosize=4 -serial "file:$work/serial" 2> /dev/null
	status=$?
}

no_ports="bootexits-init: no I/O ports, neither by /dev/port nor by ioperm (lockdown?): "

mkdir -p "$work/root"/{bin,dev,proc}
cp /bin/busybox "$O/exitstat" "$work/root/bin/"
ln -s busybox "$work/root/bin/sh"
cp tests/l2/ports.sh "$work/root/init"
chmod +x "$work/root/init"
check "the guest's program compiles" gcc -O1 -static -I. -o "$work/root/bin/mark" tests/l2/mark.c
pack_cpio "$work/root" > "$work/initrd"

# This init ends by itself, so that the run ends even if the watcher says nothing.
mkdir -p "$work/alone"/{bin,dev}
cp /bin/busybox "$work/alone/bin/"
printf '#!/bin/busybox sh\n/bin/busybox sleep 5\n/bin/busybox poweroff -f\n' > "$work/alone/init"
chmod +x "$work/alone/init"
{ pack_cpio "$work/alone"; cat "$O/payload/init/init.cpio"; } > "$work/alone.cpio"

for kernel in bookworm:6.1 trixie:6.12; do
	version=${kernel#*:}
	check "a cloud kernel $version is fetched" cloud_kernel "${kernel%:*}" "$version"
	check "it has no /dev/port" grep -qx '# CONFIG_DEVPORT is not set' "$O/kernel/cloud-$version"/config-*
	alone "$version" "$O/kernel/cloud-$version/vmlinuz"
	[[ $status -eq 37 ]] && grep -q ' skip ' "$work/debugcon"
	ok $? "$version: bootexits-init tells the debug console, and ends the VM, by ioperm: status $status"
done
for mode in integrity confidentiality; do
	alone "$mode" "$O/lab/$KVER/vmlinuz" lockdown=$mode
	[[ $status -eq 0 ]] && grep -aqF "${no_ports}this machine has no exit tracer" "$work/serial"
	ok $? "$mode: one line on the console says why there are no records, and the guest goes on"
done

cp "$O/kernel/cloud-6.1/vmlinuz" "$work/vmlinuz-cloud"
port=$(sed -n "s/^#define KVM_EXIT_TRACE_PORT_CONSOLE[[:space:]]*//p" include/kvm_exit_trace.h)
lab ports -p -e console_port="$port" -e runs="cloud marked foreign locked locked-one" "$root/tests/l1/linux-matrix.sh" \
	"$O/bootexits.elf" "$O/lab/$KVER/vmlinuz" "$work/vmlinuz-cloud" "$work/initrd"
diagnose() { :; }

for run in cloud marked foreign locked; do
	check "$run: passes" test "$(verdict $run)" = 0
	check "$run: every record is right" "$O/bootexits" check "$(log_of $run)"
	check "$run: it has all marks of Linux" grep -q ' name=kernel ' "$(log_of $run)"
	check "$run: the last one is user space's" test \
		"$(sed -n 's/.* phase .* name=\([a-z]*\) .*/\1/p' "$(log_of $run)" | tail -n 1)" = userspace
done
for run in cloud marked; do
	check "$run: the VM was paused, and the counts agree" "$O/bootexits" report --host "$(host_of $run)" "$(log_of $run)"
	cp "$work/output" "$work/report"
	check "$run: to the unit" grep -q ': equal to the unit$' "$work/report"
	check "$run: exitstat tells the watcher's mark" grep -qE 'entry [0-9]+: userspace \(0x60\) ended at [0-9]+ exits' \
		<(console $run)
done
for run in foreign locked; do
	check "$run: the VM was not paused" test -z "$(grep '^host sync=' "$(host_of $run)")"
	check "$run: there is no sync record" test -z "$(grep ' sync try=' "$(log_of $run)")"
	check "$run: but a reason" grep -q ' selftest name=sync n=0 .* msg="' "$(log_of $run)"
done
check "locked: the console has a line of why" grep -qF "${no_ports}the VM was not paused" <(console locked)
check "locked-one: the console has a line of why" grep -qF "${no_ports}the records come here" <(console locked-one)
console locked-one | sed -n '/records come here/,$p' > "$work/locked-one.log"
check "locked-one: all records are there" "$O/bootexits" check "$work/locked-one.log"
check "locked-one: they have user space's mark" grep -q ' phase .* name=userspace ' "$work/locked-one.log"
check "locked-one: Linux then switches the VM off" grep -q '^l2 status=0' "$(host_of locked-one)"

done_testing
