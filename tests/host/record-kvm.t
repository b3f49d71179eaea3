#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/host/record-kvm.t
#
# `bootexits record' on a host with KVM, which is L1. The guest pauses itself. QEMU's monitor gives KVM's own counts,
# vCPU by vCPU. The guest then goes on to its verdict.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/processes.sh"

# L1 has bootexits' other libraries already, because QEMU needs them.
jansson=$(ldd "$O/bootexits" | sed -n 's/.*jansson.* => \([^ ]*\).*/\1/p')
lab record -p "$root/tests/l1/record.sh" "$O/bootexits" "$O/bootexits.elf" "$jansson"
awk -v work="$work" '/^\{"trace":/ { n++ } { print > (work "/" n ".trace") }' <(tr -d '\r' < "$logs/observer.log")

for vcpus in 1 2; do
	trace=$work/$vcpus.trace
	check "$vcpus vCPUs: status 0" grep -q "^recorded vcpus=$vcpus status=0 .*verdict pass" "$logs/host.log"
	check "$vcpus vCPUs: the trace is whole" "$O/bootexits" check "$trace"
	check "$vcpus vCPUs: it agrees with the host" "$O/bootexits" report "$trace"
	check "$vcpus vCPUs: they agree to the unit" grep -q ': equal to the unit$' <("$O/bootexits" report "$trace")
	check "$vcpus vCPUs: the host has counted each" test "$vcpus" = \
		"$(jq -c 'select(.host == "vcpu" and .sync == 0) | .vcpu' "$trace" | sort -u | wc -l)"
	check "$vcpus vCPUs: the vCPUs' counts add up" jq -es 'map(select(.sync == 0)) |
		(map(select(.host == "vcpu") | .exits) | add) == (map(select(.host == "host"))[0].exits)' "$trace"
	check "$vcpus vCPUs: the first line says where it was made" jq -es '.[0] |
		.source == "qemu" and .unit == "cycles" and .exit_trace == "Y" and (.host_kernel | test("-amd64$")) and
		(.modules.kvm | length) == 40 and (.qemu | startswith("QEMU emulator")) and
		(.files[] | select(.path | endswith("bootexits.elf")).sha256 | length) == 64' "$trace"
done
check "it left no logs" sh -c "! grep -q 'logs are left' '$logs/host.log'"

# The lab is many processes, and none would end by itself. If record is killed, none is left.
printf '%s\n' '. /l1.sh' 'while :; do :; done' > "$work/endless"
for signal in INT KILL both; do
	rm -rf "$work"/killed.trace*
	"$O/bootexits" record --lab -o "$work/killed.trace" -- "$work/endless" 2> "$work/said" &
	recorder=$!
	until [[ -e $work/killed.trace.logs/console.log ]] || ! kill -0 $recorder; do sleep 0.1; done	# L1 boots, silently
	case $signal in
	both)	kill -9 "$(pgrep -P $recorder -x bootexits)" $recorder ;;
	*)	kill -$signal $recorder ;;
	esac
	{ wait $recorder; } 2> /dev/null
	status=$?
	check "the lab, ended by SIGINT, SIGKILL, or that of record and guard both ($signal): none of it is left" none_left
	[[ $signal != INT ]] || check "status 130 (is $status)" test $status = 130
	check "its trace is truncated" grep -q 'truncated' <("$O/bootexits" check "$work/killed.trace")
done

done_testing
