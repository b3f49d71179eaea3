#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Boots the disk of lab.sh -d by itself, on Debian's own KVM, without the payload. BPF programs count, up to a text on the
# guest's first serial port. COM1's output goes to L0 line by line. Variables:
#   until     (login:) the text. It may stand anywhere in a line. If it is empty, the guest has to end by itself
#   vcpus     (1)
#   ram       (512) in MiB
#   machine   (pc) QEMU's -machine
#   firmware  qboot or ovmf; default SeaBIOS
#   disk      (virtio) or ide: how L2 gets the disk
#   format    (raw) or qcow2
#   size      of the disk in bytes, if the image is smaller than L1's disk
#   args      more arguments for QEMU

. /l1.sh
: "${l2_cpu:?is not set; l2.sh sets it}"
: "${until=login:}"

load_disk
load_kvm stock
emit "run name=disk kernel=$(uname -r) vendor=$(vendor_module)"
set -- -machine "${machine:=pc}" -smp "${vcpus:=1}" -m "${ram:=512}" -boot c
case ${firmware:=seabios} in
qboot)	set -- "$@" -bios /usr/share/qemu/qboot.rom ;;
ovmf)	set -- "$@" -drive if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd ;;
esac
case ${format:=raw} in
raw)	set -- "$@" -drive "file=/dev/pmem0,format=raw,cache.direct=on,cache.no-flush=on,if=${disk:=virtio}${size:+,size=$size}" ;;
*)	mkdir -p /var/tmp	# where QEMU's snapshot is
	set -- "$@" -drive "file=/dev/pmem0,format=$format,snapshot=on,if=${disk:=virtio}" ;;
esac
: > /tmp/console
: > /tmp/records
# shellcheck disable=SC2086 # one word per argument
bootexits-bpf -d 8 --until userspace -- qemu-system-x86_64 -accel kvm -cpu "$l2_cpu" -nodefaults -display none \
	-no-reboot -rtc base=2026-01-01,clock=vm -chardev file,id=serial,path=/tmp/console -serial chardev:serial \
	"$@" ${args-} 8> /tmp/records 3>&- &
counter=$!

runs() {	# until it is waited for, a process that has ended is there as a zombie
	{ read -r _ _ state _ < /proc/$counter/stat; } 2> /dev/null && [ "$state" != Z ]
}

look() {	# TEXT: has the guest printed what ends its boot?
	case $1 in
	*"$until"*)	seen=$until ;;
	esac
}

# Passes on the lines that are whole. A prompt is the beginning of one. When the text comes, bootexits-bpf gets
# SIGRTMIN, marks the phase, and ends QEMU.
exec 5< /tmp/console
begun='' seen=''
while runs; do
	while IFS= read -r rest <&5; do
		echo "$begun$rest" > /dev/ttyS1
		look "$begun$rest"
		begun=''
	done
	begun=$begun$rest
	look "$begun"
	if [ -n "$seen" ]; then
		kill -34 $counter
		break
	fi
	sleep 0.1
done
status=0
wait $counter || status=$?
echo "$begun" > /dev/ttyS1
cat <&5 > /dev/ttyS1
tr -d '\r' < /tmp/records > /dev/ttyS3
unload_kvm
emit "disk status=$status seen=${seen:-none}"
[ $status -eq 0 ] && [ "$seen" = "$until" ]
