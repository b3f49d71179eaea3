#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: study-report.sh [-h]
#
# Prints docs/study.md. measure/study/study.md.in is its template, and measure/study/study.jq takes the figures from the
# traces of measure/study.sh. The same traces give the same bytes.
#
# Environment: O is the build directory; STUDY is the folder of matrix, settings and template (measure/study).
# Exit codes: 0 done, 1 a trace is damaged or differs from the host's count, or the template asks for a figure that
# does not exist, 2 usage, 3 a trace is missing: run make study.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../scripts/common.sh"

from=${STUDY:-$root/measure/study}
traces=$build/study

# What report doesn't tell: L1's emulator and kernel, how many bytes the serial port printed, and the counts of ports.sh.
# shellcheck disable=SC2016
more='reduce (inputs | objects) as $line ({$name, emulator: "", release: "", bytes: 0, ports: []};
	if $line.trace then .emulator = ($line.emulator // $line.qemu)
	elif $line.host == "run" then .release = $line.kernel
	elif $line.console == "serial" and $line.text then .bytes += ($line.text | length) + 2
	elif $line.console == "host" and ($line.text // "" | startswith("kvm_pio ")) then
		.ports += [$line.text | capture("port: *(?<port>[0-9a-f]+),.*hitcount: *(?<hits>[0-9]+)")
			| .hits |= tonumber]
	else . end) + {report: $report[0].runs[0],
		advice: ($advice[0].advice | map({key: .rule, value: .exits}) | from_entries)}'

boot() {	# NAME
	local trace=$traces/$1.trace

	[[ -f $trace ]] || die 3 "$trace is missing: make study"
	"$build/bootexits" report --json "$trace" > "$tmp/report" ||
		die 1 "$1 is damaged or differs from the host's count: see build/bootexits report $trace"
	"$build/bootexits" advise --json "$trace" > "$tmp/advice"
	jq -cn --arg name "$1" --slurpfile report "$tmp/report" --slurpfile advice "$tmp/advice" "$more" "$trace"
}

only_help "$@"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
names=$("$here/study.sh" -l)
for name in $names; do
	boot "$name"
done > "$tmp/boots"
[[ -f $traces/packages ]] || die 3 "$traces/packages is missing: make study"
"$build/bootexits" advise --print-rules > "$tmp/rules"
jq -rjn -L "$root/measure" --arg of study -f "$root/measure/study/study.jq" --slurpfile boots "$tmp/boots" \
	--slurpfile rules "$tmp/rules" --rawfile matrix "$from/matrix" --rawfile settings "$from/settings" \
	--rawfile template "$from/study.md.in" --rawfile packages "$traces/packages" 2> "$tmp/error" > "$tmp/study.md" ||
	die 1 "$(sed 's/^jq: error ([^)]*): //' "$tmp/error")"
cat "$tmp/study.md"
