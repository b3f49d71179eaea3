# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced after tap.sh by the tests that run a VMM of our own in L1: tests/l1/vmm/.
# shellcheck disable=SC2154 # tap.sh sets work and logs

vmm=$work/vmm
check "a VMM of our own builds" gcc -O1 -Wall -Wextra -Wno-unused-parameter -Werror -static -pthread \
	-I. -o "$vmm" tests/l1/vmm/*.[cS]

# vmm_lab NAME ARGUMENT...: run the lab with the VMM; the last arguments are the scenario and its files
vmm_lab() {
	lab "$@" "$vmm" tests/l1/vmm.sh
}

run_lines() {	# RUN: print its lines of the host log
	awk -v run="$1" '$1 == "run" { here = $2 == "name=" run; next } here' "$logs/host.log"
}

# judged RUN CHECKS: the run made that many checks, and each becomes a test here
judged() {
	local state got want name

	while read -r _ state got want name; do
		[[ $state == ok || $state == wrong ]] || continue
		check "$1: $name" test "$state $got" = "ok got=${want#want=}"
	done < <(run_lines "$1")
	check "$1: these were all $2" grep -q " end checks=$2$" <(run_lines "$1")
	check "$1: the VMM ends well" grep -q '^vmm status=0 $' <(run_lines "$1")
}
