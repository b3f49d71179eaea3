#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: l1-image.sh [-h]
#
# Builds what L1 consists of, under build/lab/KVER/: vmlinuz, vmlinux (the same, unpacked) and
# modules/ out of the Debian kernel package that matches the installed headers (the package is
# unpacked here, never installed), and l1.cpio, its root in RAM: busybox and this machine's own
# qemu-system-x86_64 with its libraries and firmware. Does nothing if all inputs are unchanged.
#
# Environment: KVER=6.1 selects the kernel; O is the build directory.
# Exit codes: 0 built or up to date, 2 usage, 3 a package is missing, or the image can't be written.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"

lab=$build/lab/$kver
modules=(virt/lib/irqbypass drivers/crypto/ccp/ccp arch/x86/kvm/kvm arch/x86/kvm/kvm-amd arch/x86/kvm/kvm-intel)
# for lab.sh -d: not in l1.cpio, for whatever else is there moves everything in L1's memory
disk_modules=(drivers/nvdimm/{libnvdimm,nd_btt,nd_pmem} drivers/acpi/nfit/nfit)
qemu=/usr/bin/qemu-system-x86_64
busybox=/bin/busybox
firmware=(
	/usr/share/seabios/{bios-256k,bios,bios-microvm,vgabios-stdvga}.bin
	/usr/share/qemu/{kvmvapic,linuxboot,linuxboot_dma,multiboot,multiboot_dma,pvh}.bin
	/usr/share/qemu/qboot.rom
	/usr/share/OVMF/OVMF_{CODE,VARS}_4M.fd
)

[[ -x $qemu && -x $busybox ]] || die 3 "no $qemu or $busybox: run scripts/packages.sh"
# The shared objects that QEMU loads, its ELF interpreter included.
mapfile -t libraries < <(ldd "$qemu" | grep -o '/[^ ]*' | sort -u)

inputs() {	# one text that differs when any input does
	echo "$release $version"
	sha256sum < "${BASH_SOURCE[0]}"
	stat -L -c '%n %s %Y' "$qemu" "$busybox" "${firmware[@]}" "${libraries[@]}"
}

fetch_kernel() {	# unpacks the kernel package into $tmp/kernel
	(cd "$tmp" && apt-get -qq -o APT::Sandbox::User=root download "linux-image-$release=$version" ) ||
		die 3 "can't download linux-image-$release $version"
	dpkg-deb -x "$tmp"/linux-image-*.deb "$tmp/kernel"
}

install_modules() {	# SUBFOLDER MODULE...
	local module from=$tmp/kernel/lib/modules/$release/kernel to=$tmp/modules/$1

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

unpack_bzimage() {	# FILE: the ELF kernel in it; unpacking itself, it takes 4 billion instructions
	local sectors at bytes

	# Documentation/x86/boot.rst: setup_sects; payload_offset and payload_length, whose last
	# four bytes are the unpacked size.
	sectors=$(od -An -t u1 -j 0x1f1 -N 1 "$1")
	read -r at bytes < <(od -An -t u4 -j 0x248 -N 8 "$1")
	at=$(((sectors + 1) * 512 + at)) bytes=$((bytes - 4))
	dd if="$1" bs=1M iflag=skip_bytes,count_bytes skip=$at count=$bytes status=none |
		case $(od -An -t x1 -j $at -N 2 "$1") in
		" fd 37")	xz -dc ;;
		" 28 b5")	zstd -dc ;;
		*)		die 3 "$1 is packed neither by xz nor by zstd" ;;
		esac
}

install_kernel() {
	install_modules . "${modules[@]}"
	install_modules nvdimm "${disk_modules[@]}"
	install_modules msr arch/x86/kernel/msr	# for tests/features.t, nor in l1.cpio
	mv "$tmp/kernel/boot/vmlinuz-$release" "$tmp/vmlinuz"
	unpack_bzimage "$tmp/vmlinuz" > "$tmp/vmlinux"
}

fill_root() {	# copies files to the same path in L1, links resolved
	local file dir=$tmp/root

	mkdir -p "$dir"/{bin,dev,proc,sys,tmp,files,modules/stock,modules/patched}
	for file in "$qemu" "${firmware[@]}" "${libraries[@]}"; do
		install -D "$file" "$dir$file"
	done
	cp "$busybox" "$dir/bin/busybox"
	ln -s busybox "$dir/bin/sh"
	cp "$tmp"/modules/*.ko "$dir/modules/stock/"
}

case ${1-} in
"")	;;
-h)	usage; exit ;;
*)	usage >&2; exit 2 ;;
esac

read -r release version < <("$here/packages.sh" -k) || die 3 "no kernel to build L1 from"
if [[ -f $lab/l1.cpio && -f $lab/inputs ]] && inputs | cmp -s - "$lab/inputs"; then
	exit 0
fi

{ mkdir -p "$lab" && tmp=$(mktemp -d "$lab/tmp.XXXXXX"); } 2> /dev/null || die 3 "can't write to $lab"
trap 'leave_image "$tmp" "$lab"' EXIT
fetch_kernel
install_kernel
fill_root
pack_cpio "$tmp/root" > "$tmp/l1.cpio"
inputs > "$tmp/inputs"
rm -rf "$lab/inputs" "$lab/modules"
mv "$tmp"/{modules,vmlinuz,vmlinux,l1.cpio} "$lab/"
mv "$tmp/inputs" "$lab/"
say "L1: Linux $release, $(du -h "$lab/l1.cpio" | cut -f1) in RAM"
