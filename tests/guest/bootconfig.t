#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/guest/bootconfig.t
#
# Linux looks for a bootconfig in the last bytes of its initrd, and finds it with the payload, too. Linux takes an
# image of a file system in place of an archive. With the payload, one line refuses it. Debian's kernels can do
# neither, so a small kernel is built of the source package, once (build/kernel/KVER/bootconfig). The boots run in
# plain TCG, where the payload is given a tracer (tests/guest/lines/tracer.h).
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/plain.sh"
. scripts/common.sh

config=lab/configs/bootconfig.config
kernel=$O/kernel/$KVER/bootconfig
vmlinuz=$kernel/linux/arch/x86/boot/bzImage

diagnose() {
	[[ ! -s $work/serial ]] || grep -aE '^bx |ootconfig|[Ii]nitr|Run |first|panic|RAMDISK|ommand line' "$work/serial"
}

make_linux() {
	make -s -C "$kernel/linux" O= "$@"
}

build_kernel() {
	! cmp -s "$config" "$kernel/config" || return 0
	rm -f "$kernel/config"
	if [[ ! -d $kernel/linux ]]; then
		rm -rf "$kernel/new"
		mkdir -p "$kernel/new"
		tar -xf "$O/kernel/$KVER/usr/src/linux-source-$KVER.tar.xz" -C "$kernel/new" --strip-components=1 || return
		mv "$kernel/new" "$kernel/linux"
	fi
	make_linux tinyconfig && cat "$config" >> "$kernel/linux/.config" && make_linux olddefconfig || return
	if grep ^CONFIG "$config" | grep -vxF -f "$kernel/linux/.config"; then
		return 1
	fi
	make_linux -j2 bzImage && make -s -C "$kernel/linux/tools/bootconfig" O= bootconfig && cp "$config" "$kernel/config"
}

make_initrds() {
	mkdir "$work/root"
	gcc -Os -static -nostdlib -fno-stack-protector -o "$work/root/init" tests/l2/first.c || return
	strip "$work/root/init"
	pack_cpio "$work/root" > "$work/plain.cpio"
	gzip -9n < "$work/plain.cpio" > "$work/gzip"
	lz4 -q -l -9 < "$work/plain.cpio" > "$work/lz4"
	printf 'kernel {\n  told = "by bootconfig"\n}\ninit.one = 1\n' > "$work/keys"
	mkdir "$work/fs" "$work/fs/sbin" "$work/fs/dev"
	cp "$work/root/init" "$work/fs/sbin/init"
	mke2fs -q -t ext2 -d "$work/fs" "$work/image" 256k
}

boot() {	# INITRD WORDS [alone]
	local -a how=(-kernel "$plain/bootexits.elf" -initrd "$vmlinuz $line $2,$1")

	[[ $# -eq 2 ]] || how=(-kernel "$vmlinuz" -initrd "$1" -append "$line $2")
	plain_boot "${how[@]}"
}

# configured NAME INITRD: Linux loads the keys; its line begins with the kernel's keys, and ends with init's
configured() {
	boot "$2" bootconfig
	grep -aqE 'Load bootconfig: [0-9]+ bytes 6 nodes' "$work/serial" &&
		grep -aqE 'Kernel command line: told="by bootconfig" .* -- one="?1"?' "$work/serial" &&
		grep -aq 'Run /bootexits/init as init' "$work/serial" &&
		grep -aq 'first: process 1' "$work/serial"
	ok $? "$1"
}

check "Linux's source is fetched" lab/images/kernel.sh
check "a Linux with bootconfig builds" build_kernel
check "the payload builds, with a tracer for plain TCG" plain_payload
check "there are initrds" make_initrds

for format in plain.cpio gzip lz4; do
	cp "$work/$format" "$work/initrd"
	"$kernel/linux/tools/bootconfig/bootconfig" -a "$work/keys" "$work/initrd" > /dev/null
	configured "a bootconfig behind $format" "$work/initrd"
done
printf '\0\0\0' >> "$work/initrd"
configured "GRUB's zeros behind that" "$work/initrd"

boot "$work/image" "root=/dev/ram0 rw" alone
check "Linux by itself runs an image's init" grep -aq 'first: process 1' "$work/serial"
boot "$work/image" "root=/dev/ram0 rw"
check "with the payload, one line says that it can't" grep -aq \
	"bootexits-init: can't run /init: error 2; an initrd without it is not supported" "$work/serial"

done_testing
