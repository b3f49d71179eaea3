#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: study.sh [-j JOBS] [-l | -n] [NAME...]
#
# Runs the boots of measure/study/matrix in the lab, several at once, and keeps a trace of each in build/study. A boot
# that has its trace is not run again. So after Ctrl-C, the same command goes on.
#
#   NAME     only these boots, default all
#   -j JOBS  how many run at once, default 2. A boot takes one CPU and 2 GiB
#   -l       list the boots, run none
#   -n       print how the missing boots would be run, run none
#   -h       print this help
#
# Environment: O is the build directory.
# Exit codes: 0 done, 1 some failed, 2 usage, or the matrix is wrong, 3 a part is missing or another
# study is running, 130 interrupted.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
KVER=6.1	# of most boots, as study-boot.sh has it. So the packages are those of their L1, on any Debian
. "$here/../scripts/common.sh"

study=$build/study
matrix=${STUDY:-$root/measure/study}/matrix
jobs=2
action=run

while getopts j:lnh option; do
	case $option in
	j)	jobs=$OPTARG ;;
	l)	action=list ;;
	n)	action=say ;;
	h)	usage; exit ;;
	*)	usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[[ $jobs =~ ^[1-9][0-9]*$ ]] || { usage >&2; exit 2; }
mapfile -t all < <(sed -n 's/^\([^#| ][^| ]*\) *|.*/\1/p' "$matrix")
[[ $# -gt 0 ]] || set -- "${all[@]}"
[[ $action != list ]] || { printf '%s\n' "$@"; exit; }

missing=()
for name in "$@"; do
	how=$("$here/study-boot.sh" -n "$name")
	[[ ! -f $study/$name.trace ]] || continue
	missing+=("$name")
	[[ $action == run ]] || echo "$how"
done
[[ $action == run && ${#missing[@]} -gt 0 ]] || exit 0

mkdir -p "$study"
exec {lock}> "$study/.lock"
flock -n "$lock" || die 3 "another study writes to $study"
command -v parallel > /dev/null || die 3 "no GNU parallel: run scripts/packages.sh -t"
cd "$root"
# What is in L1, and the GRUB of the guest's CD. Each trace names its emulator.
l1_lock=$build/programs/l1-$l1_suite/lock
[[ -f $l1_lock ]] || die 3 "$l1_lock is missing: make study-parts"
cut -d' ' -f1,2 "$l1_lock" > "$study/packages"
dpkg-query -W -f '${Package} ${Version}\n' grub-pc-bin >> "$study/packages"
bar=()
[[ ! -t 2 ]] || bar=(--bar)
say "${#missing[@]} boots of $#, $jobs at once"
# A boot takes a while to end, because its emulator ends first.
parallel --will-cite -j "$jobs" --termseq TERM,15000,KILL,25 --joblog "+$study/jobs" "${bar[@]}" \
	measure/study-boot.sh {} ::: "${missing[@]}" {lock}>&- &
wait_for $!
case $status in
0)	;;
130)	die 130 "interrupted; run the same command again to go on" ;;
*)	die 1 "some boots failed; see $study/*.err" ;;
esac
