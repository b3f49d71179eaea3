#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/page-storm.t
#
# L1 has two CPUs that run in parallel, in real time. The VMM changes the memory of the mirrored page, and its memslot,
# while the vCPU runs. It also switches the tracer, except with KCSAN: there QEMU fails at code that is patched
# (docs/limits.md).
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. tests/lib/vmm.sh

ends=page-ends
[[ ${L1_KERNEL-} != kcsan ]] || ends=
truncate -s 16M "$work/swap"
L1_CPUS=2 L1_LIMIT=${L1_LIMIT:-200} vmm_lab page-storm -e commands="page-slots page-memory $ends" -d "$work/swap" tests/l1/page-storm.sh
judged page-slots 20
judged page-memory 24
[[ -z $ends ]] || judged page-ends 26

done_testing
