# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced after tap.sh by the tests of bootexits, the tool. They compare its output with golden files in tests/data.
# UPDATE=1 writes the output as the new golden files.
# shellcheck disable=SC2154 # tap.sh sets work

# case_of NAME STATUS ARGUMENT...: `bootexits ARGUMENT...' returns STATUS and prints NAME.out, less the checkout's path
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

# status_of STATUS PATTERN ARGUMENT...: it returns STATUS, and its stderr matches PATTERN
status_of() {
	local want=$1 pattern=$2 got
	shift 2
	(cd tests/data && "$O/bootexits" "$@") >"$work/out" 2>"$work/err" <"${input:-/dev/null}"
	got=$?
	[[ $got -eq $want ]] && grep -q -e "$pattern" "$work/err" "$work/out"
	ok $? "bootexits $*: status $want (is $got), says $pattern"
}

# unit NAME: run the unit tests build/NAME-unit-san; their own TAP becomes comments
unit() {
	local status

	CMOCKA_MESSAGE_OUTPUT=TAP "$O/$1-unit-san" >"$work/unit" 2>&1
	status=$?
	sed 's/^/    /' "$work/unit"
	[[ $status -eq 0 ]] && grep -q '^ok 1 ' "$work/unit"
	ok $? "unit tests: $1"
}
