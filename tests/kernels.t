#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/kernels.t         O=DIRECTORY: where the parts were built (default build)
#
# Each other kernel version that there are hooks for: its patches and modules are right, and in an L1 of
# that kernel the guest's counts are the host's to the unit.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
ours=$KVER
unset L1_SUITE	# each version has its own

for hooks in host-kvm/hooks/*.patch; do
	KVER=$(basename "$hooks" .patch)
	[[ $KVER != "$ours" ]] || continue
	check "$KVER: the modules build, and the series is clean" bash tests/host-kvm.t
	check "$KVER: virt_features.ko builds" make -s -C host-kvm/features O="$O"
	check "$KVER: L1 is built" scripts/l1-image.sh
	check "$KVER: the guest counts what the host counts, twice the same" env LOGS="$O/test/$KVER" bash tests/boot.t
done
ok $((planned == 0)) "there is another version"

done_testing
