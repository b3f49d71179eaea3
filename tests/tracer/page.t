#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/page.t
#
# The mirrored page. Reading it costs no exit. Its values are right. KVM writes it where the guest registered it and
# nowhere else, whatever the guest and the VMM do with that memory.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. tests/lib/vmm.sh

truncate -s 16M "$work/swap"
vmm_lab page -d "$work/swap" tests/l1/page.sh
for run in stock default untraced; do
	judged $run 6
done
judged page 22
judged page-hostile 24
judged page-slots 20
judged page-ends 26
judged page-dirty 9
judged page-memory 24

done_testing
