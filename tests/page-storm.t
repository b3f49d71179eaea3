#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/page-storm.t
#
# With two CPUs in L1 side by side, in real time: the VMM changes the memory of the mirrored page, and its
# slot, while the vCPU runs; and switches the tracer, but in a kernel so slow that QEMU mostly fails at code that is
# patched meanwhile.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
. tests/vmm.sh

commands=(page-slots page-memory)
[[ ${L1_KERNEL-} == kcsan ]] || commands+=(page-ends)
truncate -s 16M "$work/swap"
L1_CPUS=2 L1_LIMIT=${L1_LIMIT:-200} vmm_lab page-storm -e commands="${commands[*]}" -d "$work/swap" tests/l1/page-storm.sh
judged page-slots 20
judged page-memory 24
[[ ${L1_KERNEL-} == kcsan ]] || judged page-ends 26

done_testing
