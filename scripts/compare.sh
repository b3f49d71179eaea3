#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: compare.sh [-g GATE]... A B [SIDE...]
#
# What differs between the boots of saved logs or traces, by phase and reason: `bootexits compare', for
# those who have logs only. A side is a file, a directory of some, or a quoted pattern. Builds nothing.
#
#   -g GATE  fail if it is true, and else don't: 'total>+0', 'kernel.io>+0.5%', 'total>2% and significant'
#   -h       print this help
#
# Exit codes: 0 equal, or no gate is breached; 1 not so, or a log has defects; 2 usage, 3 unreadable, not
# to be compared, or bootexits is not built.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

gates=()
while getopts g:h option; do
	case $option in
	g)	gates+=(--fail-on "$OPTARG") ;;
	h)	usage; exit ;;
	*)	usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[[ $# -ge 2 ]] || { usage >&2; exit 2; }
[[ -x $build/bootexits ]] || die 3 "$build/bootexits is missing: make -C tools"
exec "$build/bootexits" compare "${gates[@]}" -- "$@"
