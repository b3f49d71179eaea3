#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/run-debian.t
#
# `make run-debian`, twice. A whole Debian with systemd boots from a disk, and is traced to its login prompt. The second
# run counts the same to the unit. The disk's image does not change.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

most=300	# seconds of CPU time

run() {	# NAME: run into $O/NAME
	local before

	before=$(cpu_seconds)
	make run-debian RUN="$1" O="$O" > "$work/$1" 2>&1
	local status=$?
	took=$(($(cpu_seconds) - before))
	tail -n 40 "$work/$1"
	return "$status"
}

check "the image is built" make debian O="$O"
sum=$(sha256sum < "$O/debian/disk.img")
check "make run-debian passes" run run-debian
check "in at most $most seconds of CPU time (here $took)" test "$took" -le $most
for phase in firmware bootloader payload kernel initramfs userspace total; do
	check "the table has a row for $phase" grep -Eq "^$phase +[0-9,.]+ +[0-9,]+ +[0-9.]+%" "$work/run-debian"
done
check "the guest's count is the host's, to the unit" grep -q ': equal to the unit$' "$work/run-debian"
check "the console shows a login prompt" grep -q '"console":"serial".*login: ' "$O/run-debian.trace"

check "and again" run run-debian-again
check "the second run's trace is the first's, byte for byte" \
	cmp "$O/run-debian.trace" "$O/run-debian-again.trace"
check "the disk's image is as it was" test "$sum" = "$(sha256sum < "$O/debian/disk.img")"

done_testing
