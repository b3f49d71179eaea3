#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: both.sh [-h] TRACE
#
# Compares what the patched KVM and bootexits-bpf counted over one boot, for each mark, vCPU and reason. TRACE
# comes from `make run KVM=both`. bootexits-bpf's half becomes a trace of its own beside TRACE: its name is TRACE's
# with -bpf.
#
# Environment: O is the build directory.
# Exit codes: 0 all counts are equal, or each difference has a known cause; 1 a difference has no known cause, or
# the trace has defects; 2 usage; 3 there is no such trace, or it has no records of bootexits-bpf.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../scripts/common.sh"

case ${1-} in
-h)	usage; exit ;;
"" | -*) usage >&2; exit 2 ;;
esac
trace=$1
[[ -r $trace ]] || die 3 "there is no $trace"
half=${trace%.trace}-bpf.trace
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
jq -r 'select(.console == "host" and (.text // "" | startswith("bx "))) | .text' "$trace" > "$tmp/bpf.log"
[[ -s $tmp/bpf.log ]] || die 3 "$trace has no records of bootexits-bpf: make run KVM=both"
"$build/bootexits" record --lab --from-log -o "$half" "$tmp/bpf.log" 2> "$tmp/said" || die 3 "$(cat "$tmp/said")"
"$build/bootexits" check "$half" > "$tmp/checked" || { cat "$tmp/checked"; exit 1; }
for each in "$trace" "$half"; do
	jq -c 'select(.guest)' "$each" | jq -cs .
done | jq -rs -f "$here/both.jq" | tee "$tmp/told"
grep -q ' 0 with no known cause$' "$tmp/told"
