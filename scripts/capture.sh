#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: capture.sh [OPTION...] PORT
#        capture.sh [OPTION...] LOG...
#
# Makes a trace of the payload's records, if you have only a serial port, or only a saved log: `bootexits record` with
# --from-serial or --from-log, and its options. PORT is a character device, such as /dev/ttyUSB0, or - for standard
# input. A LOG is any other file, or a directory of the lab's.
#
# Exit codes: those of `bootexits record`.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[[ $# -gt 0 && $1 != -h ]] || { usage; [[ $# -gt 0 ]] && exit; exit 2; }
[[ -x $build/bootexits ]] || die 3 "$build/bootexits is missing: make tools"
how=--from-log
[[ ${!#} != - && ! -c ${!#} ]] || how=--from-serial
exec "$build/bootexits" record "$how" "$@"
