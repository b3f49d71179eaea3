#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: compare.sh [OPTION...] A B [SIDE...]
#
# Prints what differs between the boots of saved logs or traces, by phase and reason: `bootexits compare', with its
# options.
#
# Exit codes: those of `bootexits compare'.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[[ $# -gt 0 && $1 != -h ]] || { usage; [[ $# -gt 0 ]] && exit; exit 2; }
[[ -x $build/bootexits ]] || die 3 "$build/bootexits is missing: make tools"
exec "$build/bootexits" compare "$@"
