#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/tracer/policy.t
#
# Which VMs are traced, by the parameter and by each VM's switch, and which code of a guest gets answers. A guest can
# detect that its counters began again.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. tests/lib/vmm.sh

vmm_lab policy tests/l1/policy.sh "$O/bootexits.elf"
judged policy 40
judged policy-parameter 22
judged policy-level 26
judged policy-storm 5
judged policy-created 1

check "a VM that is switched on before it runs: it passes" test "$(verdict before)" = 0
check "from its start" test "$(value before host from_start)" = 1
exits=$(sed -n 's/^host sync=0 exits=\([0-9]*\) .*/\1/p' "$logs/host.log" | head -n 1)
check "all its exits are counted" test "$(($(value before phase total) + 1))" = "${exits:-none}"
check "nothing began again" test -z "$(records before restart)"
for run in again gone; do
	check "$run: switched while it runs, it fails" test "$(verdict $run)" = 1
done
later() {
	test "$(value again restart began)" -gt "$(value again host began)"
}
check "off and on: the guest notices that its counters began again, and when" later
check "off: the guest notices that its counters have gone" test "$(value gone restart began)" = 0
for text in "began again" disappeared; do
	check "$text: the tool says so" grep -q "restart: the counters $text " <("$O/bootexits" check "$logs/serial.log")
done

done_testing
