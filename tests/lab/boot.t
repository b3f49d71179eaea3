#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/boot.t
#
# `make run`, twice. The guest's counts equal the host's, in total and reason by reason. The second run writes the same
# bytes as the first.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

lab boot -e hist=1 boot "$O/bootexits.iso"
first=$logs
agrees serial.log firmware bootloader payload
check "each reason equals the kvm_exit histogram's" grep -Eq 'reasons: all [0-9]+ equal$' "$report"
check "the statistics file has the same numbers" \
	grep -Eq '^host sync=[0-9]+ exits=([0-9]+) exits_fd=\1$' "$first/host.log"

# The three parameters that tests/tracer/sites.t sets are off here.
check "KVM keeps no sites, latencies and pages" \
	test -z "$(grep -aE '^bx [0-9]+ (site |latency |lost |calibrate what=page )' "$first/serial.log")"
check "the features say that, too" grep -aqE '^bx [0-9]+ host .* features=31 ' "$first/serial.log"

lab boot-again -e hist=1 boot "$O/bootexits.iso"
for log in console serial host; do
	check "the second run's $log.log is the first's, byte for byte" cmp "$first/$log.log" "$logs/$log.log"
done

done_testing
