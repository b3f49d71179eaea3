#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: l1-image.sh [-u] [-h]
#
# Builds all of L1 under build/lab/KVER/. vmlinuz, vmlinux (unpacked) and modules/ are of Debian's kernel. l1.cpio
# is L1's root in RAM: Debian's QEMU with its libraries and firmware, and busybox. All of it comes from packages of
# one suite. They are downloaded and unpacked under build/, and never installed. `lock` there lists them. If all is
# there already, nothing is done.
#
#   -u  use newer packages, if the archive has them
#
# Environment: KVER and L1_SUITE, see lab.sh; O is the build directory.
# Exit codes: 0 built or up to date, 2 usage, 3 a package can't be had, or the image can't be written.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"

lab=$build/lab/$kver
kernel=$build/kernel/$kver
programs=$build/programs/l1-$l1_suite
modules=(virt/lib/irqbypass drivers/crypto/ccp/ccp arch/x86/kvm/kvm arch/x86/kvm/kvm-amd arch/x86/kvm/kvm-intel)
# for lab.sh -d. They are not in l1.cpio: whatever is added there moves everything in L1's memory
disk_modules=(drivers/nvdimm/{libnvdimm,nd_btt,nd_pmem} drivers/acpi/nfit/nfit)
packages=(qemu-system-x86 seabios ovmf busybox-static)
files=(
	/usr/bin/qemu-system-x86_64
	/bin/busybox
	/usr/share/seabios/{bios-256k,bios,bios-microvm,vgabios-stdvga}.bin
	/usr/share/qemu/{kvmvapic,linuxboot,linuxboot_dma,multiboot,multiboot_dma,pvh}.bin
	/usr/share/qemu/qboot.rom
	/usr/share/OVMF/OVMF_{CODE,VARS}_4M.fd
)

write_lock() {	# prints what a trace says about its L1
	echo "# suite=$l1_suite kver=$kver"
	cat "$kernel/lock" "$programs/lock" | LC_ALL=C sort
}

install_modules() {	# SUBFOLDER MODULE...
	local module from=$kernel/lib/modules/$release/kernel to=$tmp/modules/$1

	shift
	mkdir -p "$to"
	for module in "$@"; do
		if [[ -f $from/$module.ko.xz ]]; then
			xz -dc "$from/$module.ko.xz" > "$to/${module##*/}.ko"
		else
			cp "$from/$module.ko" "$to/"
		fi
	done
	strip --strip-debug "$to"/*.ko
}

unpack_bzimage() {	# FILE: prints the ELF kernel in it. To unpack itself, L1 would need 4 billion instructions
	local sectors at bytes

	# Documentation/x86/boot.rst: setup_sects; payload_offset and payload_length. The last four bytes are
	# the unpacked size.
	sectors=$(od -An -t u1 -j 0x1f1 -N 1 "$1")
	read -r at bytes < <(od -An -t u4 -j 0x248 -N 8 "$1")
	at=$(((sectors + 1) * 512 + at)) bytes=$((bytes - 4))
	dd if="$1" bs=1M iflag=skip_bytes,count_bytes skip=$at count=$bytes status=none |
		case $(od -An -t x1 -j $at -N 2 "$1") in
		" fd 37")	xz -dc ;;
		" 28 b5")	zstd -dc ;;
		*)		die 3 "$1 is packed by neither xz nor zstd" ;;
		esac
}

install_kernel() {
	install_modules . "${modules[@]}"
	install_modules nvdimm "${disk_modules[@]}"
	install_modules msr arch/x86/kernel/msr	# for tests/host/features.t; not in l1.cpio either
	cp "$kernel/boot/vmlinuz-$release" "$tmp/vmlinuz"
	unpack_bzimage "$tmp/vmlinuz" > "$tmp/vmlinux"
}

fill_root() {
	local dir=$tmp/root

	mkdir -p "$dir"/{bin,dev,proc,sys,tmp,files,modules/stock,modules/patched}
	cp -r "$programs/root/." "$dir"
	ln -s busybox "$dir/bin/sh"
	cp "$tmp"/modules/*.ko "$dir/modules/stock/"
}

newer=
case ${1-} in
"")	;;
-u)	newer=-u ;;
-h)	usage; exit ;;
*)	usage >&2; exit 2 ;;
esac

"$here/kernel.sh" $newer || exit 3
"$here/programs.sh" $newer "l1-$l1_suite" "${packages[@]}" -- "${files[@]}" || exit 3
read -r release _ < "$kernel/release"
inputs=$(write_lock; sha256sum < "${BASH_SOURCE[0]}")
[[ ! -f $lab/l1.cpio || $inputs != "$(cat "$lab/inputs" 2> /dev/null)" ]] || exit 0

{ mkdir -p "$lab" && tmp=$(mktemp -d "$lab/tmp.XXXXXX"); } 2> /dev/null || die 3 "can't write to $lab"
trap 'leave_image "$tmp" "$lab"' EXIT
install_kernel
fill_root
pack_cpio "$tmp/root" > "$tmp/l1.cpio"
write_lock > "$tmp/lock"
rm -rf "$lab/inputs" "$lab/modules"
mv "$tmp"/{modules,vmlinuz,vmlinux,l1.cpio,lock} "$lab/"
echo "$inputs" > "$lab/inputs"
say "L1: Linux $release, $(du -h "$lab/l1.cpio" | cut -f1) in RAM"
