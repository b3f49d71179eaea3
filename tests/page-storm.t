#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/page-storm.t
#
# With two CPUs in L1 side by side, in real time: the VMM changes the memory of the mirrored page, and its
# slot, while the vCPU runs.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
. tests/vmm.sh

truncate -s 16M "$work/swap"
L1_CPUS=2 L1_LIMIT=${L1_LIMIT:-200} vmm_lab page-storm -e commands="page-slots page-ends page-memory" -d "$work/swap" tests/l1/page.sh
judged page-slots 20
judged page-ends 26
judged page-memory 24

done_testing
