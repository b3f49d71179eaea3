# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced after tap.sh by tests that end what they have started. All their processes carry a mark. By this mark the
# processes that are left are found, even if they have another parent now.
# shellcheck disable=SC2154 # tap.sh sets work

export BOOTEXITS_TEST_MARK=$work

# alive: list the processes that are left
alive() {
	local environ pid

	for environ in /proc/[0-9]*/environ; do
		pid=${environ//[!0-9]/}
		[[ $pid -eq $$ || $pid -eq $BASHPID ]] || ! grep -qzsxF "BOOTEXITS_TEST_MARK=$work" "$environ" || echo "$pid"
	done
}

# none_left: all have ended within five minutes
none_left() {
	local until=$((SECONDS + 300))

	while [[ -n $(alive) ]]; do
		[[ $SECONDS -lt $until ]] || { ps -o pid,args -p "$(alive | paste -sd,)"; return 1; }
		sleep 0.1
	done
}
