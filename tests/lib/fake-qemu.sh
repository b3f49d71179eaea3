#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: fake-qemu.sh TEXT HOW ARGUMENT...
#
# Stands in for QEMU in tests that decide what a guest prints and how QEMU ends. The lines of the file TEXT go to the
# serial port among the ARGUMENTs that `bootexits record' gives. Then the shell evaluates HOW. There, $log is that
# port's file, and $qmp is the descriptor of the monitor.
#
# Environment: ARGUMENTS is a file that gets all words of the command, a line each (default: none).
for argument in "$@"; do
	[[ $argument != file,id=bx*-serial,path=* ]] || log=${argument#*path=}
	# shellcheck disable=SC2034 # HOW reads it
	[[ $argument != *id=bx*-qmp,fd=* ]] || qmp=${argument##*=}
done
[[ -z ${ARGUMENTS-} ]] || printf '%s\n' "$@" >"$ARGUMENTS"
cat "$1" >>"$log"
eval "$2"
