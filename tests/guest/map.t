#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/guest/map.t
#
# The loader's memory map reaches Linux whole, or it is refused. This is tested in a program (tests/unit/memory.c), and
# in a boot whose loader has more ranges (tests/unit/split.h) than Linux's boot parameters hold. The boot runs in plain
# TCG, where the payload is given a tracer (tests/guest/lines/tracer.h).
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/plain.sh"
. scripts/common.sh

diagnose() {
	[[ ! -s $work/serial ]] || grep -aE '^bx |RAM map|panic' "$work/serial"
}

flags=(-g -O1 -std=gnu11 -Wall -Wextra -Werror -Wno-int-to-pointer-cast -Wno-pointer-to-int-cast -no-pie -fno-pie
	-fsanitize=undefined -fno-sanitize-recover=all -I.)
unit() {
	gcc "${flags[@]}" -Dmemcpy=lib_memcpy -Dmemset=lib_memset -c -o "$work/lib.o" payload/lib/lib.c &&
		gcc "${flags[@]}" -Wl,--defsym=image_start=0x100000,--defsym=memory_end=0x157345 -o "$work/unit" \
			tests/unit/memory.c payload/machine/memory.c payload/machine/bootinfo.c "$work/lib.o" -lcmocka &&
		limited 60 "$work/unit"
}
check "every range is passed on, or the map refused" unit

initrd() {
	mkdir "$work/root"
	gcc -Os -static -nostdlib -fno-stack-protector -o "$work/root/init" tests/l2/first.c &&
		pack_cpio "$work/root" > "$work/initrd"
}

# payload N: build one for plain TCG whose loader reports N bad pages
payload() {
	rm -f "$plain/payload/obj/machine/memory.o"
	plain_payload CFLAGS_memory="-DSPLIT=$1 -include $root/tests/unit/split.h"
}

boot() {	# the guest's output goes to $work/serial
	plain_boot -device isa-debug-exit,iobase=0xf4,iosize=4 -kernel "$plain/bootexits.elf" \
		-initrd "$vmlinuz $line,$work/initrd"
	status=$?
}

ranges() {	# MAP: print "START END TYPE" of each range that Linux prints of it
	tr -d '\r' < "$work/serial" | sed -nE "s/.*\] $1: \[mem 0x0*([0-9a-f]+)-0x0*([0-9a-f]+)\] (.*)/\1 \2 \3/p"
}

# expected N: print the ranges of N bad pages, with a page of RAM between each two
expected() {
	local i at

	for ((i = 0; i < $1; i++)); do
		at=$((0x6000000 + i * 0x2000))
		printf '%x %x unusable\n' $at $((at + 0xfff))
		[[ $i -eq $(($1 - 1)) ]] || printf '%x %x usable\n' $((at + 0x1000)) $((at + 0x1fff))
	done
}

vmlinuz=$O/kernel/$KVER/vmlinuz
check "Linux is fetched" lab/images/kernel.sh
check "there is an initrd" initrd

check "the payload builds, with 150 bad pages" payload 150
boot
check "the boot parameters hold fewer ranges" test "$(ranges BIOS-e820 | grep -c unusable | grep -x '1[012].')"
ranges extended | grep -A 298 '^6000000 ' | diff <(expected 150) - > "$work/differ"
check "Linux gets all bad pages, and the RAM between them" test ! -s "$work/differ"
check "and boots" grep -aq 'first: process 1' "$work/serial"

check "the payload builds, with 1,100 bad pages" payload 1100
boot
check "more than 1,024 ranges: refused in one line" grep -aq \
	' usage option="memory" msg="has more than 1024 ranges: boot Linux by itself"' "$work/serial"
check "the payload fails, status $status" test "$status" = 35

done_testing
