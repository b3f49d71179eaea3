# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced after tap.sh by tests that end what they have started: all of it carries a mark, by which what is
# left of it is found, whoever has become its parent.
# shellcheck disable=SC2154 # work is of tap.sh

export BOOTEXITS_TEST_MARK=$work

# alive: the processes that are left
alive() {
	local environ pid

	for environ in /proc/[0-9]*/environ; do
		pid=${environ//[!0-9]/}
		[[ $pid -eq $$ || $pid -eq $BASHPID ]] || ! grep -qzsxF "BOOTEXITS_TEST_MARK=$work" "$environ" || echo "$pid"
	done
}

# none_left: there is none within five minutes
none_left() {
	local until=$((SECONDS + 300))

	while [[ -n $(alive) ]]; do
		[[ $SECONDS -lt $until ]] || { ps -o pid,args -p "$(alive | paste -sd,)"; return 1; }
		sleep 0.1
	done
}
