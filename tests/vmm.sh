# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the tests that run a VMM of our own in L1, tests/l1/vmm/, after tap.sh.
# shellcheck disable=SC2154 # work and logs are of tap.sh

vmm=$work/vmm
check "a VMM of our own builds" gcc -O1 -Wall -Wextra -Wno-unused-parameter -Werror -static -pthread \
	-Ihost-kvm/uapi -o "$vmm" tests/l1/vmm/*.[cS]

# vmm_lab NAME ARGUMENT...: the lab with it; the last is the scenario
vmm_lab() {
	lab "$@" "$vmm" tests/l1/vmm.sh
}

run_lines() {	# RUN: of the host log
	awk -v run="$1" '$1 == "run" { here = $2 == "name=" run; next } here' "$logs/host.log"
}

# judged RUN CHECKS: it was so many, and each is a test here
judged() {
	local state got want name

	while read -r _ state got want name; do
		[[ $state == ok || $state == wrong ]] || continue
		check "$1: $name" test "$state $got" = "ok got=${want#want=}"
	done < <(run_lines "$1")
	check "$1: these were all $2" grep -q " end checks=$2$" <(run_lines "$1")
	check "$1: the VMM ends well" grep -q '^vmm status=0 $' <(run_lines "$1")
}
