#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: guest-image.sh [-u] [-h]
#
# Builds build/guest/initrd.gz, the user space of the small guest. It is busybox as a little distribution.
# Its initramfs mounts the kernel's file systems, makes a root in RAM and switches to it. Then a getty asks
# for a login on ttyS0 (root, no password), and says so in /run/utmp.
# It has Debian's busybox, of L1's suite, and lab/guest/. Nothing in it knows of bootexits. If
# build/exitstat has been built, it becomes /bin/exitstat. The same files give the same bytes.
#
#   -u  use a newer busybox, if the archive has one
#
# Environment: L1_SUITE, see lab.sh; O is the build directory.
# Exit codes: 0 built or up to date, 2 usage, 3 busybox can't be had, or the image can't be written.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"

image=$build/guest/initrd.gz
busybox=$build/programs/guest-$l1_suite/root/bin/busybox
applets=(sh mount cp switch_root)	# the commands that the first stage calls

fill() {	# fills the initramfs. Its rootfs/ becomes the root
	local path rootfs=$tmp/root/rootfs

	mkdir -p "$tmp"/root/{bin,dev,newroot,proc,run,sys} "$rootfs"/{bin,dev,proc,root,run,sbin,sys,tmp,usr/{bin,sbin},var/log}
	cp "$root/lab/guest/init" "$tmp/root/init"
	cp "$busybox" "$tmp/root/bin/busybox"
	for path in "${applets[@]}"; do
		ln -s busybox "$tmp/root/bin/$path"
	done
	cp -r "$root/lab/guest/root/." "$rootfs"
	for path in $("$busybox" --list-full | grep / | grep -vx bin/busybox); do
		ln -s /bin/busybox "$rootfs/$path"
	done
	ln -s /run "$rootfs/var/run"
	[[ ${#exitstat[@]} -eq 0 ]] || cp "${exitstat[@]}" "$rootfs/bin/exitstat"
	chmod -R u=rwX,go=rX "$tmp/root"
}

newer=()
case ${1-} in
"")	;;
-u)	newer=(-u) ;;
-h)	usage; exit ;;
*)	usage >&2; exit 2 ;;
esac

"$here/programs.sh" "${newer[@]}" "guest-$l1_suite" busybox-static -- /bin/busybox || exit 3
exitstat=()
[[ ! -e $build/exitstat ]] || exitstat=("$build/exitstat")
inputs=$({ tar -c --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$root/lab/guest" .
	cat "$busybox" "$here/guest-image.sh" "$root/scripts/common.sh" "${exitstat[@]}"; } | sha256sum)
[[ ! -f $image || $inputs != "$(cat "$build/guest/inputs" 2> /dev/null)" ]] || exit 0
{ mkdir -p "$build/guest" && tmp=$(mktemp -d "$build/guest/tmp.XXXXXX"); } 2> /dev/null || die 3 "can't write to $build/guest"
trap 'leave_image "$tmp" "$image"' EXIT
fill
pack_cpio "$tmp/root" | gzip -9n > "$tmp/initrd.gz"
truncate -s %4 "$tmp/initrd.gz"	# the kernel takes a cpio archive after it only at a multiple of 4 bytes
cmp -s "$tmp/initrd.gz" "$image" || mv "$tmp/initrd.gz" "$image"
echo "$inputs" > "$build/guest/inputs"
say "small guest: $(du -h "$image" | cut -f1), $("$busybox" --list | wc -l) commands"
