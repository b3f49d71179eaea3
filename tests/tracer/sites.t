#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/sites.t
#
# Boots with all that KVM counts on request. On each vCPU and in each phase, the clocks add up to all of the time, and
# the sites to all exits. Polling the page costs no exit. By --symbols, each exit for a port is at an instruction that
# accesses one. tests/lab/boot.t checks that a boot without these parameters has none of this.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. scripts/common.sh

logs=${LOGS:-$O/test}
mkdir -p "$logs"
kept="exit_trace_histogram=1 exit_trace_sites=1 exit_trace_page=1"

boot() {	# NAME KVM ARGUMENT...: record a boot in $logs/NAME.trace
	trace=$logs/$1.trace
	rm -rf "$trace" "$trace.logs"
	check "$1: a boot is recorded" "$O/bootexits" record --lab -o "$trace" -- -e kvm="$2" "${@:3}"
	check "$1: every record is right" "$O/bootexits" check "$trace"
	"$O/bootexits" report --no-chart "$trace" > "$work/$1.report"
}

of() {	# TAG PROGRAM: run jq's PROGRAM on the records with that tag
	jq -r "select(.guest == \"$1\") | $2" "$trace"
}

# The tool allows for exits of other vCPUs while one marks, as on a real host. There are none here.
counts() {	# print, by vCPU, slot and phase, the exits of the marks and of the sites
	local by=part

	[[ $(of host .vcpus) != 1 ]] || by=reason
	{
		of $by '["mark", .vcpu // 0, .slot, .entry, .count] | @tsv'
		of site '["site", .vcpu, .slot, .entry, .count] | @tsv'
	} | awk '{ key = $2 " " $3 " " $4 }
		$1 == "mark" { marked[key] = $5 }
		$1 == "site" { sites[key] += $5; marked[key] += 0 }
		END {
			for (key in marked) {
				split(key, of)
				print key, marked[key] - marked[of[1] " " of[2] " " of[3] - 1], sites[key] + 0
			}
		}' | sort
}

gaps() {	# print, by mark and vCPU, how far its clocks are from its time
	{
		of part '[.entry, .vcpu, .kvm + .user + .idle + .preempted] | @tsv'
		of times '[.entry, .vcpu, .in_guest - .elapsed] | @tsv'
	} | awk '{ gap[$1 " " $2] += $3 } END { for (key in gap) if (gap[key]) print key, gap[key] }'
}

busiest_port() {	# print the first phase's, as "0x61 1234"
	of site "select(.entry == 0 and .slot == $(of reason 'select(.name == "io") | .slot' | head -n 1)) | [.code, .count] | @tsv" |
		awk '{ sum[$1] += $2 } END { for (port in sum) printf "0x%x %d\n", port, sum[port] }' | sort -k 2nr | head -n 1
}

same_counts() {
	awk '$4 != $5 { print; bad = 1 } END { exit bad || NR < 20 }' "$work/counts"
}

kept_all() {	# NAME: the trace has all that the three parameters add
	counts > "$work/counts"
	check "$1: each phase's exits of each vCPU are at its sites, $(wc -l < "$work/counts") of them" same_counts
	check "$1: no exit was lost" test -z "$(of lost .count)"
	check "$1: no RIP leads by more than the exits of its site" test -z "$(of site 'select(.lead > .count or .lead == null) | .seq')"
	check "$1: the RIP of a single exit leads by it" test "$(of site 'select(.count == 1) | .lead' | sort -u)" = 1
	check "$1: some site has exits at several RIPs" test -n "$(of site 'select(.lead < .count) | .seq')"
	check "$1: each slot that had an exit has latencies" \
		test "$(of latency '[.vcpu, .slot] | @tsv' | sort -u | wc -l)" -ge "$(cut -d' ' -f1,2 "$work/counts" | sort -u | wc -l)"
}

