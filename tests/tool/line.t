#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/line.t
#
# A serial line that loses, doubles, swaps and breaks what it carries, in 300 ways. record, check, report and compare
# do not crash or hang on it, and never take a wrong number for a right one.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

check "the tool builds" make -s -C tools all
check "records that get through are right, and losses are reported" \
	python3 tests/tool/line.py "$O/bootexits" 300 tests/data/{full,detailed,good,single,skip}.log
sed 's/^/# /' "$work/output"

done_testing
