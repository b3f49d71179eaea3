#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: sample.sh TRACE
#        sample.sh -c FOLDER
#
# Writes the samples that the pages show: the table of phases in README.md, the whole report in docs/run.md, and the
# picture docs/plot-boot.svg. They come from TRACE. A sample stands between `<!-- sample: PART -->' and
# `<!-- end of sample -->'.
#
#   -c FOLDER  write the samples of docs/cases.md, which come from FOLDER/case-PART.trace
#   -h         print this help
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
cases=
[[ ${1-} != -c ]] || { cases=${2-}; shift; }
[[ $# -eq 1 && $1 != -* && -n $1 ]] || { usage >&2; exit 2; }
new=$(mktemp -d)/sample
trap 'rm -rf "$(dirname "$new")"' EXIT
if [[ -n $cases ]]; then
	for part in console buses timer; do
		advice=$("$build/bootexits" advise "$cases/case-$part.trace") || die 1 "$cases/case-$part.trace can't be read"
		fill "$root/docs/cases.md" "$part" <<< "$(head -n 10 <<< "${advice/"$build"/build}")"
	done
	exit
fi
report=$("$build/bootexits" report "$1") || die 1 "$1 can't be read"
sed -n '/^phase  *ms /,/^total /p' <<< "$report" | fill "$root/README.md" phases
fill "$root/docs/run.md" all <<< "${report/"$build"/build}"
"$build/bootexits" plot -o "$root/docs/plot-boot.svg" "$1"
