#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tool/bisect.t         O=DIRECTORY: where to build (default build)
#
# `bootexits bisect' under git's own `git bisect run': it finds the commit that adds an exit. The repository is made
# here. Each commit's boot is a script in place of QEMU, and has the CPUIDs that a file in that commit says.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
tool=$O/bootexits
repo=$work/repo
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null TMPDIR=$work/tmp
mkdir "$repo" "$TMPDIR"

diagnose() { tail -n 30 "$work/out"; }

cp tests/lib/fake-qemu.sh "$work/qemu"
for more in 0 1 2; do
	python3 tests/tool/noisy.py log $more >"$work/$more.log"
done
# What a user has: it boots what the work tree says. A work tree with the file `broken' does not build.
cat >"$work/boot.sh" <<END
set -e
[ ! -e broken ] || exit 2
$tool record --lab --from-log -o "\$BOOTEXITS_TRACE" $work/\$(cat exits).log
END
"$tool" record --lab --from-log -o "$work/good.trace" "$work/0.log" 2>"$work/err"
"$tool" baseline save "$work/boot.json" "$work/good.trace" >"$work/err"

git -C "$repo" init -q -b main
commit() {	# SUBJECT: commit all
	git -C "$repo" add -A
	git -C "$repo" -c user.name=a -c user.email=a@example.org commit -q -m "$1"
}
for n in {1..20}; do
	echo "$n" >"$repo/work"
	echo $((n >= 13 ? n == 17 ? 2 : 1 : 0)) >"$repo/exits"
	if [[ $n -eq 9 || $n -eq 11 ]]; then touch "$repo/broken"; else rm -f "$repo/broken"; fi
	commit "change $n"
done

# bisected NAME ARGUMENT...: git bisect run finds change 13
bisected() {
	local name=$1
	shift
	git -C "$repo" bisect start main main~19 >"$work/out" 2>&1
	(cd "$repo" && git bisect run "$tool" bisect "$@") >"$work/out" 2>&1
	check "$name: git finds the commit" grep -qx 'change 13' <(git -C "$repo" show -s --format=%s refs/bisect/bad)
	check "$name: and says that it is the first bad one" grep -q "is the first bad commit" "$work/out"
	check "$name: the breach is named" grep -q '^breach: total +1 (+0.0%) > +0' "$work/out"
	git -C "$repo" bisect reset >"$work/err" 2>&1
}
bisected baseline --baseline "$work/boot.json" -- sh "$work/boot.sh"
bisected good --good "$work/good.trace" --fail-on 'total>+0' -- sh "$work/boot.sh"
bisected output --baseline "$work/boot.json" -o "$work/last.trace" -- sh "$work/boot.sh"
check "-o keeps the last trace" "$tool" check "$work/last.trace"
check "a baseline's own gates count beside those of the command line" test "$(cd "$repo" && "$tool" bisect -b "$work/boot.json" -f 'kernel.io!=0' -- sh "$work/boot.sh" >/dev/null 2>&1; echo $?)" = 1
check "no temporary directory is left" test -z "$(ls -A "$TMPDIR")"

# judged STATUS PATTERN ARGUMENT...: one call, in the last commit
judged() {
	local want=$1 pattern=$2 got
	shift 2
	(cd "$repo" && timeout 60 "$tool" bisect "$@") >"$work/out" 2>&1
	got=$?
	[[ $got -eq $want ]] && grep -q -e "$pattern" "$work/out"
	ok $? "bisect ${*//"$work/"/}: status $want (is $got), says $pattern"
}
b="--baseline $work/boot.json"
# shellcheck disable=SC2016 # bisect's command expands it
copy() { printf 'cp %q "$BOOTEXITS_TRACE"' "$1"; }
# shellcheck disable=SC2086 # two words
{
	judged 1 '^bootexits bisect: bad$' $b -- sh "$work/boot.sh"
	judged 0 '^bootexits bisect: good$' $b -- sh -c "$(copy "$work/good.trace")"
	judged 125 'ended with status 3' $b -- sh -c 'exit 3'
	judged 125 'ended with status 127' $b -- "$work/no-such-command"
	judged 125 'has written no trace' $b -- true
	cp "$work/good.trace" "$work/stale.trace"
	judged 125 'has written no trace' $b -o "$work/stale.trace" -- true
	judged 125 'has not passed' $b -- sh -c "$(copy "$root/tests/data/full-truncated.log")"
	judged 125 "can't be judged" $b -- sh -c "$(copy "$root/tests/tool/bisect.t")"
	judged 130 'no commit can be judged' $b -- sh -c 'exit 130'
	judged 137 'no commit can be judged' $b -- sh -c 'kill -9 $$'
	jq -c 'if .trace then . + {kver: "6.1", l1: {suite: "bookworm", lock: "k1"}} else . end' "$work/good.trace" >"$work/other.trace"
	jq '.made += {kver: "6.1", l1: {suite: "bookworm", lock: "k0"}}' "$work/boot.json" >"$work/l1.json"
	judged 128 'boot all commits with one L1' -b "$work/l1.json" -- sh -c "$(copy "$work/other.trace")"
	judged 128 'No such file' -b "$work/missing.json" -- sh -c "$(copy "$work/good.trace")"
	judged 129 'no boot has a phase' $b -f 'smi>0' -- sh -c "$(copy "$work/good.trace")"
	judged 129 'give --baseline FILE, or --good TRACE' -- true
	judged 129 'no COMMAND' $b
	judged 129 'not a gate' $b -f total -- true
	judged 129 'unrecognized option' $b --bad -- true
	judged 0 '^bootexits bisect: good$' -g "$work/good.trace" -- sh -c "$(copy "$work/good.trace")"
	judged 1 '^bootexits bisect: bad$' -g "$work/good.trace" -- sh "$work/boot.sh"
	judged 1 'breach: total +22' -g "$root/tests/data/before" -f 'total>+20' -- sh -c "cp -r $root/tests/data/after \"\$BOOTEXITS_TRACE\""
}

done_testing
