# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # what qemu.sh sets
# The limits of a run, in time that the emulator has had: sourced by qemu.sh, whose functions it uses.
#
# A second counts if the emulator computed in it, or slept through it. It does not count if a thread only waited for a
# CPU or a disk, so a busy machine ends no run. A limit is never reached sooner than on the wall's clock.
# All times are hundredths of a second, which Linux's clock ticks in /proc are, too.

# family PID: sets family[] to that process and its descendants: Bochs runs within `script'
family() {
	local file line pid grown=1
	local -A parent

	for file in /proc/[0-9]*/stat; do
		{ read -r line < "$file"; } 2> /dev/null || continue
		pid=${line%% *} line=${line##*) }
		line=${line#* }
		parent[$pid]=${line%% *}
	done
	family=("$1")
	unset "parent[$1]"
	while [[ -n $grown ]]; do
		grown=
		for pid in "${!parent[@]}"; do
			[[ " ${family[*]} " == *" ${parent[$pid]} "* ]] || continue
			family+=("$pid") grown=1
			unset "parent[$pid]"
		done
	done
}

# measure: sets cpu, the CPU time of family[] so far, and wants, if a thread of theirs wants a CPU or a disk
measure() {
	local file line pid fields

	cpu=0 wants=
	for pid in "${family[@]}"; do
		{ read -r line < "/proc/$pid/stat"; } 2> /dev/null || continue
		read -r -a fields <<< "${line##*) }"
		cpu=$((cpu + fields[11] + fields[12] + fields[13] + fields[14]))
		for file in "/proc/$pid/task"/*/stat; do
			{ read -r line < "$file"; } 2> /dev/null || continue
			[[ ${line##*) } != [RD]* ]] || wants=1
		done
	done
}

# charge: adds to spent what came since the last call. A watcher that comes late has seen only the end
# of a sleep, and counts two seconds of it at most.
charge() {
	local now before=$last cpu_before=$cpu elapsed used

	read -r now _ < /proc/uptime
	last=$((10#${now/./}))
	measure
	elapsed=$((last - before)) used=$((cpu > cpu_before ? cpu - cpu_before : 0))
	used=$((used < elapsed ? used : elapsed)) elapsed=$((elapsed < 200 ? elapsed : 200))
	spent=$((spent + (wants || used > elapsed ? used : elapsed)))
}

# watch PID LIMIT: runs beside that process, calls progress each second, and ends it after LIMIT seconds of its time,
# with status 124
watch() {
	local pid=$1 limit=$2
	local cpu=0 wants='' last=0 spent=0 looks=0 never

	exec {never}<> <(:)	# `read` from it sleeps with no process that could be left behind
	charge
	spent=0
	while [[ $spent -lt $((limit * 100)) ]]; do
		read -r -t 1 -u "$never" || :
		(( looks++ % 5 )) || family "$pid"
		kill -0 "$pid" 2> /dev/null || exit 0
		charge
		progress
	done
	trap '' TERM	# it is told to go when the process has ended
	kill "$pid" 2> /dev/null || :
	exit 124
}
