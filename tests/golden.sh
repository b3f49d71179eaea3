# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the tests of bootexits, the tool, after tap.sh: what it prints, against golden files in
# tests/data.  With UPDATE=1 what is printed is written as what is expected.
# shellcheck disable=SC2154 # work is of tap.sh

# case_of NAME STATUS ARGUMENT...: what `bootexits ARGUMENT...' prints, without the checkout's path, and returns
case_of() {
	local name=$1 want=$2 got
	shift 2
	(cd tests/data && "$O/bootexits" "$@") >"$work/out" 2>"$work/err"
	got=$?
	sed -i "s#$root/tests/data/##g" "$work/out"
	[[ -z ${UPDATE-} ]] || cp "$work/out" "tests/data/$name.out"
	diff -u "tests/data/$name.out" "$work/out" | sed 's/^/# /'
	[[ ${PIPESTATUS[0]} -eq 0 && $got -eq $want ]]
	ok $? "$name: status $want (is $got) and output"
}

# status_of STATUS PATTERN ARGUMENT...: what it returns, and says on stderr
status_of() {
	local want=$1 pattern=$2 got
	shift 2
	(cd tests/data && "$O/bootexits" "$@") >"$work/out" 2>"$work/err" <"${input:-/dev/null}"
	got=$?
	[[ $got -eq $want ]] && grep -q -e "$pattern" "$work/err" "$work/out"
	ok $? "bootexits $*: status $want (is $got), says $pattern"
}

# unit NAME: the unit tests build/NAME-unit-san, whose own TAP is a comment
unit() {
	local status

	CMOCKA_MESSAGE_OUTPUT=TAP "$O/$1-unit-san" >"$work/unit" 2>&1
	status=$?
	sed 's/^/    /' "$work/unit"
	[[ $status -eq 0 ]] && grep -q '^ok 1 ' "$work/unit"
	ok $? "unit tests: $1"
}
