#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: unsign.sh [-h] FILE
#
# Removes the signature of a PE image, such as Debian's signed vmlinuz. The result equals the unsigned image to the
# byte. A file that is no PE image is not changed.
#
# Exit codes: 0 done, 2 usage, 3 FILE can't be written.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/common.sh"

zero() {	# OFFSET LENGTH: sets these bytes of $file to zero
	dd if=/dev/zero of="$file" bs=1 seek="$1" count="$2" conv=notrunc status=none
}

file=${1-}
[[ $file != -h ]] || { usage; exit; }
[[ $# -eq 1 && $file != -* ]] || { usage >&2; exit 2; }
[[ -f $file && -w $file ]] || die 3 "can't write to $file"
[[ $(head -c 2 "$file" | tr -d '\0') == MZ ]] || exit 0

# PE format, "Optional Header" of a PE32+: CheckSum is at 64. At 144 is the certificate table's entry in the directory:
# its offset in the file, and its size. The certificates are the last part of the file.
header=$(($(od -An -t u4 -j 60 -N 4 "$file") + 24))
read -r at size < <(od -An -t u4 -j $((header + 144)) -N 8 "$file")
(( at == 0 || at + size > $(stat -c %s "$file") )) || truncate -s "$at" "$file"
zero $((header + 64)) 4
zero $((header + 144)) 8
