# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by tests/host/features.t and tests/host/features-intel.t: runs the capability module in L1.

: "${O:?is not set; source tap.sh first}" "${KVER:?is not set; source tap.sh first}" "${work:?is not set; source tap.sh first}"
logs=
tool=$O/bootexits-features

features_lab() {	# NAME ARGS...: run tests/l1/features.sh in the lab
	local name=$1

	shift
	lab "$name" "$@" tests/l1/features.sh tests/l1/growth.sh "$O/features/$KVER/virt_features.ko" "$tool" \
		"$O/lab/$KVER/modules/msr/msr.ko"
}

section() {	# NAME: print what L1 sent to the serial port after that run's line
	awk -v run="$1" '/^# run / { here = $3 == run; next } here' "$logs/serial.log" | tr -d '\r'
}

without_msr() {	# STATUS TEXT: the tool ends so if the msr driver is not loaded
	grep -qxF "without msr status=$1 said=$2" "$logs/host.log"
}

runs_alike() {	# debugfs, the kernel's log, the tool in L1, and the tool here with L1's dump say the same
	local name

	for name in report log tool dump; do
		section $name > "$work/$name"
	done
	check "${logs##*/}: debugfs has a report" test -s "$work/report"
	check "the kernel's log has the same" cmp "$work/report" "$work/log"
	check "bootexits-features reports the same in L1" cmp "$work/report" "$work/tool"
	check "without the msr driver it says what to do" without_msr 3 \
		"bootexits-features: there is no /dev/cpu/0/msr: run \`modprobe msr' as root"
	check "and the same from a dump of there" eval "'$tool' --replay '$work/dump' | cmp - '$work/report'"
}

# Of all slab caches and vmalloc, take the one that grew most in a hundred cycles. If each cycle leaves an object, it
# has grown by 100.
grew_less_than() {	# COUNT
	grep '^cycles 100 growth' "$logs/host.log" &&
		awk -v max="$1" '/^cycles 100 growth/ { ok = $4 < max } END { exit !ok }' "$logs/host.log"
}

like_source() {	# MODEL DUMP: each bit of Bochs's model is as in tests/data/features/bochs.rules
	"$tool" --replay "$2" |
		awk -v model="$1" -f tests/data/features/compare.awk tests/data/features/bochs.rules -
}
