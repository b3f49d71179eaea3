#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/lab/linux.t           O=DIRECTORY: where the parts were built (default build)
#
# The payload boots Linux: L1's kernel and 6.12, on one vCPU, and with an observer on the last of two, three and four.
# Each boot is traced to its login prompt. The totals equal the host's. The observer leaves no gap. Linux finds the
# machine as it does without the payload, except for the memory and the vCPU that the payload keeps.
# Exit status: 0 all passed, 1 some failed.
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. scripts/common.sh
. "$(dirname "$0")/../lib/boots.sh"

diagnose() { :; }
check "the small guest is built" lab/images/guest-image.sh
check "a kernel 6.12 is fetched" env "${kernel_6_12[@]}" lab/images/kernel.sh
telling_initrd "$work/initrd"
cp "$O/kernel/6.12/vmlinuz" "$work/vmlinuz-6.12"
lab linux -p -e console_port="$(contract PORT_CONSOLE)" -e runs="plain one two three four" \
	"$root/tests/l1/linux-matrix.sh" "$O/bootexits.elf" "$O/lab/$KVER/vmlinuz" "$work/vmlinuz-6.12" "$work/initrd"

traced one
traced two
traced three
traced four
check "one vCPU: COM1 says why there is no observer" grep -q ' msg="one vCPU: no observer, marks only" ' <(records one alone)
check "with an observer, COM1 is Linux's alone" test -z "$(records two)$(records three)$(records four)"
observed two 1
observed three 2
observed four 3

for run in plain:1 one:1 two:1 three:2 four:3; do
	cpus=$(said "${run%:*}" cpus)
	check "${run%:*}: Linux has ${run#*:} CPUs ($cpus)" test "$cpus" = "${run#*:}"
done
check "three: it is a 6.12" grep -q '^6\.12\.' <(said three release)

# Of the CPU that it must not use, Linux says exactly what docs/abi.md has.
if [[ $(said two release) == 6.1.* ]]; then
	lines=3 allowed='^(APIC: NR_CPUS/possible_cpus limit of 1 reached\. Processor [12]/0x1 ignored\.|smpboot: 2 Processors exceeds NR_CPUS limit of 1)$'
else
	lines=1 allowed='^CPU topo: CPU limit of 1 reached\. Ignoring further CPUs$'
fi
said plain warning > "$work/plain"
check "without the payload Linux warns of something: the comparison works" test -s "$work/plain"
said one warning | diff "$work/plain" - > "$work/one"
check "one: the same warnings as without the payload" test ! -s "$work/one"
said two warning | grep -vE "$allowed" | diff "$work/plain" - > "$work/two"
check "two: the same, except for $lines about the observer's CPU" test ! -s "$work/two" -a \
	"$(said two warning | grep -cE "$allowed")" = $lines

# The payload lies from 1 MiB on; Linux joins the range with the ROMs' below it.
end=$(nm "$O/payload/obj/bootexits.elf" | awk '$3 == "memory_end" { print $1 }')
end=$(((0x$end + 4095) / 4096 * 4096))
said plain map | sed "s/0f0000-0x00000000000fffff/$(printf '0f0000-0x%016x' $((end - 1)))/
	s/0x0000000000100000-/$(printf '0x%016x-' $end)/" > "$work/map"
kib=$(((end - 0x100000) / 1024))
for run in one two; do
	check "$run: the map has only the payload's $kib KiB less" diff "$work/map" <(said $run map)
	less=$(($(said plain total | tr -dc 0-9) - $(said $run total | tr -dc 0-9)))
	check "$run: so does the memory ($less KiB less)" test "$less" = "$kib"
done

done_testing
