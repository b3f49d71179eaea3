#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/totals.t         O=DIRECTORY: where to build (default build)
#
# Exits and time mean the same in all outputs of bootexits. tests/tool/totals.py adds up the records, and compares.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

check "the tool builds" make -s -C tools all
"$O/bootexits" record -o "$work/b.trace" --from-log tests/data/slower.log 2>"$work/err"
# totals NAME A.trace: test its totals, and those of comparing it with slower.log
totals() {
	local result rest

	tests/tool/totals.py "$O/bootexits" "$2" "$work/b.trace" >"$work/tests" 2>"$work/err"
	[[ $? -le 1 && $(wc -l <"$work/tests") -gt 50 && ! -s $work/err ]]
	ok $? "$1: totals.py got to its end"
	sed 's/^/# /' "$work/err"
	while read -r result rest; do
		[[ $result == '#' ]] && echo "# $rest" && continue
		[[ $result == ok ]]
		ok $? "$1: ${rest#"${rest%%[a-zA-Z0-9]*}"}"
	done < <(sed 's/^not ok/not-ok/' "$work/tests")
}
totals full.trace tests/data/full.trace
"$O/bootexits" record -o "$work/a.trace" --from-log tests/data/detailed.log 2>"$work/err"
totals detailed.log "$work/a.trace"

done_testing
