#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: whole-disk.sh [-h] [--] IMAGE
#
# Makes a disk image ready for the scenario disk: build/disk/image is the image, or a padded copy, because the size of
# L1's disk must be a multiple of 2 MiB. build/disk/options has the scenario's variables as lab.sh takes them: the format,
# raw or qcow2, and the size of a raw image that was padded.
#
# Environment: O is the build directory.
# Exit codes: 0 ready, 2 usage, 3 the image can't be read or is no disk, or the copy can't be written.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"

unit=$((2 << 20))

case ${1-} in
-h)	usage; exit ;;
--)	shift ;;
-*)	usage >&2; exit 2 ;;
esac
[[ $# -eq 1 ]] || { usage >&2; exit 2; }
image=$(realpath -- "$1")
out=$build/disk
[[ -r $image && -f $image ]] || die 3 "$1: is no file that can be read"
size=$(stat -L -c %s -- "$image")
[[ $size -ge 512 ]] || die 3 "$1: $size bytes are no disk"
case $(head -c 4 -- "$image" | od -An -tx1 | tr -d ' ') in
514649fb) options="-e format=qcow2" ;;
4b444d56 | 3c3c3c20 | 76686478) die 3 "$1: is a VMDK, VDI or VHDX image: qemu-img convert -O raw makes a disk of it" ;;
*)	options="-e format=raw" ;;
esac
{ mkdir -p "$out" && rm -f "$out"/{image,options}; } || die 3 "can't write to $out"
if ((size % unit)); then
	[[ $options != *raw ]] || options+=" -e size=$size"
	{ cp --sparse=always -- "$image" "$out/image" && truncate -s $(((size / unit + 1) * unit)) "$out/image"; } ||
		die 3 "there is no room for a copy of $1 in $out"
else
	ln -s -- "$image" "$out/image"
fi
echo "$options" > "$out/options"
