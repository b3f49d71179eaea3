# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced after tap.sh and scripts/common.sh, by the tests that boot Linux with the payload by tests/l1/linux-matrix.sh.
# shellcheck disable=SC2154 # tap.sh sets work and others

# The longest time between two polls, with one Linux CPU. L1 has one CPU for all of L2. Since 6.6 its scheduler lets a
# vCPU that wakes wait longer for it.
gap_ms=10
[[ $KVER == 6.1 ]] || gap_ms=20
[[ ${LANE:-amd} == amd ]] || gap_ms=2000	# Linux unpacks itself with interrupts off (docs/design.md)

telling_initrd() {	# FILE: make the small guest's initrd, which prints facts before its login prompt
	local rootfs=$work/telling/rootfs/etc

	mkdir -p "$rootfs/init.d"
	sed '/^::sysinit/a ::sysinit:/etc/init.d/tell' lab/guest/root/etc/inittab > "$rootfs/inittab"
	cp tests/l2/linux.sh "$rootfs/init.d/tell"
	chmod +x "$rootfs/init.d/tell"
	{ cat "$O/guest/initrd.gz"; pack_cpio "$work/telling"; } > "$1"
}

console() {	# RUN: print the guest's output on COM1
	awk -v run="$1" '/^# run / { here = $3 == run; next } here' "$logs/serial.log" | tr -d '\r'
}

said() {	# RUN WORD: print the fact that the guest printed after WORD
	console "$1" | sed -n "s/^@ $2 //p"
}

log_of() {	# RUN: print the name of a file with the records of its boot
	awk -v run="$1" '/^# run / { here = $3 == run } here' "$logs/observer.log" > "$work/$1.log"
	echo "$work/$1.log"
}

host_of() {	# RUN: print the name of a file with the host's counts
	awk -v run="$1" '/^run name=/ { here = $2 == "name=" run } here' "$logs/host.log" > "$work/$1.host"
	echo "$work/$1.host"
}

# traced RUN: it came to its login prompt, and its log is right
traced() {
	local log host phases

	log=$(log_of "$1") host=$(host_of "$1")
	check "$1: passes" test "$(verdict "$1")" = 0
	check "$1: a login prompt is up" grep -q 'guest login: ' <(console "$1")
	phases=$(tr -d '\r' < "$log" | sed -n 's/^bx .* phase .* name=\([a-z]*\) .*/\1/p' | paste -sd' ')
	check "$1: the phases are all there, in order: $phases" grep -qx \
		'\(firmware \)\?bootloader payload kernel initramfs userspace' <<< "$phases"
	check "$1: every record is right" "$O/bootexits" check "$log"
	check "$1: its total agrees with the host's" "$O/bootexits" report --host "$host" "$log"
}

# The longest time between two polls, in us, up to the mark of user space. A record has one `gap` for all of its
# samples. The last record has the mark, and so the pause of the VM. If the longest time between two of its samples
# before the mark is less than its gap, that time counts.
longest_gap() {	# FILE
	tr -d '\r' < "$1" | awk '
		function value(key) {
			match($0, " " key "=[^ ]+")
			return substr($0, RSTART + length(key) + 2, RLENGTH - length(key) - 2)
		}
		$3 == "host" { khz = value("tsc_khz") }
		$3 == "phase" && / name=userspace / { end = value("tsc") + 0 }
		$3 == "samples" { n++; at[n] = value("tsc") + 0; gap[n] = value("gap") + 0; d[n] = / d=/ ? value("d") : "" }
		END {
			for (i = 1; i <= n && at[i] < end; i++) {
				most = i > 1 ? at[i] - tsc : 0
				tsc = at[i]
				split(d[i], deltas, ",")
				for (j = 1; j in deltas && tsc + deltas[j] + 0 < end; j++) {
					tsc += deltas[j] + 0
					if (deltas[j] + 0 > most) most = deltas[j] + 0
				}
				if (j in deltas && gap[i] > most) gap[i] = most
				if (gap[i] > longest) longest = gap[i]
			}
			if (!n || !end) exit 1
			printf "%d\n", longest * 1000 / khz
		}'
}

# observed RUN VCPU: that vCPU observes, without a gap; each further vCPU on L1's CPU makes gaps longer
observed() {
	local gap log gap_ms=$((gap_ms + 4 * ($2 - 1)))

	log=$(log_of "$1")
	gap=$(longest_gap "$log")
	check "$1: the observer is on vCPU $2" grep -q " observer vcpu=$2 interval=1000 " "$log"
	check "$1: it dropped nothing" grep -q ' dropped samples=0 marks=0 ' "$log"
	check "$1: no gap between two polls is over $gap_ms ms (the longest: ${gap:-none} us)" \
		test "${gap:-99999}" -le $((gap_ms * 1000))
}
