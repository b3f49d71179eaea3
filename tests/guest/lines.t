#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/guest/lines.t     O=DIRECTORY: where the parts were built (default build)
#
# Each command line of tests/guest/lines/table, by -kernel, by the ISO and by fw_cfg. It arrives byte for byte. The user's
# init gets the same as from Linux alone. These are 180 boots without KVM, in 15 minutes of CPU time.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. tests/guest/lines/lines.sh

check "payload and init are built" lines_build
while IFS= read -r line; do
	[[ $line == '#'* ]] || lines_check "$line" < /dev/null
done < tests/guest/lines/table
done_testing
