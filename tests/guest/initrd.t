#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# usage: prove tests/guest/initrd.t
#        LAYOUTS=all prove tests/guest/initrd.t
#
# If Linux takes an initrd alone, it takes it with the payload, too. Each format is tried alone, after early files that
# are not compressed, several together, padded, and with bytes after it that are no archive. Without LAYOUTS=all, four
# layouts are tried, each in one format, by -kernel. With LAYOUTS=all, all combinations are tried, also by GRUB's ISO,
# and with the command line in fw_cfg, and so are three archives of no such form. The boots run in plain TCG, where
# the payload is given a tracer (tests/guest/lines/tracer.h).
set -uo pipefail
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/plain.sh"

formats=(plain gzip bzip2 lzma xz lzo lz4 zstd)
layouts=(alone early several padded trailing)

diagnose() {	# print the guest's output, without the kernel's first lines
	[[ ! -s $work/serial ]] || grep -aE 'bx |[Ii]nitr|Run |first|junk|panic|ACPI table' "$work/serial"
}

# squeezed FORMAT: compress standard input, as the kernel's own usr/Makefile does
squeezed() {
	case $1 in
	plain)	cat ;;
	gzip)	gzip -9n ;;
	bzip2)	bzip2 -9 ;;
	lzma)	xz --format=lzma -9 ;;
	xz)	xz --check=crc32 --lzma2=dict=1MiB ;;
	lzo)	lzop -9 ;;
	lz4)	lz4 -l -9 ;;
	zstd)	zstd -q -19 ;;
	esac
}

archive() {	# DIR: print an archive of it
	(cd "$1" && find . -mindepth 1 | sort | cpio --quiet --reproducible -H newc -o)
}

# A table that is only a header (ACPI 6.4, section 5.2.6), after something as long as microcode
make_early() {
	local dir=$work/early/kernel

	mkdir -p "$dir/firmware/acpi" "$dir/x86/microcode"
	head -c 30001 /dev/zero | tr '\0' M > "$dir/x86/microcode/AuthenticAMD.bin"
	perl -e '
		my $table = pack "a4 V C C a6 a8 V a4 V", "SSDT", 36, 2, 0, "BOOTEX", "EARLY", 1, "TEST", 1;
		substr($table, 9, 1) = chr(-unpack("%8C*", $table) & 255);
		print $table' > "$dir/firmware/acpi/early.aml"
	archive "$work/early" > "$work/early.cpio"
}

make_parts() {	# part one has the init and /1, part two has /2; each is made in all formats
	local format

	mkdir "$work/one" "$work/two"
	gcc -Os -static -nostdlib -fno-stack-protector -o "$work/one/init" tests/l2/first.c || return
	strip "$work/one/init"
	printf one- > "$work/one/1"
	printf two- > "$work/two/2"
	for format in "${formats[@]}"; do
		archive "$work/one" | squeezed "$format" > "$work/one.$format" || return
		archive "$work/two" | squeezed "$format" > "$work/two.$format" || return
	done
}

# boot WAY: boot Linux with $work/initrd, with the payload or alone; its output goes to $work/serial
boot() {
	local -a how=(-kernel "$plain/bootexits.elf" -initrd "$vmlinuz $line,$work/initrd")

	case $1 in
	alone)	how=(-kernel "$vmlinuz" -initrd "$work/initrd" -append "$line") ;;
	fw_cfg)	how=(-kernel "$plain/bootexits.elf" -initrd "$vmlinuz,$work/initrd"
			-fw_cfg "name=opt/org.bootexits/cmdline,string=$line") ;;
	iso)	KERNEL=$vmlinuz INITRD=$work/initrd CMDLINE=$line make -s -C iso linux O="$plain" NAME=initrd > /dev/null || return
		how=(-cdrom "$plain/initrd.iso") ;;
	esac
	plain_boot "${how[@]}"
}

said() {	# print what Linux says of its initrd, and what the user's init prints
	grep -aoE 'first: .*|ACPI table found .*|[Ii]nitramfs unpacking failed.*|[^]]*junk.*' "$work/serial" | tr -d '\r'
}

# boots NAME FILES [SAYS]: in all $ways bootexits-init runs, then the user's init, which finds these files
boots() {
	local way

	for way in $ways; do
		boot "$way"
		grep -aq 'Run /bootexits/init as init' "$work/serial" &&
			[[ $(said) == "${3+$3$'\n'}first: process 1, files $2" ]]
		ok $? "$1, by $way"
	done
}

found='ACPI table found in initrd [kernel/firmware/acpi/early.aml][0x24]'
invalid='Initramfs unpacking failed: invalid magic at start of compressed archive'

try() {	# FORMAT LAYOUT
	local one=$work/one.$1 two=$work/two.$1 failed=$invalid

	case $2 in
	alone)	cat "$one" ;;
	early)	cat "$work/early.cpio" "$one" ;;
	several) cat "$one" "$two" ;;
	padded)	cat "$one"; head -c 1027 /dev/zero ;;
	trailing) cat "$one"; printf 'SIGNATURE-BLOCK-0123456789' ;;
	esac > "$work/initrd"
	# Linux takes the bytes after a chunk of lz4 for the size of the next.
	[[ $1 != lz4 ]] || failed='Initramfs unpacking failed: Decoding failed'
	case $2 in
	early)	boots "$1, $2" one- "$found" ;;
	several) boots "$1, $2" one-two- ;;
	trailing) boots "$1, $2" one- "$failed" ;;
	*)	boots "$1, $2" one- ;;
	esac
}

vmlinuz=$O/kernel/$KVER/vmlinuz
check "Linux is fetched" lab/images/kernel.sh
check "the payload builds, with a tracer for plain TCG" plain_payload
check "our archive ends where another may begin" test $(($(stat -c %s "$plain/payload/init/init.cpio") % 4)) -eq 0
check "there is an initrd of each format" make_parts
make_early

ways=kernel
[[ ${LAYOUTS-} != all ]] || ways="kernel iso fw_cfg"
for format in "${formats[@]}"; do
	for layout in "${layouts[@]}"; do
		case ${LAYOUTS-}$format-$layout in
		all*|lz4-early|plain-several|zstd-padded|gzip-trailing) try "$format" "$layout" ;;
		esac
	done
done

[[ ${LAYOUTS-} == all ]] || { done_testing; exit; }
ways=kernel
# No row above has this: Linux takes an archive that is not compressed only at a multiple of four.
{ cat "$work/early.cpio" "$work/one.zstd"; } > "$work/initrd"
truncate -s %4 "$work/initrd"
cat "$work/two.plain" >> "$work/initrd"
boots "early files, zstd, plain" one-two- "$found"
said > "$work/behind"
boot alone
check "as without the payload" diff "$work/behind" <(said)

{ head -c 3 /dev/zero; cat "$work/one.gzip"; } > "$work/initrd"
boots "three zeros, gzip" one-
said > "$work/behind"
boot alone
check "as without the payload" diff "$work/behind" <(said)

ln "$work/one/1" "$work/one/3"
archive "$work/one" > "$work/initrd"
boots "hard links" one-one-

done_testing
