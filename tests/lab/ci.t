#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/ci.t      O=DIRECTORY: where make run built (default build); SUITE: of the bare Debian
#
# The recipes of docs/ci.md, as they are written, in a Debian with git and make only, and a bundle made here. The boot
# of the baseline passes. With one outb more it fails, by that breach alone. After `baseline update' it passes. Then
# the steps of GitHub's and GitLab's job run, in the same Debian. tests/house/ci.t looks at the YAML.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

check "a bundle of what make run built" lab/bundle.sh -o "$work/l1-bundle.tar.zst"
for name in exits.sh save update; do
	python3 tests/lab/recipe.py $name >"$work/recipe-$name"
done
python3 tests/lab/recipe.py github exits >"$work/recipe-github"
python3 tests/lab/recipe.py gitlab exits >"$work/recipe-gitlab"
# Runs in there. Each step is a line "STEP NAME STATUS", and its output.
cat >"$work/steps.sh" <<'END'
cd /root
mv recipe-exits.sh exits.sh
step() {	# NAME OPTIONS FILE
	status=0
	OPTIONS=$2 sh -e $3 >out 2>&1 || status=$?
	echo "STEP $1 $status"
	cat out
}
step save 'sync outb=0' recipe-save
step same 'sync outb=0' exits.sh
step more 'sync outb=1' exits.sh
cp comment.md exits.xml /root/bootexits/
step update 'sync outb=1' recipe-update
step after 'sync outb=1' exits.sh
export GITHUB_STEP_SUMMARY=/root/summary.md
: >summary.md
step github 'sync outb=1' recipe-github
echo SUMMARY
cat summary.md
mkdir gitlab
cp boot.json exits.sh gitlab
cp recipe-gitlab gitlab/
cd gitlab
export BOOTEXITS_URL=/root/bootexits L1_BUNDLE=file:///root/l1-bundle.tar.zst
step gitlab 'sync outb=1' recipe-gitlab
END
mkdir -p "$O/test"
tests/other-debian.sh -c "$work/l1-bundle.tar.zst" -c "$work/recipe-exits.sh" -c "$work/recipe-save" -c "$work/recipe-update" \
	-c "$work/recipe-github" -c "$work/recipe-gitlab" -c "$work/steps.sh" "${SUITE:-bookworm}" sh /root/steps.sh >"$O/test/ci.log" 2>&1
ok $? "a bare Debian runs them; build/test/ci.log has its output"

diagnose() { tail -n "${lines:-40}" "$O/test/ci.log"; lines=3; }

output() {	# STEP
	awk -v name="$1" '$1 == "STEP" { here = $2 == name } here' "$O/test/ci.log"
}
stepped() {	# STEP STATUS PATTERN
	output "$1" | grep -qx "STEP $1 $2" && output "$1" | grep -q -e "$3"
	ok $? "$1: status $2, says $3"
}
stepped save 0 '^boot.json: [0-9,]* guest exits$'
stepped same 0 '^2 gates hold$'
check "the same boot is equal in all phases" grep -q '^guest exits: equal$' <(output same)
stepped more 1 '^breach: io +1 (+0.0%) > +0$'
check "more: no other gate is breached" test "$(output more | grep -c '^breach')" = 1
check "more: the io is the payload's" grep -q '^payload  *io  *[0-9,]*  *[0-9,]*  *+1 ' <(output more)
stepped update 0 '^boot.json: [0-9,]* -> [0-9,]* guest exits$'
stepped after 0 '^2 gates hold$'
stepped github 0 '^2 gates hold$'
check "the summary has the table" grep -q '^| total | all |' <(sed -n '/^SUMMARY/,$p' "$O/test/ci.log")
stepped gitlab 0 '^2 gates hold$'

done_testing
