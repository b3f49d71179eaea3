#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: sample.sh [-h] TRACE
#
# Writes the samples that the pages show: the table of phases in README.md, the whole report in docs/run.md, and the
# picture docs/plot-boot.svg. They come from TRACE. A sample stands between `<!-- sample: PART -->' and
# `<!-- end of sample -->'.
#
# Environment: O is the build directory.
# Exit codes: 0 written, 1 the trace can't be read, 2 usage, 3 a page has no place for a sample.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/../scripts/common.sh"

fill() {	# PAGE PART: replaces that sample by standard input
	grep -qxF "<!-- sample: $2 -->" "$1" || die 3 "$1 has no place for the sample '$2'"
	{ printf '```\n'; cat; printf '```\n'; } > "$new"
	awk -v part="$2" -v sample="$new" '
		$0 == "<!-- end of sample -->" { within = 0 }
		!within
		$0 == "<!-- sample: " part " -->" {
			while ((getline line < sample) > 0)
				print line
			within = 1
		}' "$1" > "$new.page"
	cat "$new.page" > "$1"
}

[[ ${1-} != -h ]] || { usage; exit; }
[[ $# -eq 1 && $1 != -* ]] || { usage >&2; exit 2; }
new=$(mktemp -d)/sample
trap 'rm -rf "$(dirname "$new")"' EXIT
report=$("$build/bootexits" report "$1") || die 1 "$1 can't be read"
sed -n '/^phase  *ms /,/^total /p' <<< "$report" | fill "$root/README.md" phases
fill "$root/docs/run.md" all <<< "${report/"$build"/build}"
"$build/bootexits" plot -o "$root/docs/plot-boot.svg" "$1"
