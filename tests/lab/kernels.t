#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/kernels.t         O=DIRECTORY: where the parts were built (default build)
#
# All other kernel versions that there are hooks for. Their patches and modules are right. In an L1 of each kernel, the
# guest's counts equal the host's to the unit.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
ours=$KVER
unset L1_SUITE	# each version has its own suite

for hooks in host-kvm/hooks/*.patch; do
	KVER=$(basename "$hooks" .patch)
	[[ $KVER != "$ours" ]] || continue
	check "$KVER: the modules build, and the series is clean" bash tests/tracer/host-kvm.t
	check "$KVER: virt_features.ko builds" make -s -C capabilities O="$O"
	check "$KVER: L1 is built" lab/images/l1-image.sh
	check "$KVER: the guest counts what the host counts, twice the same" env LOGS="$O/test/$KVER" bash tests/lab/boot.t
done
ok $((planned == 0)) "there is another version"

done_testing
