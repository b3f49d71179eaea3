#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/absent.t
#
# Without a tracer the payload prints no numbers. It skips under stock KVM, and under ours with exit_trace off. While
# exit_trace is off, our KVM answers each leaf as stock KVM does.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

lab absent "$root/tests/l1/absent.sh" "$O/bootexits.elf"

no_number() {	# RUN: it has none of the records that carry counts
	! records "$1" | grep -E ' (first|sample|phase|reason|calibrate|host) '
}

for run in stock stock-qemu64 stock-intel off off-qemu64 off-intel; do
	check "$run: the payload skips with status 4" test "$(verdict "$run")" = 4
	check "$run: it says why, in one line" test "$(records "$run" skip | wc -l)" = 1
	check "$run: it prints no number" no_number "$run"
done

for cpu in '' -qemu64 -intel; do
	stock=$(value "stock$cpu-fuzz" fuzz digest)
	check "off$cpu: 20,000 random leaves get stock's answers ($stock)" \
		test -n "$stock" -a "$(value "off$cpu-fuzz" fuzz digest)" = "$stock"
done

done_testing
