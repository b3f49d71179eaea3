#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/core.t            O=DIRECTORY: where host-kvm was built (default build)
#
# The tracer in user space (tests/fuzz/core): what fuzzing kept is replayed, with gcc's sanitizers,
# against a model of what docs/abi.md says.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/tap.sh"

check "the tracer builds in user space" make -s -C tests/fuzz/core O="$O"
check "it does what its model says, whatever fuzzing tried" "$O/replay-core-san" tests/fuzz/corpus/core/*
done_testing
