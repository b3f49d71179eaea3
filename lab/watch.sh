# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # what qemu.sh sets
# The limits of a run, in time that the emulator has had. qemu.sh sources this file, which uses qemu.sh's functions.
#
# A second counts if the emulator computed in it, or slept through it. It does not count if a thread only waited for a
# CPU or a disk, so a busy machine ends no run. No limit is reached sooner than in real time.
# All times are in hundredths of a second, as are Linux's clock ticks in /proc.

beat='host so far: '	# how a line of L1's init begins

set_logs() {	# sets logs[] to all files that command[] writes
	local word

	logs=()
	for word in "${command[@]}"; do
		word=${word//,,/$'\n'}
		[[ $word != file,id=*,path=* ]] || logs+=("$(tr '\n' , <<< "${word#*,path=}" | head -c -1)")
	done
}

say_hang() {	# WHERE: prints the last beat, too
	local last

	last=$(grep -ahs "^$beat" "${logs[@]}" | tail -n 1 | tr -d '\r')
	say "the guest hangs: in $window s of CPU time L1 got less than 3 s further, to ${last#"$beat"};" \
		"the usual cause is a fault of the emulator: see docs/failures.md#hangs$1"
}

# family PID: sets family[] to that process and its descendants, because Bochs runs within `script'
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

# measure: sets cpu to the CPU time of family[] so far. Sets wants if one of their threads wants a CPU or a disk
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

# charge: adds the time since the last call to computed and to spent. A watcher that is late has seen only the end of a
# sleep, so it counts two seconds of it at most.
charge() {
	local now before=$last cpu_before=$cpu elapsed used

	read -r now _ < /proc/uptime
	last=$((10#${now/./}))
	measure
	elapsed=$((last - before)) used=$((cpu > cpu_before ? cpu - cpu_before : 0))
	used=$((used < elapsed ? used : elapsed)) elapsed=$((elapsed < 200 ? elapsed : 200))
	computed=$((computed + used))
	spent=$((spent + (wants || used > elapsed ? used : elapsed)))
}

# stands_still WINDOW LOG...: true if fewer than three of L1's beats came in the last WINDOW seconds of CPU time. A beat
# comes in each second of L1's time. A guest that hangs still gets on a little if it has several vCPUs: vCPUs that wait
# for a lock halt at last, and the observer's vCPU polls.
stands_still() {
	local window=$1 beats

	shift
	beats=$(cat "$@" 2> /dev/null | grep -ac "^$beat" || :)
	[[ $beats -gt 0 ]] || return
	looked_at+=("$computed") seen+=("$beats")
	while [[ ${#seen[@]} -gt 1 && $((computed - looked_at[1])) -ge $((window * 100)) ]]; do
		looked_at=("${looked_at[@]:1}") seen=("${seen[@]:1}")
	done
	(( computed - looked_at[0] >= window * 100 && beats - seen[0] < 3 ))
}

# watch PID LIMIT WINDOW LOG...: runs beside that process, and calls progress each second. After LIMIT seconds of the
# process's time it ends it, with status 124. If the process stands still, the status is 125. WINDOW 0: it never does
watch() {
	local pid=$1 limit=$2 window=$3
	local cpu=0 wants='' last=0 computed=0 spent=0 looks=0 why=0 never looked_at=() seen=()

	shift 3
	exec {never}<> <(:)	# `read` from it sleeps, with no process that could stay when we end
	charge
	computed=0 spent=0
	while [[ $why -eq 0 ]]; do
		read -r -t 1 -u "$never" || :
		(( looks++ % 5 )) || family "$pid"
		kill -0 "$pid" 2> /dev/null || exit 0
		charge
		progress
		[[ $spent -lt $((limit * 100)) ]] || why=124
		[[ $window -eq 0 ]] || ! stands_still "$window" "$@" || why=125
	done
	trap '' TERM	# qemu.sh sends it as soon as the process has ended
	kill "$pid" 2> /dev/null || :
	exit "$why"
}
