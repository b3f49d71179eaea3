#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/disk.t
#
# make run DISK=IMAGE: a disk boots by its own boot loader, with nothing of ours in it. KVM's own boundaries and the login
# prompt end its phases. The disk here is GRUB's rescue image with a Linux and an initrd, as a hard disk.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

disk="$work/a disk.img"
mkdir -p "$work/tree/boot/grub"
cp "$O/lab/$KVER/vmlinuz" "$O/guest/initrd.gz" "$work/tree/"
printf 'set timeout=0\nmenuentry linux {\nlinux /vmlinuz console=ttyS0 quiet\ninitrd /initrd.gz\n}\n' > "$work/tree/boot/grub/grub.cfg"
check "there is a disk" grub-mkrescue -o "$disk" "$work/tree"
truncate -s +512 "$disk"	# no multiple of 2 MiB
cp "$disk" "$work/before"

# options NAME STATUS PATTERN FILE: what whole-disk.sh says of it, or writes
options() {
	lab/images/whole-disk.sh "$4" > "$work/said" 2>&1
	[[ $? -eq $2 ]] && grep -qs -e "$3" "$work/said" "$O/disk/options"
	ok $? "$1"
}
options "a raw image that is padded keeps its size" 0 "^-e format=raw -e size=$(stat -c %s "$disk")$" "$disk"
check "L1's disk is a multiple of 2 MiB" test $(($(stat -L -c %s "$O/disk/image") % (2 << 20))) -eq 0
printf 'QFI\xfb' > "$work/qcow2"
truncate -s 2M "$work/qcow2"
options "a qcow2 image is one" 0 '^-e format=qcow2$' "$work/qcow2"
check "an image that fits is not copied" test "$(realpath "$O/disk/image")" = "$work/qcow2"
for format in vmdk vdi vhdx; do
	qemu-img create -q -f $format "$work/$format" 4M
	options "a $format image is refused, with what to do" 3 'is a VMDK, VDI or VHDX image: qemu-img convert' "$work/$format"
done
: > "$work/empty"
options "an empty file is no disk" 3 '0 bytes are no disk' "$work/empty"
options "nor is a folder" 3 'is no file that can be read' "$work"

# run STATUS PATTERN VARIABLE...: what make run starts ends so, and says that. make check has given these tests its own
# KERNEL. Another test may use make run meanwhile, which only one can.
run() {
	env -u KERNEL -u INITRD -u ON_DISK make boot-itself "${@:3}" > "$work/said" 2>&1
	[[ $? -eq $1 ]] && grep -q -e "$2" "$work/said"
	ok $? "make run ${*:3}: status $1, says $2"
}
run 2 'there is no /none/disk (DISK=)' DISK=/none/disk
run 2 "works in the lab with SVM and Debian's own KVM only" DISK="$disk" LANE=intel
if ! scripts/packages.sh -B > /dev/null 2>&1; then
	skip "the boot" "BPF programs can't be built here"
	done_testing
fi
trace=$work/disk.trace
run 0 '^to-cpl3 ' DISK="$disk" TRACE="$trace"
check "its phases are those that KVM sees, and the prompt's" jq -es \
	'[.[] | select(.guest == "phase").name] == ["to-long-mode", "to-os", "to-cpl3", "userspace", "to-end"]' "$trace"
check "the last total is KVM's last count" jq -es '(map(select(.guest == "phase").total) | last) ==
	(map(select(.name == "stat_exits").expect) | add)' "$trace"
check "every record is right" "$O/bootexits" check "$trace"
check "the guest's prompt is in the trace" grep -q 'login:' "$trace"
check "the guest has all vCPUs" jq -es 'any(.guest == "host" and .vcpus == 1)' "$trace"
check "the image was not changed" cmp "$work/before" "$disk"

# A guest that ends by itself: its boot loader resets the machine. Its disk is a qcow2 image.
printf 'reboot\n' > "$work/tree/boot/grub/grub.cfg"
rm "$work/tree/vmlinuz"
grub-mkrescue -o "$work/short.img" "$work/tree" > "$work/said" 2>&1
check "there is a qcow2 image" qemu-img convert -O qcow2 "$work/short.img" "$work/short.qcow2"
run 2 'make run: the guest ended before it printed login: (UNTIL=)$' DISK="$work/short.qcow2" TRACE="$trace"
check "a guest that ends before the text: all that was counted is there" jq -es \
	'map(select(.guest == "phase")) | map(.name) == ["custom"] and .[0].total > 1000' "$trace"

done_testing
