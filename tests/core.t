#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/core.t            O=DIRECTORY: where host-kvm was built (default build)
#
# The tracer in user space (tests/fuzz/core): what fuzzing kept is replayed against a model of what
# docs/abi.md says, and vCPUs exit while others read, all with gcc's sanitizers.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
core=tests/fuzz/core
# Counters are read by READ_ONCE() and written plainly: of a race of such a kind the writer, whom a suppression
# would name, may be forgotten.
export TSAN_OPTIONS="history_size=7 report_atomic_races=0 suppressions=$core/thread.supp"

check "the tracer builds in user space" make -s -C $core O="$O"
check "it does what its model says, whatever fuzzing tried" "$O/replay-core-san" tests/fuzz/corpus/core/*
mkdir "$work/edges"
check "inputs for the edges of indexes and counters are made" python3 $core/edges.py "$work/edges"
check "and there it does what its model says" "$O/replay-core-san" "$work"/edges/*
check "threads: snapshots add up while vCPUs exit" timeout 1800 "$O/core-threads-san" 2
check "what an observer brings to others is told from what would have come anyway" "$O/core-induced-san"
check "it builds with ThreadSanitizer" make -s -C $core SAN=thread O="$O"
check "threads: no race but those by design" timeout 1800 "$O/core-threads-thread" 4
done_testing
