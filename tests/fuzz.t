#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/fuzz.t
#
# A million random CPUIDs: every answer keeps the rules of docs/abi.md, and L1's kernel
# neither warns nor breaks (lab.sh looks).
set -uo pipefail
. "$(dirname "$0")/tap.sh"

lab fuzz "$root/tests/l1/fuzz.sh" "$O/bootexits.elf"
check "the guest got through" test "$(verdict fuzz)" = 0
check "no answer broke a rule" grep -q ' n=1000000 bad=0 ' <(records fuzz fuzz)
check "the log of marks is full, and the marks dropped are counted" \
	grep -Eq ' marks=[1-9][0-9]* ' <(records fuzz dropped)
done_testing
