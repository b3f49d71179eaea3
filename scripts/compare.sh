#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: compare.sh [-g GATE]... A B [SIDE...]
#
# Prints what differs between the boots of saved logs or traces, by phase and reason. It calls `bootexits
# compare`. A side is a file, a directory of files, or a quoted pattern. Nothing is built.
#
#   -g GATE  fail if GATE is true: 'total>+0', 'kernel.io>+0.5%', 'total>2% and significant'. Other
#            differences then don't count
#   -h       print this help
#
# Exit codes: 0 equal, or no gate is breached; 1 different, a gate is breached, or a log has defects; 2 usage;
# 3 unreadable, not comparable, or bootexits is not built.
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
