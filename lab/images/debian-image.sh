#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: debian-image.sh [-h]
#
# Builds a bootable Debian 12 with systemd under build/debian/. disk.img is a disk with one ext4 file system.
# vmlinuz and initrd.img are its own. mmdebstrap makes it of Debian's `important` packages, a kernel, dbus
# and libpam-systemd. It differs from an installed Debian:
#   - it has no manuals, no other docs and no translations;
#   - root has no password, so the serial console asks for none;
#   - its machine-id is fixed, and it takes its first boot for done;
#   - no file is newer than 2025-12-31. Guests of the lab live after that date.
# Boot it with root=/dev/vda, root=/dev/sda or root=UUID=b007e817-5000-4000-8000-000000000012.
# The same packages give the same bytes. If all is there already, nothing is done. To build it of newer
# packages, remove build/debian first.
#
# Environment: O is the build directory; DEBIAN_SIZE is the disk's size in MiB, default 896.
# Exit codes: 0 built or up to date, 2 usage, 3 not root, no mmdebstrap, no mirror or no room.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"

dir=$build/debian
suite=bookworm
size=${DEBIAN_SIZE:-896}
uuid=b007e817-5000-4000-8000-000000000012
export SOURCE_DATE_EPOCH=1767139200 E2FSPROGS_FAKE_TIME=1767139200
include=linux-image-amd64,initramfs-tools,e2fsprogs,systemd-sysv,udev,dbus,libpam-systemd,zstd

inputs() {
	sha256sum < "${BASH_SOURCE[0]}"
	echo "$suite $size"
}

set_up() {	# does what the installer would do
	echo debian > "$tmp/root/etc/hostname"
	printf '127.0.0.1\tlocalhost\n127.0.1.1\tdebian\n::1\tlocalhost ip6-localhost ip6-loopback\n' > "$tmp/root/etc/hosts"
	echo "UUID=$uuid / ext4 errors=remount-ro 0 1" > "$tmp/root/etc/fstab"
	echo "${uuid//-/}" > "$tmp/root/etc/machine-id"
	rm -f "$tmp/root/etc/resolv.conf"	# this machine's
	chroot "$tmp/root" passwd -q -d root
	touch "$tmp/root/etc/.updated" "$tmp/root/var/.updated"
	find "$tmp/root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
	find "$tmp/root" -exec touch -h -a -d "@$SOURCE_DATE_EPOCH" {} +
}

make_disk() {	# the disk has no time of this machine in it: mke2fs copies ctimes, so they are set afterwards
	truncate -s "${size}M" "$tmp/disk.img"
	mke2fs -q -t ext4 -L debian -U "$uuid" -d "$tmp/root" \
		-E "hash_seed=$uuid,lazy_itable_init=0,lazy_journal_init=0" "$tmp/disk.img"
	find "$tmp/root" -printf "sif \"/%P\" ctime @$SOURCE_DATE_EPOCH\n" > "$tmp/ctimes"
	debugfs -w -f "$tmp/ctimes" "$tmp/disk.img" > /dev/null 2> "$tmp/errors"
	! grep -v '^debugfs [0-9]' "$tmp/errors" >&2
}

only_help "$@"

if [[ -f $dir/disk.img && -f $dir/inputs ]] && inputs | cmp -s - "$dir/inputs"; then
	exit 0
fi
[[ $(id -u) == 0 ]] || die 3 "you must be root, because mmdebstrap changes owners and calls chroot"
"$root/scripts/packages.sh" -d || exit 3
{ mkdir -p "$dir" && tmp=$(mktemp -d "$dir/tmp.XXXXXX"); } || die 3 "can't write to $dir"
trap 'leave_image "$tmp" "$dir/disk.img"' EXIT

debian_sources "$suite" > "$tmp/sources.list"
mmdebstrap --variant=important --include="$include" --dpkgopt="path-exclude=/usr/share/doc/*" \
	--dpkgopt="path-exclude=/usr/share/man/*" --dpkgopt="path-exclude=/usr/share/locale/*" --mode=root \
	"$suite" "$tmp/root" "$tmp/sources.list" 2>&1 | tee "$dir/mmdebstrap.log" >&2 ||
	die 3 "mmdebstrap failed: $(grep ^E: "$dir/mmdebstrap.log" | tail -n 1)"
set_up
rm -f "$dir/inputs"
make_disk
cp -L "$tmp"/root/boot/vmlinuz-* "$tmp/vmlinuz"
cp -L "$tmp"/root/boot/initrd.img-* "$tmp/initrd.img"
mv "$tmp"/{disk.img,vmlinuz,initrd.img} "$dir/"
inputs > "$dir/inputs"
say "Debian: $(du -h "$dir/disk.img" | cut -f1) of $size MiB, $(basename "$tmp"/root/boot/vmlinuz-*)"
