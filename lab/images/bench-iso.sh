#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: bench-iso.sh [-h] DIR
#
# Makes DIR/linux.iso. GRUB boots the small guest from it, with no payload, up to its getty. Instead of a
# login, the getty starts lab/guest/ended, which ends the VM.
#
# Environment: KVER is the version of the guest's kernel, see lab.sh; O is the build directory. DIR is another one.
# Exit codes: 0 done, 2 usage, 3 a part is not built.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"

[[ ${1-} != -h ]] || { usage; exit; }
[[ $# -eq 1 && $1 != -* ]] || { usage >&2; exit 2; }
dir=$(realpath -m "$1")
parts=("$build/bootexits.elf" "$build/lab/$kver/vmlinuz" "$build/guest/initrd.gz")
for part in "${parts[@]}"; do
	[[ -f $part ]] || die 3 "$part is missing"
done

mkdir -p "$dir"/root/rootfs/{etc,sbin}
cp "${parts[@]:0:2}" "$dir/"
cp "$root/lab/guest/ended" "$dir/root/rootfs/sbin/"
sed 's|/sbin/getty|& -n -l /sbin/ended|' "$root/lab/guest/root/etc/inittab" > "$dir/root/rootfs/etc/inittab"
{ cat "${parts[2]}"; pack_cpio "$dir/root" | gzip -9n; } > "$dir/initrd"
CMDLINE="console=ttyS0 quiet" make -s -C "$root/iso" O="$dir" linux ALONE=1 \
	KERNEL="$dir/vmlinuz" INITRD="$dir/initrd" > /dev/null
