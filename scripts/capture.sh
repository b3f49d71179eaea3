#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: capture.sh [-o TRACE] [-t SECONDS] [-b BAUD] PORT
#        capture.sh [-o TRACE] LOG...
#
# Makes a trace of the payload's records, if you have only a serial port, or only a saved log. `bootexits report`
# and the other commands then read the trace. PORT is a character device, such as /dev/ttyUSB0, or - for
# standard input. It is read until the payload's last record. A LOG is any other file, or a directory of the lab's.
#
#   -o TRACE    the trace to write, default bootexits.trace
#   -t SECONDS  give up after that long, default 600
#   -b BAUD     of the port, default 115200
#   -h          print this help
#
# Exit codes: those of `bootexits record`: 0 all was read, 2 usage, 3 unreadable or not written,
# 124 timeout, 130 interrupted.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

options=()
while getopts o:t:b:h option; do
	case $option in
	o | t | b)	options+=("-$option" "$OPTARG") ;;
	h)		usage; exit ;;
	*)		usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[[ $# -gt 0 ]] || { usage >&2; exit 2; }
[[ -x $build/bootexits ]] || die 3 "$build/bootexits is missing: make tools"
how=--from-log
[[ $1 != - && ! -c $1 ]] || how=--from-serial
exec "$build/bootexits" record "${options[@]}" "$how" -- "$@"
