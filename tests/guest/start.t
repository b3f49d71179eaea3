#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/guest/start.t
#
# The payload starts in all of its ways: from GRUB under SeaBIOS and OVMF, from -kernel on pc, by multiboot1 and by PVH
# on microvm, and as the ROM. Each log is consistent.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"

lab start "$root/tests/l1/start.sh" "$O"/bootexits{.iso,.elf,-pvh.elf,.rom}

starts() {	# RUN KIND: it passes, and was started in this way
	check "$1: passes" test "$(verdict "$1")" = 0
	check "$1: started by $2" grep -q " start=$2 " <(records "$1" hello)
}

starts iso-seabios multiboot2
starts iso-ovmf multiboot2
starts kernel-pc multiboot1
starts kernel-microvm multiboot1
starts pvh-microvm pvh
starts pvh-qboot pvh
starts rom rom
check "every record of every run is right" "$O/bootexits" check "$logs/serial.log"

for run in iso-seabios iso-ovmf; do
	check "$run: GRUB marked the firmware's end" grep -q ' name=firmware ' <(records "$run" phase)
done
first=$(value rom first total)
check "ROM: the guest's first instructions are exits 1 to ${first:-?}" test "${first:-9}" -le 3

done_testing
