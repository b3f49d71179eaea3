#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: alone.sh COMMAND [ARGUMENT...]
#
# Runs a command that builds, or that boots what was built. If another such command runs in the same
# build directory, it refuses: two commands that write the same files would spoil both.
#
# Environment: O is the build directory.
# Exit codes: the command's; 2 usage; 3 another command runs, or the directory can't be written.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

case ${1-} in
-h)	usage; exit ;;
-* | "") usage >&2; exit 2 ;;
esac
{ mkdir -p "$build" && exec {lock}> "$build/.lock"; } 2> /dev/null || die 3 "can't write to $build"
flock -n "$lock" || die 3 "another make works in $build: wait for it, or use another directory (O=)"
exec "$@"
