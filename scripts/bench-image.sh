#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: bench-image.sh [-h]
#
# Builds build/lab/bench.cpio, what L1's root has more for `make bench-all`: this machine's own perf
# and bpftrace with their libraries (for lab.sh -a). Does nothing if these are unchanged.
#
# Environment: O is the build directory.
# Exit codes: 0 built or up to date, 2 usage, 3 a package is missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/common.sh"

case ${1-} in
"")	;;
-h)	usage; exit ;;
*)	usage >&2; exit 2 ;;
esac

programs=(/usr/bin/perf /usr/bin/bpftrace)
for program in "${programs[@]}"; do
	[[ -x $program ]] || die 3 "no $program: run scripts/packages.sh -c"
done
mapfile -t files < <({ printf '%s\n' "${programs[@]}"; ldd "${programs[@]}" | grep -o '[[:blank:]]/[^ ]* (' | grep -o '/[^ ]*'; } | sort -u)

image=$build/lab/bench.cpio
inputs=$(stat -L -c '%n %s %Y' "${files[@]}")
[[ ! -f $image || $inputs != "$(cat "$image.inputs" 2> /dev/null)" ]] || exit 0
mkdir -p "$build/lab"
tmp=$(mktemp -d "$build/lab/tmp.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
for file in "${files[@]}"; do
	install -D "$file" "$tmp/root$file"
done
rm -f "$image.inputs"
pack_cpio "$tmp/root" > "$tmp/cpio"
mv "$tmp/cpio" "$image"
echo "$inputs" > "$image.inputs"
say "perf and bpftrace for L1: $(du -h "$image" | cut -f1) in RAM"
