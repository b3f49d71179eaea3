#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/isolation-boots.t
#
# Two boots at the same time, under one traced KVM. Each counts its own exits, to the unit. It has the same exits as
# when it runs alone, except those that depend on time. The same holds with a third VM that is killed half way.
# shellcheck disable=SC2016 # jq has variables, too
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

# L1 has bootexits' other libraries already, because QEMU needs them.
jansson=$(ldd "$O/bootexits" | sed -n 's/.*jansson.* => \([^ ]*\).*/\1/p')
lab boots -p "$root/tests/l1/boots.sh" "$O/bootexits" "$O/bootexits.elf" "$jansson"
boots=(one-alone two-alone one-together two-together one-killed two-killed)
tr -d '\r' < "$logs/observer.log" | awk -v work="$work" -v boots="${boots[*]}" '
	BEGIN { split(boots, name, " ") }
	/^\{"trace":/ { n++ }
	n { print > (work "/" name[n] ".trace") }'

# Print the exits of each reason at a boot's first pause, without the reasons that depend on time: the host's
# interrupts, the guest's, and the ports that firmware polls while it waits.
counts() {	# BOOT
	jq -rs '(map(select(.guest == "sync"))[0].entry) as $mark | map(select(.guest == "reason" and .entry == $mark and
		(.name | IN("interrupt", "vintr", "io") | not)) | "\(.name) \(.count)")[]' \
		"$work/$1.trace"
}

for boot in "${boots[@]}"; do
	trace=$work/$boot.trace
	check "$boot: status 0" grep -q "^recorded name=$boot status=0 .*verdict pass" "$logs/host.log"
	check "$boot: every record is right" "$O/bootexits" check "$trace"
	check "$boot: its total equals stat.exits to the unit" \
		grep -q ': equal to the unit$' <("$O/bootexits" report "$trace")
	counts "$boot" > "$work/counts"
	[[ -s $work/${boot%-*} ]] || cp "$work/counts" "$work/${boot%-*}"
	check "$boot: $(wc -l < "$work/counts") reasons as in a boot alone" diff "$work/${boot%-*}" "$work/counts"
done
check "the third VM was killed before the others came to their end" awk '
	/^killed/ { killed = NR } /^recorded name=.*-killed/ && !end { end = NR }
	END { exit !(killed && killed < end) }' "$logs/host.log"
check "nothing is left of any VM" grep -qx 'left: 0 VMs' "$logs/host.log"

done_testing
