#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/container.t       O=DIRECTORY: where make run built (default build)
#
# The RUN lines of ci/Containerfile, as they are written, in a bare Debian 12, because no container engine is at hand.
# What they make boots a bundle, and checks its exits.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
log=$O/test/container.log

diagnose() { tail -n "${lines:-40}" "$log"; lines=3; }

check "a bundle of what make run built" lab/bundle.sh -o "$work/l1-bundle.tar.zst"
check "the Containerfile has steps" python3 tests/lab/recipe.py container ci/Containerfile
cp "$work/output" "$work/recipe-container"
python3 tests/lab/recipe.py exits.sh >"$work/exits.sh"
python3 tests/lab/recipe.py save >"$work/save.sh"
cat >"$work/steps.sh" <<'END'
cd /root
sh -e recipe-container || exit
mkdir work
cd work
cp ../l1-bundle.tar.zst ../exits.sh ../save.sh .
ln -sfn /opt/bootexits bootexits
echo "VERSION $(bootexits -V)"
echo "MISSING $(NO_INSTALL=1 bootexits/scripts/packages.sh | xargs)"
sh -e save.sh || exit
sh exits.sh
echo "STATUS $?"
END
mkdir -p "$O/test"
O=$O/test/container tests/other-debian.sh -c "$work/l1-bundle.tar.zst" -c "$work/recipe-container" -c "$work/exits.sh" -c "$work/save.sh" -c "$work/steps.sh" \
	bookworm sh /root/steps.sh >"$log" 2>&1
ok $? "a bare Debian 12 runs them; build/test/container.log has its output"
check "bootexits is installed" grep -q '^VERSION bootexits [0-9]' "$log"
check "no package of make run is missing" grep -qx 'MISSING ' "$log"
check "a boot of the bundle is as its baseline says" grep -qx 'STATUS 0' "$log"
check "by its gates" grep -qx '2 gates hold' "$log"

done_testing
