#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: bench-image.sh [-h]
#
# Builds build/lab/bench.cpio. It adds Debian's perf and bpftrace, with their libraries, to L1's root. They
# are of L1's suite. `make bench-all` gives it to lab.sh -a. If it is there already, nothing is done.
#
# Environment: L1_SUITE, see lab.sh; O is the build directory.
# Exit codes: 0 built or up to date, 2 usage, 3 a package can't be had, or the image can't be written.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../scripts/common.sh"

only_help "$@"

programs=$build/programs/bench-$l1_suite
image=$build/lab/bench.cpio
"$here/programs.sh" "bench-$l1_suite" linux-perf bpftrace -- /usr/bin/{perf,bpftrace} || exit 3
! cmp -s "$programs/lock" "$image.lock" || exit 0
{ mkdir -p "$build/lab" && tmp=$(mktemp -d "$build/lab/tmp.XXXXXX"); } 2> /dev/null || die 3 "can't write to $build/lab"
trap 'leave_image "$tmp" "$image"' EXIT
pack_cpio "$programs/root" > "$tmp/cpio"
rm -f "$image.lock"
mv "$tmp/cpio" "$image"
cp "$programs/lock" "$image.lock"
say "perf and bpftrace for L1: $(du -h "$image" | cut -f1) in RAM"
