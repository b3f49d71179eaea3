#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/core.t            O=DIRECTORY: where host-kvm was built (default build)
#
# The tracer in user space (tests/fuzz/core), with gcc's sanitizers. The inputs that fuzzing kept are replayed against
# a model of docs/abi.md. vCPUs exit as threads while others read.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
core=tests/fuzz/core
# Readers use READ_ONCE(), and the writer writes plainly. ThreadSanitizer may forget the writer of such a race, but
# a suppression has to name it. So it gets the longest history.
export TSAN_OPTIONS="history_size=7 report_atomic_races=0 suppressions=$core/thread.supp"

check "the tracer builds in user space" make -s -C $core O="$O"
check "it does what its model says with all inputs that fuzzing kept" "$O/replay-core-san" tests/fuzz/corpus/core/*
mkdir "$work/edges"
check "inputs for the edges of indexes and counters are made" python3 $core/edges.py "$work/edges"
check "at the edges it does what its model says" "$O/replay-core-san" "$work"/edges/*
check "threads: snapshots add up while vCPUs exit" timeout 1800 "$O/core-threads-san" 2
check "exits that the observer causes are told from those that would have come anyway" "$O/core-induced-san"
check "it builds with ThreadSanitizer" make -s -C $core SAN=thread O="$O"
check "threads: there are no races except those by design" timeout 1800 "$O/core-threads-thread" 4
done_testing
