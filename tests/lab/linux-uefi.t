#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/linux-uefi.t  O=DIRECTORY: where the parts were built (default build)
#
# The same as tests/lab/linux.t with UEFI, in some three minutes: OVMF, GRUB, the payload with its observer, and a Linux
# that finds ACPI's tables where the payload says.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. scripts/common.sh
. "$(dirname "$0")/../lib/boots.sh"

check "the small guest is built" lab/images/guest-image.sh
telling_initrd "$work/initrd"
check "an ISO with Linux is made" make -s -C iso linux O="$O" NAME=linux-uefi KERNEL="$O/lab/$KVER/vmlinuz" \
	INITRD="$work/initrd" CMDLINE="console=ttyS0 quiet nokaslr noxsave printk.time=0 printk.devkmsg=on"
lab linux-uefi -p -t 600 -e console_port="$(contract PORT_CONSOLE)" -e runs=uefi \
	"$root/tests/l1/linux-matrix.sh" "$O/linux-uefi.iso"
rm -f "$O/linux-uefi.iso"

traced uefi
observed uefi 1
check "GRUB marked the firmware's end" grep -q ' phase .* name=firmware ' "$(log_of uefi)"
check "Linux has one CPU" test "$(said uefi cpus)" = 1
check "it warns of the observer's CPU, so it has ACPI's tables" grep -q 'Processor 1/0x1 ignored' <(said uefi warning)

done_testing
