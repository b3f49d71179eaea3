#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/intel/restart.t
#
# L1's TSC goes back by a WRMSR, which QEMU's TCG ignores: the clocks add up, and none goes back.
set -uo pipefail
. "$(dirname "$0")/../tap.sh"
. tests/vmm.sh
export LANE=intel

vmm_lab intel-restart "$O/lab/$KVER/modules/msr/msr.ko" tests/l1/restart.sh
judged restart 9

done_testing
