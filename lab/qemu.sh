#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: qemu.sh [-o LOG] [-t SECONDS] [-g SECONDS] [-w FILE] [-h] -- qemu-system-x86_64 ARGS...
#
# Runs a machine of the lab. For a VM of your own, use `bootexits record`.
# It runs QEMU with one more serial port, captured to LOG, and a debug-exit device for the guest's verdict.
# The port is COM1 if ARGS have no -serial. The log stays, whatever happens to QEMU.
#
#   -o LOG      where the log goes, default bootexits.log
#   -t SECONDS  give up after QEMU has had so much time, default 600. A second counts if QEMU computes or
#               sleeps. It does not count if QEMU waits for a CPU, so a busy machine ends no run
#   -g SECONDS  call it a hang if in so much CPU time fewer than three beats come. A beat is a line in QEMU's
#               logs, in each second of L1's time. Logs without beats never hang. Default 0: never
#   -w FILE     another log of this QEMU that shows progress
#   -h          print this help
#
# Shows progress on standard error: a live line on a terminal, elsewhere a line now and then.
# Exit codes: 0 pass, 1 fail or no verdict, 2 usage, 3 QEMU did not start or LOG can't be written, 4 skip, 124 timeout,
# 125 the guest hangs, 130 interrupted.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/../scripts/common.sh"
. "$(dirname "${BASH_SOURCE[0]}")/watch.sh"

log=bootexits.log
limit=600
window=0
watch=
interval=15 width=60 before='' after='\n'

last_line() {	# WIDTH: prints the last line of the log, cut to WIDTH. If the log is empty, that of $watch
	local file=$log

	[[ -s $log || ! -s $watch ]] || file=$watch
	tail -c 300 "$file" 2> /dev/null | tr -d '\0' | tr '\r' '\n' | tr -cd '[:print:]\n' |
		grep . | tail -n 1 | cut -c "1-$1" || :
}

progress() {	# called each second
	(( SECONDS >= due )) || return 0
	due=$((SECONDS + interval))
	printf "$before%4d s %9d bytes  %s$after" $SECONDS \
		"$(stat -c %s "$log" 2> /dev/null || echo 0)" "$(last_line "$width")" >&2
}

judge() {	# STATUS WHY: turns QEMU's exit status, and the watcher's, into ours
	local where="; the log so far is in $log"

	[[ -s $log && $log != /proc/self/* ]] || where=	# such a path is record's, which knows the log's name
	case $1 in
	33)	return 0 ;;
	35)	return 1 ;;
	37)	return 4 ;;
	130)	say "interrupted$where"; return 130 ;;
	esac
	case $2 in
	124)	say "timeout after $limit s of the emulator's time$where"; return 124 ;;
	125)	say_hang "$where"; return 125 ;;
	esac
	case $1 in
	126 | 127) die 3 "can't run $qemu" ;;
	1)	[[ -s $log ]] || die 3 "QEMU did not start" ;;&
	137)	say "QEMU was killed, perhaps because memory ran out$where"; return 1 ;;
	*)	say "QEMU ended with status $1 and no verdict of the guest$where"; return 1 ;;
	esac
}

check_complete() {	# says so if the payload's last record is not `end`
	local last

	last=$(grep -a '^bx [0-9]' "$log" | tail -n 1 || :)
	[[ -z $last || $last =~ ^bx\ [0-9]+\ end\  ]] || say "truncated: $log has no end record"
}

while getopts o:t:g:w:h option; do
	case $option in
	o)	log=$OPTARG ;;
	t)	limit=$OPTARG ;;
	g)	window=$OPTARG ;;
	w)	watch=$OPTARG ;;
	h)	usage; exit ;;
	*)	usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[[ $# -gt 0 && $limit =~ ^[1-9][0-9]*$ && $window =~ ^[0-9]+$ ]] || { usage >&2; exit 2; }

qemu=$1
command=("$@" -chardev "file,id=bx-log,path=${log//,/,,}" -serial chardev:bx-log)
[[ "$*" == *isa-debug-exit* ]] || command+=(-device isa-debug-exit,iobase=0xf4,iosize=4)
{ mkdir -p "$(dirname "$log")" && : > "$log"; } || die 3 "can't write to $log"

set_logs
[[ ! -t 2 ]] ||
	interval=1 width=$(( $(tput cols 2> /dev/null || echo 80) - 26 )) before='\r\033[K' after=
due=$interval SECONDS=0
# timeout sets no limit here. It kills a QEMU that ignores SIGTERM. All stay in this process group, so that record can
# end them together.
timeout --foreground -k 30 0 "${command[@]}" < /dev/null &
qemu_pid=$!
watch "$qemu_pid" "$limit" "$window" "${logs[@]}" &
watcher=$!
wait_for "$qemu_pid"
kill "$watcher" 2> /dev/null || :
why=0
{ wait "$watcher" || why=$?; } 2> /dev/null
[[ ! -t 2 ]] || printf '\r\033[K' >&2
verdict=0
judge "$status" "$why" || verdict=$?
check_complete
exit "$verdict"
