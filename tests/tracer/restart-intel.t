#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/restart-intel.t
#
# A WRMSR sets L1's TSC back. The clocks add up, and no clock goes back. QEMU's TCG ignores such a WRMSR.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. tests/lib/vmm.sh
export LANE=intel

vmm_lab intel-restart "$O/lab/$KVER/modules/msr/msr.ko" tests/l1/restart.sh
judged restart 9

done_testing
