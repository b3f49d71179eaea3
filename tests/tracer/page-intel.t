#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/page-intel.t
#
# The mirrored page on VMX: what it costs, what it says, what is refused, and what ends it. It also tests the dirty
# ring: KVM's fast path does not notice that it gets full. The CPU has 400 MHz, for the preemption timer that this path
# needs.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. tests/lib/vmm.sh
export LANE=intel L1_MHZ=400

vmm_lab intel-page -e commands="page page-hostile page-ends page-dirty" tests/l1/page.sh
for run in stock default untraced; do
	judged $run 6
done
judged page 22
judged page-hostile 24
judged page-ends 26
judged page-dirty 9

done_testing