boot sites "$kept" boot "$O/bootexits.iso"
kept_all sites
check "100,000 polls of the page cause no exit" \
	test "$(of calibrate 'select(.what == "page") | "\(.n) \(.exits)"')" = "100000 0"
check "the 64 polls of the samples cause less than one exit each" \
	test "$(of sample .total | sort -u | wc -l)" -lt 64
check "the report has sites by device, beginning with the firmware's port with the most exits" diff <(busiest_port) \
	<(sed -n 's/^  io: \(0x[0-9a-f]*\) ([^)]*) \([0-9,]*\), .*/\1 \2/p' "$work/sites.report" | tr -d , | head -n 1)

check "an ISO with Linux is made" make -s -C iso linux O="$O" NAME=sites-linux CMDLINE="console=ttyS0 quiet" \
	KERNEL="$O/lab/$KVER/vmlinuz" INITRD="$O/guest/initrd.gz"
boot sites-linux "$kept" -p linux "$O/sites-linux.iso"
rm -f "$O/sites-linux.iso"
kept_all sites-linux
gaps > "$work/gaps"
check "at each mark each vCPU's clocks are its time, to the tick: $(of times .vcpu | wc -l) times" \
	test ! -s "$work/gaps" -a "$(of times .vcpu | wc -l)" -ge 12
for phase in firmware bootloader payload kernel initramfs userspace; do
	check "sites-linux: the report has the $phase's time" \
		grep -Eq "^$phase +[0-9,]+ +[0-9,]+ +[0-9.]+% +[0-9.]+% +[0-9.]+%" "$work/sites-linux.report"
done
check "the observer reads its leaf once, and not for each of its $(of observed .polls) polls" \
	test 1 = "$(of site "select(.vcpu == 1 and .code == $(($(contract LEAF_OWN)))) | .count")"
check "KVM's count is the guest's" grep -q ': equal to the unit$' "$work/sites-linux.report"

# KASLR's offset is found by the map alone. vmlinux then has an IN or OUT at the RIP of each port access.
check "the guest's kernel prints its symbols" lab/images/symbols.sh
named=(--symbols "$O/symbols/$KVER.map" "$trace")
moved=$("$O/bootexits" report --json "${named[@]}" | jq -r '.runs[0].symbols[0].offset')
check "the offset that KASLR gave it is found: $moved" test "$moved" -gt 0
accesses() {	# print the instruction at each RIP of Linux that accesses a port
	"$O/bootexits" export "${named[@]}" 2> /dev/null | sed -n 's/.*,"io",.*,\(0xffffffff[89ab][0-9a-f]*\),.*/\1/p' |
		sort -u | while read -r rip; do
		objdump -d --no-show-raw-insn --start-address=$((rip - moved)) --stop-address=$((rip - moved + 3)) \
			"$O/lab/$KVER/vmlinux" | sed -n 's/^f.*:\t//p' | head -n 1
	done
}
accesses > "$work/accesses"
check "there each port access is an IN or OUT: $(wc -l < "$work/accesses") of them" \
	test "$(grep -cE '^(rep )?(in|out)s?[bwl]? ' "$work/accesses")" = "$(wc -l < "$work/accesses")" -a "$(wc -l < "$work/accesses")" -ge 10
begin=0x$(awk '$3 == "rtc_cmos_read" { print $1 }' "$O/symbols/$KVER.map")
out=0x$(objdump -d --no-show-raw-insn --start-address=$((begin)) --stop-address=$((begin + 64)) "$O/lab/$KVER/vmlinux" |
	sed -n 's/^ *\([0-9a-f]*\):.*\bout  *%al,[$]0x70$/\1/p' | head -n 1)
check "the RTC's ports are rtc_cmos_read's" grep -q "\"io\",\"rtc_cmos_read+0x$(printf %x $((out - begin)))\",.*,0x70," \
	<("$O/bootexits" export "${named[@]}" 2> /dev/null)

done_testing
