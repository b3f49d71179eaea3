#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: bench-report.sh [-h]
#
# Makes build/bench-all/benchmarks.md and benchmarks.svg, for docs/. The figures are what `make bench-all`
# measured in both lanes. measure/benchmarks/ has the template and the programs that fill it. The same logs give
# the same bytes. If the Intel lane was not measured, the page says so.
#
# Environment: O is the build directory; BENCHMARKS is the template's folder (measure/benchmarks).
# Exit codes: 0 done, 1 a log is damaged, or the template asks for a figure that does not exist, 2 usage,
# 3 nothing has been measured: run make bench-all.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../scripts/common.sh"

from=$root/measure/benchmarks
template=${BENCHMARKS:-$from}/benchmarks.md.in
out=$build/bench-all

lane() {	# NAME FOLDER: prints a lane's measurements as a JSON object
	[[ -f $2/host.log ]] || die 3 "$2/host.log is missing: make bench-all"
	"$build/bootexits" bench --json --host "$2/host.log" "$2/serial.log" > "$tmp/bench" || die 1 "$2 is damaged"
	jq -n --arg lane "$1" --slurpfile bench "$tmp/bench" --rawfile host "$2/host.log" \
		'{$lane, bench: $bench[0], $host}'
}

report() {	# benchmarks|plot: prints the page, or the plot's data
	jq -rjn -L "$root/measure" --arg of "$1" -f "$from/benchmarks.jq" --slurpfile lanes "$tmp/lanes" \
		--rawfile template "$template" 2> "$tmp/error" ||
		die 1 "$(sed 's/^jq: error ([^)]*): //' "$tmp/error")"
}

only_help "$@"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
lane amd "$out" > "$tmp/lanes"
[[ ! -d $out-intel ]] || lane intel "$out-intel" >> "$tmp/lanes"
report benchmarks > "$tmp/benchmarks.md"
report plot > "$tmp/plot"
grep "^amd" "$tmp/plot" > "$tmp/amd"
intel=
! grep "^intel" "$tmp/plot" > "$tmp/intel" || intel=$tmp/intel
gnuplot -e "amd = '$tmp/amd'; intel = '$intel'" "$from/benchmarks.gp" > "$tmp/benchmarks.svg"
mv "$tmp/benchmarks.md" "$tmp/benchmarks.svg" "$out/"
