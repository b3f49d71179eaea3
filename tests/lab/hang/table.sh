#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: table.sh [-h]
#
# Prints a table for docs/ from the results of boots.sh. For each way to boot, and each emulator of build/hang/, it says
# how many boots passed, hung, or did something else. A boot passes only if its exits equal the host's to the unit.
#
# Environment: O is the build directory.
# Exit codes: 0 printed, 2 usage, 3 there are no results.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/common.sh"

[[ ${1-} != -h ]] || { usage; exit; }
[[ $# -eq 0 ]] || { usage >&2; exit 2; }
shopt -s nullglob
results=("$build"/hang/*/results.tsv)
[[ ${#results[@]} -gt 0 ]] || die 3 "no results in $build/hang: tests/lab/hang/boots.sh"
awk -F '\t' '
	FNR == 1 {
		n = split(FILENAME, path, "/")
		emulator[++emulators] = path[n - 1]
	}
	!($2 in known) { known[$2]; way[++ways] = $2 }
	{ kind = $3 == 125 ? "hang" : $3 == 0 && $5 == "yes" ? "pass" : "other" }
	{ count[emulators, $2, kind]++; count[emulators, "all", kind]++; cpu[emulators, $2] += $6; cpu[emulators, "all"] += $6 }
	{ boots[emulators, $2]++; boots[emulators, "all"]++ }
	END {
		way[++ways] = "all"
		head = "| boot |"; rule = "|---|"
		for (e = 1; e <= emulators; e++) {
			head = head " " emulator[e] ": boots | pass | hang | other | CPU s a boot |"
			rule = rule "---|---|---|---|---|"
		}
		print head "\n" rule
		for (w = 1; w <= ways; w++) {
			line = "| " way[w] " |"
			for (e = 1; e <= emulators; e++)
				line = line sprintf(" %d | %d | %d | %d | %.0f |", boots[e, way[w]], count[e, way[w], "pass"],
					count[e, way[w], "hang"], count[e, way[w], "other"],
					boots[e, way[w]] ? cpu[e, way[w]] / boots[e, way[w]] : 0)
			print line
		}
	}' "${results[@]}"
