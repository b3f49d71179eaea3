# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # what qemu.sh sets
# The limits of a run, in time that the emulator has had: sourced by qemu.sh, whose functions it uses.
#
# A second counts if the emulator computed in it, or slept through it. It does not count if a thread only waited for a
# CPU or a disk, so a busy machine ends no run. A limit is never reached sooner than on the wall's clock.
# All times are hundredths of a second, which Linux's clock ticks in /proc are, too.

beat='host so far: '	# L1's, of l1.sh

set_logs() {	# logs[]: all files that command[] writes
	local word

	logs=()
	for word in "${command[@]}"; do
		word=${word//,,/$'\n'}
		[[ $word != file,id=*,path=* ]] || logs+=("$(tr '\n' , <<< "${word#*,path=}" | head -c -1)")
	done
}

say_hang() {	# WHERE: with what L1 said last
	local last

	last=$(grep -ahs "^$beat" "${logs[@]}" | tail -n 1 | tr -d '\r')
	say "the guest hangs: in $window s of CPU time L1 got less than 3 s further, to ${last#"$beat"};" \
		"by a fault of the emulator, as a rule (docs/limits.md)$1"
}

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

# charge: adds to computed and to spent what came since the last call. A watcher that comes late has seen only the end
# of a sleep, and counts two seconds of it at most.
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

# stands_still WINDOW LOG...: L1's beat, which comes in each second of its time, came less than three times in the last
# WINDOW seconds of CPU time. A guest with several vCPUs that hangs gets on a little: those that wait for a lock halt at
# last, and the observer's vCPU polls.
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

# watch PID LIMIT WINDOW LOG...: runs beside that process, calls progress each second, and ends it after LIMIT seconds
# of its time, with status 124, or 125 if it stands still; WINDOW 0: it never does
watch() {
	local pid=$1 limit=$2 window=$3
	local cpu=0 wants='' last=0 computed=0 spent=0 looks=0 why=0 never looked_at=() seen=()

	shift 3
	exec {never}<> <(:)	# `read` from it sleeps with no process that could be left behind
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
	trap '' TERM	# it is told to go when the process has ended
	kill "$pid" 2> /dev/null || :
	exit "$why"
}
